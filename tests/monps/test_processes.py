"""The commands of processes, run for real."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from monps import processes
from monps.installation import ROOT, free_port


@pytest.mark.e2e
def test_a_web_server_that_is_asked_to_stop_while_it_starts_ends():
    _python, *words = processes.web(host="127.0.0.1", port=free_port())
    server = subprocess.Popen([sys.executable, *words], cwd=ROOT, start_new_session=True)
    try:
        give_up_at = time.monotonic() + 30
        while not psutil.Process(server.pid).children():  # its worker, which hears no signal yet
            assert time.monotonic() < give_up_at
            time.sleep(0.01)

        server.terminate()

        assert server.wait(30) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
