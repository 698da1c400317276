"""The options of the simulator's command line, shared with the Django command."""

import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, current_thread, main_thread

from odds.simulator.clock import Clock, timestamp_of
from odds.simulator.faults import NAMES, Fault
from odds.simulator.replay import Recording, ReplaySource
from odds.simulator.server import build_server
from odds.simulator.sources import DEFAULT_ANCHOR, SimulatedSource, Source

DEFAULT_PORT = 8765
DEFAULT_SPEED = 60.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare every option."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0: any free one")
    parser.add_argument(
        "--speed", type=float, default=DEFAULT_SPEED, help="simulated seconds per real second"
    )
    parser.add_argument("--quota", type=int, default=500, help="credits a month, 0: no limit")
    parser.add_argument(
        "--key", action="append", default=[], help="API key to accept (repeatable); default: any"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:SPORT[:TIMES]]",
        help=f"switch a fault on (repeatable): {', '.join(NAMES)}",
    )
    _add_source_arguments(parser)


def _add_source_arguments(parser: ArgumentParser) -> None:
    market = parser.add_argument_group("simulated market")
    market.add_argument("--seed", type=int, default=1, help="same seed, same market")
    market.add_argument(
        "--anchor",
        default=DEFAULT_ANCHOR.isoformat(),
        help="instant (ISO) at which simulated and real time meet",
    )
    replay = parser.add_argument_group("replay")
    replay.add_argument("--replay", type=Path, metavar="FOLDER", help="serve recorded answers")
    replay.add_argument("--start", help="recorded instant (ISO) to begin at; default: the first")
    replay.add_argument(
        "--recorded-format",
        choices=["decimal", "american"],
        default="decimal",
        help="how the recording writes prices",
    )


def run(options: Namespace, announce: Callable[[str], object]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` gets the URL once calls are answered.

    Raises:
        ValueError: An option makes no sense.
        OSError: The address is taken, or the recording cannot be read.
    """
    server = build_server(
        _source(options, started_at=time.time()),
        host=options.host,
        port=options.port,
        quota=options.quota,
        keys=options.key,
        faults=[Fault.parsed(text) for text in options.fault],
    )
    asked_to_stop = Event()
    if current_thread() is main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked_to_stop.set())
    with server:
        announce(server.url)
        asked_to_stop.wait()


def _source(options: Namespace, *, started_at: float) -> Source:
    if options.replay is None:
        anchor = datetime.fromtimestamp(timestamp_of(options.anchor), UTC)
        return SimulatedSource(seed=options.seed, speed=options.speed, anchor=anchor)
    recording = Recording(options.replay)
    start = timestamp_of(options.start) if options.start else recording.first
    clock = Clock(speed=options.speed, started_at=started_at, simulated_start=start)
    return ReplaySource(recording, clock, options.recorded_format)
