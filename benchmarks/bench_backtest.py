"""Replaying a rule on past matches, against penaltyblog's and sports-betting's backtests.

    python -m monps.embedded -- python -m benchmarks.bench_backtest [--files FOLDER]

The rule all three can express is Buchdahl's: of each match the outcome for which the best price
times the fair probability is greatest, if that is above 1. Kaunitz' cannot be told to
sports-betting: it normalises probabilities, so that the offset cancels. The limit is on the whole
rule, from odds as offered to settled bets; sports-betting has no devig of its own and is given
penaltyblog's. A second pair of rows hands the peers the fair probabilities, which leaves them a
comparison and a sum. sports-betting tests five sixths of its matches (its folds train on the rest)
and is counted by those; of two outcomes with exactly the same edge it takes the last, the others
the first.

Matches are generated; with FOLDER, football-data.co.uk's files are imported and used as well. Runs
are interleaved and the quietest counts. Peers, and our agents that learn, get the first matches
only.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import django
import numpy as np

django.setup()

from django.core.management import call_command

from benchmarks.backtest_peers import (
    FairBettor,
    SharpBettor,
    Table,
    penaltyblog,
    sports_betting,
    table_of,
)
from benchmarks.generated_history import first_matches, generate
from benchmarks.tables import print_table
from odds.fair_prices import Floats
from odds.football_data.leagues import DIVISIONS
from strategies.proofs import buchdahl
from strategies.proofs.prices import only
from strategies.proofs.replaying import Trial, profits, settled_bets
from strategies.registry import AGENTS, Agent
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import BEFORE_CLOSE, decide
from strategies.replay.history import History
from strategies.replay.outcomes import shares_won
from strategies.replay.reading import read_history
from strategies.replay.states import Series

LIMIT = 10.0  # times the faster peer
TARGET = 100_000  # matches a second
LONG_SECONDS = 10.0  # what takes longer is run once
SINCE, UNTIL = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def main() -> int:
    """Print the tables; 1 when the limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--matches", type=int, default=60_000, help="generated")
    parser.add_argument("--peer-matches", type=int, default=10_000, help="of these, for the peers")
    parser.add_argument("--learner-matches", type=int, default=500, help="for agents that learn")
    parser.add_argument("--rounds", type=int, default=3, help="of which the quietest counts")
    recorded = Path(__file__).resolve().parents[2] / "shared" / "data" / "football-data"
    parser.add_argument("--files", type=Path, default=recorded, help="football-data.co.uk's")
    given = parser.parse_args()
    kept = [compare("generated matches", generate(given.matches), given)]
    if any(given.files.glob("[0-9]*_*.csv.gz")):
        kept.append(compare("football-data.co.uk", imported(given.files), given))
    else:
        print(f"\nSkipped: {given.files} holds no files of football-data.co.uk.")
    return 0 if all(kept) else 1


