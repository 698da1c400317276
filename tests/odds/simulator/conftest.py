"""A world, a clock that stands still, and real servers on free ports."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from odds.simulator.server import Server, build_server
from odds.simulator.sources import SimulatedSource
from odds.simulator.world import World

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 1, 17, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def world() -> World:
    """A world at the speed of the wall clock: simulated instants are what answers show."""
    return World(11, EPOCH)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers; the market stands still on a Saturday at noon unless told otherwise."""
    with ExitStack() as running:

        def start(source: Any = None, **options: Any) -> Server:
            source = source or SimulatedSource(seed=11, speed=1, anchor=EPOCH)
            options.setdefault("now", SATURDAY_NOON.timestamp)
            return running.enter_context(build_server(source, **options))

        yield start
