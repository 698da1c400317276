"""Explanations: one price of a board, with everything that judged it.

Nothing is computed anew: the numbers are those of `pricing`, `guards` and `fair_prices`, read at
one price instead of thousands. Pure numbers, nothing of Django.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from betting.detection.board import MARKETS, OUTCOMES, Board
from betting.detection.guards import LAGGED_OPERATORS, Rejection, company_of, refusals
from betting.detection.pricing import Prices, Thresholds, price
from odds.devig import Method
from odds.fair_prices import (
    CONSENSUS,
    NOBODY,
    Flags,
    Floats,
    fair_by_bookmaker,
    overrounds,
    references,
)


class Role(enum.StrEnum):
    """What a bookmaker's quote was to the fair price, or why it was nothing."""

    REFERENCE = "reference"
    IN_CONSENSUS = "in_consensus"
    OWN_OPERATOR = "own_operator"
    OUTRANKED = "outranked"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    OVERROUND = "overround"


class Source(enum.StrEnum):
    """The kinds of reference, in the order in which they are asked for."""

    SHARP = "sharp"
    EXCHANGE = "exchange"
    CONSENSUS = "consensus"


ASKED: Final[dict[Source, tuple[bool, bool]]] = {  # whether sharp ones and exchanges may serve
    Source.SHARP: (True, False),
    Source.EXCHANGE: (False, True),
    Source.CONSENSUS: (False, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a price stands on a board: its group, its bookmaker's column, its outcome's place."""

    group: int
    column: int
    outcome: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One bookmaker's quote; None where a number is undefined, times in seconds since 1970.

    `odds`, `fair` and `edges` are home or over, draw, away or under: as offered, the bookmaker's
    own opinion, and what its prices are worth against their reference.
    """

    bookmaker: str
    odds: tuple[float | None, ...]
    fair: tuple[float | None, ...]
    edges: tuple[float | None, ...]
    overround: float | None
    changed_at: float
    seen_at: float
    source_age_seconds: float | None
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What one kind of reference holds to be fair, by method; None where there is none."""

    source: Source
    bookmaker: str | None
    fair: dict[Method, float | None]
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One guard: whether it lets the price pass, and the numbers it compared.

    `value` is None where what it looks at is unknown; an unknown passes.
    """

    guard: Rejection
    passes: bool
    is_on: bool
    value: float | None = None
    bound: float | None = None
    second_value: float | None = None
    second_bound: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a price counts or does not; edges are fractions."""

    voices: tuple[Voice, ...]
    judges: tuple[Judge, ...]
    checks: tuple[Check, ...]
    odds: float
    commission: float
    net: float
    fair: float | None
    edge: float | None
    shrinkage: float
    band: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The lowest and the highest edge that any method gives each price, both of shape (g, b, 3)."""

    lowest: Floats
    highest: Floats


def place_of(
    board: Board, *, match_id: int, market: str, line: float, outcome: str, bookmaker: str
) -> Place | None:
    """Where a price stands on the board; None where it is no longer offered."""
    groups = np.flatnonzero(
        (board.match_id == match_id)
        & (board.market == MARKETS.index(market))
        & (board.line == line)
    )
    columns = np.flatnonzero(board.panel.key == bookmaker)
    if not groups.size or not columns.size:
        return None
    at = Place(
        group=int(groups[0]),
        column=int(columns[0]),
        outcome=OUTCOMES[MARKETS.index(market)].index(outcome),
    )
    return None if np.isnan(board.odds[at.group, at.column, at.outcome]) else at


def bands(board: Board, thresholds: Thresholds) -> Bands:
    """How far the choice of method alone moves every edge of a board."""
    edges = np.stack([price(board, replace(thresholds, devig=method)).edge for method in Method])
    return Bands(lowest=np.fmin.reduce(edges), highest=np.fmax.reduce(edges))


def band_at(spread: Bands, at: Place) -> tuple[float, float] | None:
    """The band of one price; None without a reference."""
    here = at.group, at.column, at.outcome
    lowest, highest = float(spread.lowest[here]), float(spread.highest[here])
    return None if np.isnan(lowest) else (lowest, highest)


def explain(board: Board, thresholds: Thresholds, at: Place) -> Explanation:
    """Everything that judged one price."""
    prices = price(board, thresholds)
    here = at.group, at.column, at.outcome
    return Explanation(
        voices=tuple(_voices(prices, thresholds, at)),
        judges=tuple(_judges(prices, at, minimum_operators=thresholds.minimum_consensus_operators)),
        checks=tuple(_checks(prices, thresholds, at)),
        odds=float(board.odds[here]),
        commission=float(board.panel.commission[at.column]),
        net=float(prices.net[here]),
        fair=_known(prices.fair[here]),
        edge=_known(prices.edge[here]),
        shrinkage=thresholds.shrinkage,
        band=band_at(bands(board, thresholds), at),
    )


def _voices(prices: Prices, thresholds: Thresholds, at: Place) -> Iterable[Voice]:
    board, group = prices.board, at.group
    own = _own_fair(prices, thresholds.devig)[group]
    margins = overrounds(board.odds, board.is_three_way)[group]
    for column in np.flatnonzero(~np.isnan(board.odds[group]).all(axis=1)).tolist():
        yield Voice(
            bookmaker=str(board.panel.key[column]),
            odds=_all_known(board.odds[group, column]),
            fair=_all_known(own[column]),
            edges=_all_known(prices.edge[group, column]),
            overround=_known(margins[column]),
            changed_at=float(board.changed_at[group, column]),
            seen_at=float(board.seen_at[group, column]),
            source_age_seconds=_known(board.source_age_seconds[group, column]),
            role=_role(prices, at, column),
        )


def _role(prices: Prices, at: Place, column: int) -> Role:
    """Why a quote serves in the reference of the price, or does not."""
    board, here = prices.board, (at.group, column)
    source = prices.source[at.group, at.column]
    refused = {
        Role.INCOMPLETE: not board.is_complete[here],
        Role.STALE: prices.is_stale[here],
        Role.OVERROUND: prices.is_overround_wild[here],
        Role.OWN_OPERATOR: board.panel.operator[column] == board.panel.operator[at.column],
        Role.REFERENCE: source == column,
        Role.IN_CONSENSUS: source == CONSENSUS,
    }
    return next((role for role, is_so in refused.items() if is_so), Role.OUTRANKED)


def _judges(prices: Prices, at: Place, *, minimum_operators: int) -> Iterable[Judge]:
    """Every kind of reference by every method, as if it were the only one to ask."""
    board = prices.board
    panel = board.panel
    margins = overrounds(board.odds, board.is_three_way)
    in_force = int(prices.source[at.group, at.column])
    operator = panel.operator[at.column]
    opinions = {method: _own_fair(prices, method) for method in Method}
    for source, (asks_sharp, asks_exchanges) in ASKED.items():
        asked = replace(
            panel,
            is_sharp=panel.is_sharp & np.bool_(asks_sharp),
            is_exchange=panel.is_exchange & np.bool_(asks_exchanges),
        )
        fair: dict[Method, float | None] = {}
        whose = NOBODY
        for method, opinion in opinions.items():
            given = references(opinion, margins, asked, minimum_operators=minimum_operators)
            whose = int(given.source[at.group, operator])
            is_it = (whose == CONSENSUS) == (source == Source.CONSENSUS) and whose != NOBODY
            chance = given.fair[at.group, operator, at.outcome]
            fair[method] = _known(chance) if is_it else None
            whose = whose if is_it else NOBODY
        yield Judge(
            source=source,
            bookmaker=str(panel.key[whose]) if whose >= 0 else None,
            fair=fair,
            is_in_force=whose == in_force != NOBODY,
        )


def _checks(prices: Prices, thresholds: Thresholds, at: Place) -> Iterable[Check]:
    """Every guard, in the order in which they are tried."""
    company = company_of(prices)
    refused = refusals(prices, thresholds, company)
    board, here = prices.board, (at.group, at.column)
    outcome = at.group, at.outcome
    is_outcome = board.is_outcome[at.group]
    margin = overrounds(board.odds, board.is_three_way)[here]
    edge = _known(prices.edge[at.group, at.column, at.outcome])
    numbers: dict[Rejection, tuple[float | None, ...]] = {
        Rejection.INCOMPLETE: (
            int((~np.isnan(board.odds[here]) & is_outcome).sum()),
            int(is_outcome.sum()),
        ),
        Rejection.STALE: (
            _known(board.source_age_seconds[here] / 60),
            thresholds.maximum_source_age_minutes,
        ),
        Rejection.OVERROUND: (
            _known(margin),
            thresholds.lowest_overround,
            None,
            thresholds.highest_overround,
        ),
        Rejection.FEW_BOOKMAKERS: (
            int(company.offering[outcome]),
            thresholds.minimum_bookmakers,
            int(company.others[here]),
            thresholds.minimum_consensus_operators,
        ),
        Rejection.TOO_GOOD: (
            None if edge is None else edge * 100,
            thresholds.maximum_edge_pct,
        ),
        Rejection.LAGGING: (
            int(company.operators_above[outcome]),
            1,
            int(company.moved_later[here]),
            LAGGED_OPERATORS,
        ),
    }
    for guard in Rejection:
        flags = refused.get(guard)
        first, bound, second, second_bound = (*numbers[guard], None, None)[:4]
        yield Check(
            guard=guard,
            passes=flags is None or not _flag_at(flags, prices, at),
            is_on=flags is not None,
            value=first,
            bound=bound,
            second_value=second,
            second_bound=second_bound,
        )


def _flag_at(flags: Flags, prices: Prices, at: Place) -> bool:
    spread = np.broadcast_to(flags, prices.edge.shape)
    return bool(spread[at.group, at.column, at.outcome])


def _own_fair(prices: Prices, method: Method) -> Floats:
    """What each bookmaker that may serve holds to be fair, by a method; shape (g, b, 3)."""
    board = prices.board
    may_serve = np.where(prices.is_valid[..., None], board.odds, np.nan)
    return fair_by_bookmaker(may_serve, board.is_three_way, board.panel, method)


def _known(value: np.float64 | float) -> float | None:
    return None if np.isnan(value) else float(value)


def _all_known(values: Floats) -> tuple[float | None, ...]:
    return tuple(_known(value) for value in values)