def compare(title: str, history: History, given: argparse.Namespace) -> bool:
    """Ours beside the peers on the same matches and rule, then every shipped agent."""
    seen = only(history, buchdahl.SHOWN, buchdahl.MOMENT)
    trial, few = buchdahl.trial(0.0), table_of(history).first(given.peer_matches)
    tested = 5 * (len(few.won) // 6)  # by sports-betting
    contenders = [
        Contender("ours: devig, decide, settle", len(history.matches), lambda: ours(trial, seen)),
        Contender("penaltyblog: the same", len(few.won), lambda: penaltyblog(few, few.sharp)),
        Contender("sports-betting: the same", tested, lambda: sports_betting(SharpBettor, few)),
        Contender(
            "ours, with closing lines graded",
            len(history.matches),
            lambda: graded(trial, seen, history),
        ),
        Contender("penaltyblog, handed fair", len(few.won), lambda: penaltyblog(few, None)),
        Contender("sports-betting, handed fair", tested, lambda: sports_betting(FairBettor, few)),
    ]
    speeds, came = race(contenders, given.rounds)
    returns = our_returns(trial, seen, few)
    rows = []
    for one, speed, theirs in zip(contenders, speeds, came, strict=True):
        own = returns[len(returns) - one.matches :] if one.matches == tested else returns
        rows.append([*_cells(one, speed, speeds[0]), _both(theirs, own, one)])
    print_table(
        f"Backtest of one rule, {title} (limit: {LIMIT:.0f} x the faster peer)",
        ["", "matches", "matches a second", "ours is", "bets, units won; ours on the same"],
        rows,
    )
    every_agent(title, history, given)
    return speeds[0] >= LIMIT * max(speeds[1:3])


@dataclass(frozen=True, slots=True)
class Contender:
    """A name, how many matches it judges, and how it is run: bets and units won."""

    name: str
    matches: int
    run: Callable[[], tuple[int, float]]


def race(contenders: list[Contender], rounds: int) -> tuple[list[float], list[tuple[int, float]]]:
    """Matches a second of each in its quietest round, and what it came to."""
    taken: list[list[float]] = [[] for _ in contenders]
    came: list[tuple[int, float]] = []
    for _ in range(rounds):
        came = []
        for one, times in zip(contenders, taken, strict=True):
            result, elapsed = timed(one.run)
            times.append(elapsed)
            came.append(result)
    return [one.matches / min(t) for one, t in zip(contenders, taken, strict=True)], came


def _cells(one: Contender, speed: float, ours_speed: float) -> list[str]:
    ratio = "" if one.name.startswith("ours") else f"{ours_speed / speed:,.1f} x"
    return [one.name, f"{one.matches:,}", f"{speed:,.0f}", ratio]


def _both(theirs: tuple[int, float], own: Floats, one: Contender) -> str:
    said = f"{theirs[0]:,} {theirs[1]:+.2f}"
    if one.name.startswith("ours"):
        return said
    return f"{said}; {np.count_nonzero(own):,} {own.sum():+.2f}"


def ours(trial: Trial, seen: History) -> tuple[int, float]:
    """Devig, decide and settle."""
    bets = settled_bets(trial, seen)
    return len(bets), float(profits(bets, seen).sum())


def graded(trial: Trial, seen: History, history: History) -> tuple[int, float]:
    """The same, and every bet held against its closing line."""
    bets = settled_bets(trial, seen)
    fair_clv(bets, closing_of(bets, history), bets.net_odds)
    return len(bets), float(profits(bets, seen).sum())


def our_returns(trial: Trial, seen: History, few: Table) -> Floats:
    """What each of the first matches brought us, 0 where no bet was made."""
    bets = settled_bets(trial, seen)
    returns = np.zeros(len(seen.matches))
    returns[bets.match] = profits(bets, seen)
    return returns[: len(few.won)]


def every_agent(title: str, history: History, given: argparse.Namespace) -> None:
    """Each shipped agent that takes part in replays alone, on all prices of the match winner."""
    few = first_matches(history, given.learner_matches)
    rows = []
    for key, agent in AGENTS.items():
        if agent.combines:
            continue
        own = few if agent.learns else history
        best = min(_repeated(partial(whole, agent, own), given.rounds))
        rate = len(own.matches) / best
        kept = "reached" if rate >= TARGET else "missed"
        rows.append([key, f"{len(own.matches):,}", f"{best:.2f}", f"{rate:,.0f}", kept])
    head = ["agent", "matches", "seconds", "matches a second", f"target {TARGET:,}"]
    print_table(f"Every agent as shipped: {title}, {len(history.quotes):,} quotes", head, rows)


def _repeated(work: Callable[[], None], rounds: int) -> list[float]:
    """Seconds of each round; one round where it takes long."""
    taken = [timed(work)[1]]
    if taken[0] < LONG_SECONDS:
        taken += [timed(work)[1] for _ in range(rounds - 1)]
    return taken


def whole(agent: Agent, history: History) -> None:
    """Decide at every look, settle, grade."""
    series = Series.of(history.quotes, len(history.matches))
    made = decide(agent, agent.parameters(), history, window=BEFORE_CLOSE, series=series)
    shares_won(made, history)
    fair_clv(made, closing_of(made, history, series), made.net_odds)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gave and the seconds it took."""
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def imported(folder: Path) -> History:
    """All match winners of the files, and how fast they were read from the database."""
    call_command("migrate", verbosity=0)
    call_command("import_football_data", str(folder), stdout=sys.stderr)
    keys = sorted(one.sport_key for one in DIVISIONS.values())
    rows = []
    for markets in (["h2h"], ["h2h", "totals", "spreads"]):
        history, elapsed = timed(
            lambda markets=markets: read_history(keys, since=SINCE, until=UNTIL, markets=markets)
        )
        quotes = len(history.quotes)
        rows.append(
            [", ".join(markets), f"{quotes:,}", f"{elapsed:.1f}", f"{quotes / elapsed:,.0f}"]
        )
    print_table(
        "Reading history into arrays", ["markets", "quotes", "seconds", "quotes a second"], rows
    )
    return read_history(keys, since=SINCE, until=UNTIL, markets=["h2h"])


if __name__ == "__main__":
    sys.exit(main())
