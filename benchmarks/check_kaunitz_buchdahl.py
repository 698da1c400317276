"""Our replay of two published rules against a plain script and penaltyblog's backtest.

    python -m monps.embedded -- python -m benchmarks.check_kaunitz_buchdahl [FOLDER]

FOLDER holds football-data.co.uk's files as `<season>_<division>.csv.gz`. They are imported, unless
the database holds imported matches already, which must then be of the same files. The plain script
(`plain_rules`) reads the files itself. Bets must be the same in number, match, outcome and odds,
yields equal within 1e-9; 1 is returned where they are not.
"""

import argparse
import contextlib
import io
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import numpy as np

django.setup()

from django.core.management import call_command

from benchmarks.plain_rules import Bets, Floats, Row, buchdahl, kaunitz, prices, read_rows, results
from benchmarks.tables import print_table
from odds.football_data.leagues import DIVISIONS
from odds.models import Match
from strategies.proofs import buchdahl as our_buchdahl
from strategies.proofs import kaunitz as our_kaunitz
from strategies.proofs.prices import only
from strategies.proofs.replaying import Trial, profits, settled_bets
from strategies.replay.history import History
from strategies.replay.reading import read_history

CLOSE_ENOUGH = 1e-9
RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "football-data"
SINCE, UNTIL = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
BEFORE = {"max": ["Max", "BbMx"], "avg": ["Avg", "BbAv"], "sharp": ["PS", "P"]}
AT_CLOSE = {"max": ["MaxC"], "avg": ["AvgC"]}
ALPHA = np.full(3, 0.05)
OFFSETS = np.array([0.034, 0.057, 0.037])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: the same rule as ours, plainly, and what penaltyblog is told to do.

    `chances` is what the rule holds a chance to be, shape (n, 3); `least` what best x chance must
    be above.
    """

    name: str
    ours: Trial
    shown: tuple[str, ...]
    plain: Bets
    best: Floats
    chances: Floats
    least: float


def main() -> int:
    """Print the table; 1 when a row differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=RECORDED, help="of the files")
    folder = parser.parse_args().folder
    if not any(folder.glob("[0-9]*_*.csv.gz")):
        print(f"Skipped: {folder} holds no <season>_<division>.csv.gz of football-data.co.uk.")
        return 0
    call_command("migrate", verbosity=0)
    if not Match.objects.filter(provider_id__startswith="fd:").exists():
        call_command("import_football_data", str(folder), stdout=sys.stderr)
    return 1 if report(folder, with_peer=find_spec("penaltyblog") is not None) else 0


def report(folder: Path, *, with_peer: bool) -> int:
    """Compare every rule; returns how many differ."""
    rows = read_rows(folder)
    keys = sorted(DIVISIONS[code].sport_key for code in {row["Div"] for row in rows})
    history = read_history(keys, since=SINCE, until=UNTIL, markets=["h2h"])
    lines, differing = [], 0
    for rule in rules(rows):
        theirs = by_key_of_rows(rows, rule)
        ours, profit = our_bets(rule, history)
        apart = differences(theirs, ours)
        plain_yield, our_yield = rule.plain[2].mean(), profit.mean()
        differing += bool(apart) or abs(plain_yield - our_yield) > CLOSE_ENOUGH
        peer = penaltyblog_says(rule, rows) if with_peer else "–"
        lines.append(
            [
                rule.name,
                f"{len(profit):,}",
                f"{our_yield:+.6%}",
                f"{len(rule.plain[0]):,}",
                f"{plain_yield:+.6%}",
                f"{len(apart):,}",
                f"{abs(plain_yield - our_yield):.1e}",
                peer,
            ]
        )
        for key in apart[:5]:
            print(f"{rule.name}: {key} plain {theirs.get(key)}, ours {ours.get(key)}")
    head = ["rule", "ours: bets", "yield", "plain: bets", "yield", "bets apart", "yields apart"]
    print_table(
        f"Published rules on {len(rows):,} matches with a result", [*head, "penaltyblog"], lines
    )
    return differing


