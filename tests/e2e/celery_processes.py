"""Real processes of Celery on the tests' database and broker, ended by kill -9."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from django.db import connection

from monps.installation import ROOT

CELERY: Final = ("-m", "celery", "--app", "monps")


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own.

    Args:
        arguments: What follows `python`, such as `CELERY` and what it shall be.
        environment: What it is told beside what the tests were.
    """
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    own = {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | own | environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
