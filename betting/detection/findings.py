"""Findings: what a board holds that reaches the user's thresholds, one row each.

Pure numbers, nothing of Django. Odds are as offered, edges and profits net of commission and in
percent. A *value* is the best price of an outcome with its verdict; a *spread* says how far
bookmakers (exchanges aside) lie apart; an *arbitrage* takes the best price of every outcome.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from betting.detection.board import MARKETS, OUTCOMES, Board, QuoteTable
from betting.detection.guards import PASSED, REJECTIONS, Rejection, rejections
from betting.detection.pricing import Prices, Thresholds, best_columns, price
from odds.fair_prices import CONSENSUS, NOBODY, Flags, Floats, Integers, Panel

# Odds have three decimals, so this only undoes rounding: 3.15 and 3.00 lie 5 % apart, not 4.999…
DECIMALS: Final = 9
EVERY_OUTCOME: Final = "all"
CONSENSUS_NAME: Final = "consensus"


class Kind(enum.StrEnum):
    """What makes a finding."""

    VALUE = "value"
    SPREAD = "spread"
    ARBITRAGE = "arbitrage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One side of an arbitrage; `seen_at` in seconds since 1970."""

    outcome: str
    bookmaker: str
    odds: float
    seen_at: float
    source_age_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An opportunity as one look at the board shows it; None where a number is undefined.

    `price_seen_at` is in seconds since 1970; `rejection` is empty where no guard refused.
    """

    match_id: int
    market: str
    line: float
    outcome: str
    kind: Kind
    bookmaker_count: int
    price_seen_at: float
    rejection: str = ""
    best_odds: float | None = None
    best_bookmaker: str | None = None
    worst_odds: float | None = None
    worst_bookmaker: str | None = None
    spread_pct: float | None = None
    fair_probability: float | None = None
    reference: str = ""
    edge_pct: float | None = None
    shrunk_edge_pct: float | None = None
    legs: tuple[Leg, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """How far valid bookmakers, exchanges aside, lie apart; all of shape (g, 3).

    `highest` and `lowest` are columns, of no meaning where `count` is 0; `pct` is NaN there.
    """

    highest: Integers
    lowest: Integers
    pct: Floats
    count: Integers


def find(
    quotes: QuoteTable, panel: Panel, thresholds: Thresholds, *, has_draws: bool
) -> list[Finding]:
    """Everything one sport's current quotes hold that reaches the thresholds.

    Args:
        quotes: What is on offer.
        panel: The bookmakers the quotes point into, in any order.
        thresholds: The user's settings.
        has_draws: Whether a match of this sport always has a draw among its outcomes.

    Returns:
        At most one value and one spread for each outcome and one arbitrage for each group.
    """
    if not len(quotes.match_id):
        return []
    prices = price(Board.of(quotes, panel, has_draws=has_draws), thresholds)
    dispersion = disperse(prices)
    found = [
        *_values(prices, dispersion, thresholds),
        *_spreads(prices, dispersion, thresholds),
    ]
    if thresholds.detects_arbitrage:
        found += _arbitrages(prices, thresholds)
    return found


def disperse(prices: Prices) -> Dispersion:
    """The highest and lowest odds of every outcome, and the spread between them."""
    board = prices.board
    is_compared = (
        prices.is_valid[..., None] & ~board.panel.is_exchange[:, None] & ~np.isnan(board.odds)
    )
    highest = best_columns(np.where(is_compared, board.odds, -np.inf), prices.preference)
    lowest = best_columns(np.where(is_compared, -board.odds, -np.inf), prices.preference)
    high = np.take_along_axis(board.odds, highest[:, None], axis=1)[:, 0]
    low = np.take_along_axis(board.odds, lowest[:, None], axis=1)[:, 0]
    count = is_compared.sum(axis=1)
    pct = np.where(count > 0, np.round((high - low) / low * 100, DECIMALS), np.nan)
    return Dispersion(highest=highest, lowest=lowest, pct=pct, count=count)


def _candidates(prices: Prices, thresholds: Thresholds) -> Flags:
    """Bookmakers whose prices may be taken; shape (b,)."""
    panel = prices.board.panel
    return panel.is_playable | np.bool_(not thresholds.only_playable)


def _values(prices: Prices, dispersion: Dispersion, thresholds: Thresholds) -> Iterator[Finding]:
    """Per outcome the best price no guard refuses, or else the best refused one."""
    verdicts = rejections(prices, thresholds)
    is_claimed = (prices.edge >= thresholds.minimum_edge_pct / 100) & _candidates(
        prices, thresholds
    )[:, None]
    passes = is_claimed & (verdicts == PASSED)
    contenders = np.where(passes.any(axis=1, keepdims=True), passes, is_claimed)
    best = best_columns(np.where(contenders, prices.edge, -np.inf), prices.preference)
    groups, places = np.nonzero(contenders.any(axis=1))
    columns = best[groups, places]
    offering = (~np.isnan(prices.board.odds)).sum(axis=1)
    return _of_prices(
        prices,
        dispersion,
        (groups, columns, places),
        kind=Kind.VALUE,
        shrinkage=thresholds.shrinkage,
        bookmaker_counts=offering[groups, places],
        verdicts=verdicts[groups, columns, places].tolist(),
    )


def _spreads(prices: Prices, dispersion: Dispersion, thresholds: Thresholds) -> Iterator[Finding]:
    groups, places = np.nonzero(
        (dispersion.pct >= thresholds.minimum_spread_pct)
        & (dispersion.count >= thresholds.minimum_bookmakers)
    )
    return _of_prices(
        prices,
        dispersion,
        (groups, dispersion.highest[groups, places], places),
        kind=Kind.SPREAD,
        shrinkage=thresholds.shrinkage,
        bookmaker_counts=dispersion.count[groups, places],
        verdicts=[PASSED] * len(groups),
    )


def _of_prices(
    prices: Prices,
    dispersion: Dispersion,
    at: tuple[Integers, Integers, Integers],
    *,
    kind: Kind,
    shrinkage: float,
    bookmaker_counts: Integers,
    verdicts: list[int],
) -> Iterator[Finding]:
    """The rows of single prices; `at` are their groups, columns and places, each of shape (n,)."""
    groups, columns, places = at
    board = prices.board
    worst = dispersion.lowest[groups, places]
    is_compared = dispersion.count[groups, places] > 0
    edge_pct = prices.edge[at] * 100
    values: dict[str, list[Any]] = _keys(board, groups, places) | {
        "rejection": [
            "" if verdict == PASSED else REJECTIONS[verdict].value for verdict in verdicts
        ],
        "best_odds": board.odds[at].tolist(),
        "best_bookmaker": board.panel.key[columns].tolist(),
        "worst_odds": _defined(np.where(is_compared, board.odds[groups, worst, places], np.nan)),
        "worst_bookmaker": [
            key if is_one else None
            for key, is_one in zip(
                board.panel.key[worst].tolist(), is_compared.tolist(), strict=True
            )
        ],
        "bookmaker_count": bookmaker_counts.tolist(),
        "spread_pct": _defined(dispersion.pct[groups, places]),
        "fair_probability": _defined(prices.fair[at]),
        "reference": _reference_names(board, prices.source[groups, columns]),
        "edge_pct": _defined(edge_pct),
        "shrunk_edge_pct": _defined(edge_pct * shrinkage),
        "price_seen_at": board.seen_at[groups, columns].tolist(),
    }
    for row in zip(*values.values(), strict=True):
        yield Finding(kind=kind, **dict(zip(values, row, strict=True)))


def _keys(board: Board, groups: Integers, places: Integers) -> dict[str, list[Any]]:
    markets = board.market[groups].tolist()
    return {
        "match_id": board.match_id[groups].tolist(),
        "market": [MARKETS[market] for market in markets],
        "line": board.line[groups].tolist(),
        "outcome": [
            OUTCOMES[market][place] for market, place in zip(markets, places.tolist(), strict=True)
        ],
    }


def _arbitrages(prices: Prices, thresholds: Thresholds) -> Iterator[Finding]:
    """Groups whose best valid prices together cost less than they pay."""
    board = prices.board
    may_be_taken = prices.is_valid & _candidates(prices, thresholds)
    net = np.where(may_be_taken[..., None] & board.is_outcome[:, None], prices.net, -np.inf)
    best = best_columns(net, prices.preference)
    highest = net.max(axis=1)
    is_priced = (np.isfinite(highest) | ~board.is_outcome).all(axis=1)
    cost = np.where(board.is_outcome, 1 / np.where(highest > 0, highest, 1), 0).sum(axis=1)
    profit = np.round((1 / cost - 1) * 100, DECIMALS)
    offering = (~np.isnan(board.odds)).any(axis=2).sum(axis=1)
    for group in np.flatnonzero(is_priced & (profit > 0)).tolist():
        legs = _legs(board, group, best[group].tolist())
        is_too_good = profit[group] > thresholds.maximum_edge_pct
        yield Finding(
            match_id=int(board.match_id[group]),
            market=MARKETS[int(board.market[group])],
            line=float(board.line[group]),
            outcome=EVERY_OUTCOME,
            kind=Kind.ARBITRAGE,
            rejection=Rejection.TOO_GOOD.value if is_too_good else "",
            bookmaker_count=int(offering[group]),
            edge_pct=float(profit[group]),
            price_seen_at=min(leg.seen_at for leg in legs),
            legs=legs,
        )


def _legs(board: Board, group: int, columns: list[int]) -> tuple[Leg, ...]:
    age = _defined(board.source_age_seconds[group])
    return tuple(
        Leg(
            outcome=outcome,
            bookmaker=str(board.panel.key[column]),
            odds=float(board.odds[group, column, place]),
            seen_at=float(board.seen_at[group, column]),
            source_age_seconds=age[column],
        )
        for place, (outcome, column) in enumerate(
            zip(OUTCOMES[int(board.market[group])], columns, strict=True)
        )
        if board.is_three_way[group] or place != 1
    )


def _reference_names(board: Board, source: Integers) -> list[str]:
    names = {column: str(key) for column, key in enumerate(board.panel.key)}
    names |= {NOBODY: "", CONSENSUS: CONSENSUS_NAME}
    return [names[column] for column in source.tolist()]


def _defined(values: Floats) -> list[float | None]:
    """Numbers as Python has them, None where they are undefined."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN
