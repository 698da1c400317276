"""One embedded PostgreSQL and one Valkey for the whole session, started before Django looks."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import hypothesis
import pytest
import requests
from django.conf import settings
from django.utils import translation
from pytest_httpserver import HTTPServer

from monps import embedded

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "monps.settings",
    "SECRET_KEY": "only-for-the-tests",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    # Playwright leaves an event loop in the thread of its tests and of those that follow.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
servers = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment that monps/settings.py reads; xdist's workers inherit it.

    Were DJANGO_SETTINGS_MODULE written in pyproject.toml, pytest-django would load the settings
    before this file is read, and there would be no servers yet.
    """
    # How long an example takes says more of the machine than of what is tested.
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        # Statistics gathered while a test has not committed what it stored would say that tables
        # are empty, and its queries would take minutes now and then.
        own = embedded.disposable_servers(autovacuum="off")
        for name, value in servers.enter_context(own).items():
            os.environ.setdefault(name, value)
    if "PYTEST_XDIST_WORKER" in os.environ:  # queues of its own, as it has a database of its own
        folder = servers.enter_context(tempfile.TemporaryDirectory(prefix="broker-"))
        broker = embedded.start_broker(Path(folder))
        servers.callback(broker.stop)
        os.environ["REDIS_URL"] = settings.REDIS_URL = broker.url
        # pytest-django has read the settings by now, as workers inherit where they are.
        socket = broker.url.removeprefix("unix://").partition("?")[0]
        settings.CELERY_BROKER_URL = f"redis+socket://{socket}"
    django.setup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The one that waits for minutes goes first, or all others would wait for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_live_market.py")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    servers.close()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are checked in the language they are written in; pages choose their own."""
    with translation.override("en"):
        yield


@pytest.fixture
def httpserver(httpserver: HTTPServer) -> Iterator[HTTPServer]:
    """One for all tests, and it answers one after the other: no answer is late for the next."""
    yield httpserver
    requests.get(httpserver.url_for("/"), timeout=60)
