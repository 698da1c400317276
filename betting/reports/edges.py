"""Claimed against true: opportunities found on the simulated market, whose truth is known.

The market is stepped through as a collector would see it: each step's answer is parsed, priced and
guarded by the functions that run live. An opportunity counts once, when it opens; its true edge is
the true probability times the odds net of commission, minus one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from betting.detection.board import QuoteTable
from betting.detection.findings import Finding, Kind, find
from betting.detection.pricing import Thresholds
from odds.fair_prices import Panel
from odds.parsing import SeenQuote, parse_snapshot
from odds.simulator.world import World

SPORTS = ("soccer_epl", "soccer_spain_la_liga", "soccer_france_ligue_one")
OUTCOMES = ("home", "draw", "away")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """One opportunity when it opened; edges as fractions."""

    provider_id: str
    reference: str
    odds: float
    claimed: float
    shrunk: float
    true: float


@dataclass(slots=True)
class Follower:
    """Remembers what live detection knows from rows: when odds changed, what is already open."""

    thresholds: Thresholds
    panel: Panel
    changes: dict[tuple[str, str], tuple[tuple[float | None, ...], float]] = field(
        default_factory=dict
    )
    open: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    def opened(
        self, sport: str, quotes: list[SeenQuote], ids: dict[str, int], at: float
    ) -> Iterator[Finding]:
        """The value opportunities that a snapshot of a sport opens."""
        findings = find(self._table(quotes, ids, at), self.panel, self.thresholds, has_draws=True)
        before = self.open.get(sport, set())
        self.open[sport] = set()
        for finding in findings:
            if finding.kind == Kind.VALUE and not finding.rejection:
                key = finding.match_id, finding.outcome
                self.open[sport].add(key)
                if key not in before:
                    yield finding

    def _table(self, quotes: list[SeenQuote], ids: dict[str, int], at: float) -> QuoteTable:
        columns = {key: column for column, key in enumerate(self.panel.key.tolist())}
        count = len(quotes)
        return QuoteTable(
            match_id=np.array([ids[quote.provider_id] for quote in quotes], dtype=np.intp),
            bookmaker=np.array([columns[quote.bookmaker_key] for quote in quotes], dtype=np.intp),
            market=np.zeros(count, dtype=np.intp),
            line=np.zeros(count),
            odds=np.array([quote.odds for quote in quotes], dtype=np.float64).reshape(count, 3),
            changed_at=np.array([self._changed_at(quote, at) for quote in quotes]),
            seen_at=np.full(count, at),
            source_age_seconds=np.array(
                [
                    at - quote.source_updated_at.timestamp() if quote.source_updated_at else np.nan
                    for quote in quotes
                ]
            ),
        )

    def _changed_at(self, quote: SeenQuote, at: float) -> float:
        key = quote.provider_id, quote.bookmaker_key
        odds, since = self.changes.get(key, (None, at))
        if odds != quote.odds:
            since = at
            self.changes[key] = quote.odds, at
        return since


def follow(
    world: World,
    panel: Panel,
    thresholds: Thresholds,
    *,
    start: datetime,
    step: timedelta,
    wanted: int,
    progress: Callable[[int], object],
) -> list[Detected]:
    """Step through the market until `wanted` opportunities have opened.

    Args:
        world: The simulated market, on real time.
        panel: Bookmakers, every one of the market's among them.
        thresholds: The user's settings.
        start: Simulated instant of the first snapshot.
        step: Between two snapshots.
        wanted: How many to find.
        progress: Told how many each snapshot added.
    """
    follower = Follower(thresholds=thresholds, panel=panel)
    found: list[Detected] = []
    ids: dict[str, int] = {}
    at = start
    while len(found) < wanted:
        for sport in SPORTS:
            quotes = [quote for quote in _upcoming(world, sport, at) if quote.market == "h2h"]
            for quote in quotes:
                ids.setdefault(quote.provider_id, len(ids))
            names = {number: provider_id for provider_id, number in ids.items()}
            opened = [
                _graded(world, panel, names[finding.match_id], finding)
                for finding in follower.opened(sport, quotes, ids, at.timestamp())
            ]
            found += opened
            progress(len(opened))
        at += step
    return found[:wanted]


def _upcoming(world: World, sport: str, at: datetime) -> list[SeenQuote]:
    snapshot = parse_snapshot(world.body(sport, at))
    upcoming = {m.provider_id for m in snapshot.matches if m.commence_time > at}
    return [quote for quote in snapshot.quotes if quote.provider_id in upcoming]


def _graded(world: World, panel: Panel, provider_id: str, finding: Finding) -> Detected:
    if finding.best_odds is None or finding.edge_pct is None or finding.shrunk_edge_pct is None:
        raise ValueError(f"a value opportunity without a price: {finding!r}")
    chance = world.true_probabilities(provider_id, "h2h")[OUTCOMES.index(finding.outcome)]
    commission = float(panel.commission[panel.key == finding.best_bookmaker][0])
    net = 1 + (1 - commission) * (finding.best_odds - 1)
    return Detected(
        provider_id=provider_id,
        reference=finding.reference,
        odds=finding.best_odds,
        claimed=finding.edge_pct / 100,
        shrunk=finding.shrunk_edge_pct / 100,
        true=chance * net - 1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Means of a group of opportunities, fractions; the error is of the mean true edge.

    Opportunities of one match share their fate, so `standard_error` is computed over matches.
    """

    count: int
    matches: int
    claimed: float
    shrunk: float
    true: float
    standard_error: float | None
    share_positive: float

    @property
    def kept(self) -> float:
        """How much of the claimed edge is true: what the shrinkage setting should be."""
        return self.true / self.claimed


def summarise(detected: list[Detected]) -> Summary:
    """The means over opportunities.

    Raises:
        ValueError: There are none.
    """
    if not detected:
        raise ValueError("no opportunity was found")
    true = np.array([one.true for one in detected])
    matches, match = np.unique([one.provider_id for one in detected], return_inverse=True)
    count = len(matches)
    residuals = np.bincount(match, weights=true - true.mean())
    error = None
    if count > 1:
        error = float(np.sqrt((residuals**2).sum() * count / (count - 1)) / len(true))
    return Summary(
        count=len(detected),
        matches=count,
        claimed=float(np.mean([one.claimed for one in detected])),
        shrunk=float(np.mean([one.shrunk for one in detected])),
        true=float(true.mean()),
        standard_error=error,
        share_positive=float((true > 0).mean()),
    )
