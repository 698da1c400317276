"""Databases of the original on the session's server, and an installation to take them over."""

import pytest

from tests.monps.legacy.original import DDL, database


@pytest.fixture
def original():
    """An empty database of the original: its address."""
    with database() as dsn:
        yield dsn


@pytest.fixture
def bare():
    """A database without any table."""
    with database("bare", "SELECT 1") as dsn:
        yield dsn


@pytest.fixture
def prepared(db):
    """What `prepare` puts into a new installation; imported when Django is set up."""
    from odds.catalogue import seed
    from strategies.versions import install_shipped
    from tests.factories import NOON

    seed()
    install_shipped(now=NOON)


@pytest.fixture
def other_tables():
    """Makes an original with these tables besides those of odds."""

    def make(*statements):
        return database("other", "".join((DDL, *statements)))

    return make