def rules(rows: list[Row]) -> list[Rule]:
    """Kaunitz with one alpha and with three offsets, before and at the close; Buchdahl."""
    won = results(rows)
    made = []
    for moment, columns in (("before_close", BEFORE), ("at_close", AT_CLOSE)):
        best, mean = prices(rows, columns["max"]), prices(rows, columns["avg"])
        for name, offsets in (("alpha .05", ALPHA), ("offsets", OFFSETS)):
            chances = np.where(np.isnan(mean).any(axis=1)[:, None], np.nan, 1 / mean - offsets)
            home, draw, away = offsets.tolist()
            made.append(
                Rule(
                    name=f"Kaunitz {name}, {moment.replace('_', ' ')}",
                    ours=our_kaunitz.trial((home, draw, away), moment),
                    shown=our_kaunitz.SHOWN,
                    plain=kaunitz(best, mean, won, offsets),
                    best=best,
                    chances=chances,
                    least=1.0,
                )
            )
    best, sharp = prices(rows, BEFORE["max"]), prices(rows, BEFORE["sharp"])
    return made + [_buchdahl_rule(best, sharp, won, least) for least in (0.0, 0.02, 0.05)]


def _buchdahl_rule(best: Floats, sharp: Floats, won: Any, threshold: float) -> Rule:
    return Rule(
        name=f"Buchdahl EV > {threshold:.0%}",
        ours=our_buchdahl.trial(threshold),
        shown=our_buchdahl.SHOWN,
        plain=buchdahl(best, sharp, won, threshold),
        best=best,
        chances=sharp,  # devigged by penaltyblog itself
        least=1 + threshold,
    )


def by_key_of_rows(rows: list[Row], rule: Rule) -> Counter[tuple[Any, ...]]:
    """The plain bets: sport, teams, outcome, odds and profit."""
    match, place, profit = rule.plain
    return Counter(
        (
            DIVISIONS[rows[i]["Div"]].sport_key,
            *(" ".join(rows[i][name].split()) for name in ("HomeTeam", "AwayTeam")),
            outcome,
            round(float(rule.best[i, outcome]), 3),
            round(gain, 3),
        )
        for i, outcome, gain in zip(match.tolist(), place.tolist(), profit.tolist(), strict=True)
    )


def our_bets(rule: Rule, history: History) -> tuple[Counter[tuple[Any, ...]], Floats]:
    """Our bets in the same form, and their profits."""
    seen = only(history, rule.shown, rule.ours.moment)
    bets = settled_bets(rule.ours, seen)
    profit, matches = profits(bets, seen), history.matches
    columns = (
        *(names[bets.match].tolist() for names in (matches.sport, matches.home, matches.away)),
        bets.place.tolist(),
        np.round(bets.odds, 3).tolist(),
        np.round(profit, 3).tolist(),
    )
    return Counter(zip(*columns, strict=True)), profit


def differences(theirs: Counter[Any], ours: Counter[Any]) -> list[Any]:
    """Bets that only one of them made."""
    return sorted(((theirs - ours) + (ours - theirs)).elements())


def penaltyblog_says(rule: Rule, rows: list[Row]) -> str:
    """Bets and yield of penaltyblog's backtest with the rule as its logic."""
    import pandas as pd  # noqa: PLC0415 - in the benchmarks' environment only
    from penaltyblog.backtest import Backtest  # noqa: PLC0415
    from penaltyblog.implied import calculate_implied  # noqa: PLC0415

    is_odds = rule.name.startswith("Buchdahl")
    frame = pd.DataFrame({"date": [_day(row) for row in rows], "won": results(rows)})
    frame[["best_0", "best_1", "best_2"]] = rule.best
    frame[["chance_0", "chance_1", "chance_2"]] = rule.chances

    def logic(ctx: Any) -> None:
        row = ctx.fixture
        given = [row.chance_0, row.chance_1, row.chance_2]
        if is_odds and 0.99 <= sum(1 / one for one in given) <= 1.15:
            given = calculate_implied(given, method="power").probabilities
        elif is_odds:
            return
        gains = [
            -np.inf if np.isnan(best * chance) else best * chance
            for best, chance in zip([row.best_0, row.best_1, row.best_2], given, strict=True)
        ]
        place = int(np.argmax(gains))
        if gains[place] > rule.least:
            ctx.account.place_bet([row.best_0, row.best_1, row.best_2][place], 1, row.won == place)

    backtest = Backtest(frame, "1990-01-01", "2100-01-01")
    with contextlib.redirect_stderr(io.StringIO()):  # it always draws a progress bar
        backtest.start(bankroll=1_000_000, logic=logic)
    said = backtest.results()
    return f"{said['Total Bets']:,} {said['Profit'] / said['Total Bets']:+.6%}"


def _day(row: Row) -> datetime:
    day, month, year = (int(part) for part in row["Date"].split("/"))
    return datetime(year + (2000 if year < 100 else 0), month, day, tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
