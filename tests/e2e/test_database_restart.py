"""A database that is stopped and started again under the web process: what people and programs see.

PostgreSQL is the test's own and really stops; the web process is granian and is never restarted.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from monps.binaries import find_postgres
from monps.embedded import Server, start_postgres
from tests.alerts.metrics.web import database_address, web_process

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]  # whose tables are copied

TOKEN = "shown by a program"
OWNER = """
INSERT INTO public.auth_user (username, password, is_superuser, is_staff, is_active, first_name,
                              last_name, email, date_joined)
VALUES ('owner', '{password}', true, true, true, '', '', '', now())
"""
IN_ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}
PAGES = ("/admin/", "/admin/betting/bet/", "/admin/analyses/", "/admin/login/")


class Database:
    """PostgreSQL in a folder of its own; it keeps its address when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Server = start_postgres(folder, durable=False)

    def start(self) -> None:
        self.server = start_postgres(self.folder, durable=False)

    def stop(self) -> None:
        self.server.stop()


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[Database]:
    """With the tables of the tests' database and one user."""
    tools = find_postgres(None).folder
    with tempfile.TemporaryDirectory(prefix="var-") as name:
        own = Database(Path(name))
        try:
            tables = subprocess.run(
                [tools / "pg_dump", "--schema-only", "--no-owner", plain(database_address())],
                check=True,
                capture_output=True,
            ).stdout
            password = PBKDF2PasswordHasher().encode("a secret", "salt", iterations=1)
            made = subprocess.run(
                [tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", plain(own.server.url)],
                input=tables + OWNER.format(password=password).encode(),
                check=False,
                capture_output=True,
            )
            assert made.returncode == 0, made.stderr.decode()
            yield own
        finally:
            own.stop()


@pytest.fixture(scope="module")
def site(database: Database) -> Iterator[str]:
    with web_process(
        DATABASE_URL=database.server.url, MONPS_ADMIN_USER="owner", MONPS_API_TOKEN=TOKEN
    ) as address:
        yield address


@pytest.fixture(scope="module")
def person(site: str) -> requests.Session:
    """Signed in by the form, as a person would be."""
    session = requests.Session()
    session.headers.update(IN_ENGLISH)
    session.get(f"{site}/admin/login/", timeout=60)
    answer = session.post(
        f"{site}/admin/login/?next=/admin/",
        {
            "username": "owner",
            "password": "a secret",
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        },
        timeout=60,
    )
    assert answer.status_code == 200
    assert "Overview" in answer.text
    return session


@pytest.fixture
def program() -> requests.Session:
    session = requests.Session()
    session.headers["Authorization"] = f"Token {TOKEN}"
    return session


def plain(address: str) -> str:
    """As PostgreSQL's own tools read it: a unix socket's folder is no host name to them."""
    host, _slash, name = address.removeprefix("postgres://postgres@/").rpartition("/")
    return address if "@/" not in address else f"host={host} user=postgres dbname={name}"


def workers() -> set[int]:
    """The processes that serve, below this one."""
    return {one.pid for one in psutil.Process().children(recursive=True) if is_granian(one)}


def is_granian(process: psutil.Process) -> bool:
    return "granian" in " ".join(process.cmdline())


def test_pages_and_programs_are_told_and_all_works_again_in_the_same_process(
    database: Database, site: str, person: requests.Session, program: requests.Session
) -> None:
    opportunities = f"{site}/opportunities/top"
    for _again in range(4):  # every thread of the server has a connection then
        assert program.get(opportunities, timeout=60).status_code == 200
        assert person.get(f"{site}/admin/", timeout=60).status_code == 200
    before = workers()

    database.stop()

    for path in PAGES:
        page = person.get(site + path, timeout=60)
        assert page.status_code == 503, path
        assert page.headers["Retry-After"] == "5"
        assert "The database does not answer right now" in page.text
        assert '<meta http-equiv="refresh" content="5">' in page.text
        assert "mp-failure" in page.text
        assert "Traceback" not in page.text
    sent = person.post(
        f"{site}/admin/login/", {"csrfmiddlewaretoken": person.cookies["csrftoken"]}, timeout=60
    )
    assert sent.status_code == 503
    assert "http-equiv" not in sent.text  # what was sent is not sent again by itself
    answer = program.get(opportunities, timeout=60)
    assert answer.status_code == 503
    assert answer.json() == {"detail": "The database does not answer; try again in a moment."}
    assert answer.headers["Retry-After"] == "5"
    assert requests.get(f"{site}/health", timeout=60).json()["checks"]["db"] == "unavailable"

    database.start()

    for path in PAGES[:-1]:
        page = person.get(site + path, timeout=60)
        assert page.status_code == 200, path
        assert "mp-failure" not in page.text
    for _again in range(4):
        assert program.get(opportunities, timeout=60).status_code == 200
    assert workers() == before != set()


def test_a_connection_that_was_lost_unseen_is_made_anew(
    database: Database, site: str, person: requests.Session
) -> None:
    """Restarted between two requests: no page is lost for it."""
    for _again in range(4):
        assert person.get(f"{site}/admin/", timeout=60).status_code == 200

    database.stop()
    database.start()

    for _again in range(4):
        assert person.get(f"{site}/admin/", timeout=60).status_code == 200
