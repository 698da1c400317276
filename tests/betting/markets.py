"""Markets written down as a reader would, turned into the arrays that pricing takes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from betting.detection.board import MARKETS, QuoteTable
from betting.detection.findings import Finding, find
from betting.detection.pricing import Thresholds
from odds.devig import Method
from odds.fair_prices import Panel

Odds = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class Bookie:
    """A bookmaker: soft, sharp or exchange; its key is its operator unless given."""

    key: str
    operator: str = ""
    kind: str = "soft"
    commission: float = 0.0
    is_playable: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One bookmaker's quote; a pair of odds is a market without draw."""

    bookie: Bookie
    odds: Odds
    match: int = 1
    market: str = "h2h"
    line: float = 0.0
    changed_at: float = 0.0
    seen_at: float = 1000.0
    age: float | None = 0.0


PINNACLE = Bookie(key="pinnacle", kind="sharp")
BETFAIR = Bookie(key="betfair_ex_eu", operator="betfair", kind="exchange", commission=0.05)
MATCHBOOK = Bookie(key="matchbook", kind="exchange", commission=0.02)
SOFT = [Bookie(key=f"soft{number}") for number in range(8)]

DEFAULTS = Thresholds(
    devig=Method.MULTIPLICATIVE,
    minimum_edge_pct=2.0,
    maximum_edge_pct=20.0,
    minimum_spread_pct=5.0,
    minimum_bookmakers=3,
    minimum_consensus_operators=4,
    maximum_source_age_minutes=30,
    lowest_overround=0.99,
    highest_overround=1.15,
    shrinkage=0.5,
    rejects_lagging=True,
    detects_arbitrage=True,
    only_playable=False,
)


def offer(bookie: Bookie, *odds: float | None, **given: Any) -> Offer:
    """A quote of two or three odds."""
    first, draw, second = odds if len(odds) == 3 else (odds[0], None, odds[1])
    return Offer(bookie=bookie, odds=(first, draw, second), **given)


BRAVE = Bookie(key="brave")
# Pinnacle holds both sides to be even, and three soft bookmakers are below that.
EVEN = [
    offer(PINNACLE, 1.95, 1.95),
    *(offer(bookie, 1.90, 1.90) for bookie in SOFT[:3]),
]
FIVE_PERCENT = offer(BRAVE, 2.10, 1.75)


def arrays_of(offers: list[Offer]) -> tuple[QuoteTable, Panel]:
    """The offers as arrays, bookmakers in order of appearance."""
    bookies = list(dict.fromkeys(given.bookie for given in offers))
    operators = [bookie.operator or bookie.key for bookie in bookies]
    panel = Panel(
        key=np.array([bookie.key for bookie in bookies], dtype=np.str_),
        operator=np.unique(operators, return_inverse=True)[1],
        is_exchange=np.array([bookie.kind == "exchange" for bookie in bookies]),
        is_sharp=np.array([bookie.kind == "sharp" for bookie in bookies]),
        is_playable=np.array([bookie.is_playable for bookie in bookies]),
        commission=np.array([bookie.commission for bookie in bookies]),
    )
    quotes = QuoteTable(
        match_id=np.array([given.match for given in offers]),
        bookmaker=np.array([bookies.index(given.bookie) for given in offers]),
        market=np.array([MARKETS.index(given.market) for given in offers]),
        line=np.array([given.line for given in offers]),
        odds=np.array([given.odds for given in offers], dtype=np.float64),
        changed_at=np.array([given.changed_at for given in offers]),
        seen_at=np.array([given.seen_at for given in offers]),
        source_age_seconds=np.array([given.age for given in offers], dtype=np.float64),
    )
    return quotes, panel


def findings_of(
    offers: list[Offer], thresholds: Thresholds = DEFAULTS, *, has_draws: bool = False
) -> list[Finding]:
    """What pricing finds in the offers."""
    return find(*arrays_of(offers), thresholds, has_draws=has_draws)


def the(findings: list[Finding], kind: str, outcome: str = "home") -> Finding:
    """The only finding of this kind for this outcome."""
    found = [finding for finding in findings if (finding.kind, finding.outcome) == (kind, outcome)]
    assert len(found) == 1
    return found[0]
