"""Snapshots for agents: written down as a reader would, or random ones to test laws on.

Every array is made read-only, so that an agent that writes into its input fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from betting.detection.board import MARKETS, Board, QuoteTable
from odds.fair_prices import Floats, Integers, Panel
from strategies.snapshots import Past, Snapshot
from tests.betting.markets import PINNACLE, SOFT, Bookie, Odds, Offer, arrays_of, offer

__all__ = ["PINNACLE", "SOFT", "Bookie", "Offer", "frozen", "make_snapshot", "offer"]

AS_OF = 1_800_000_000.0  # a Friday in January 2027
DAY = 86_400.0
SPORT = "soccer_france_ligue_one"
TEAMS = np.array(["Auxerre", "Brest", "Lens", "Lille", "Metz", "Nice"])
Group = tuple[int, str, float]  # a match, a market and a line


def make_snapshot(
    offers: Sequence[Offer],
    *,
    opened: Sequence[Offer] = (),
    maximum: Mapping[Group, Odds] | None = None,
    average: Mapping[Group, Odds] | None = None,
    has_draws: bool = False,
    **given: Any,
) -> Snapshot:
    """What some offers look like to an agent.

    Args:
        offers: The quotes that stand, bookmakers and matches in any order.
        opened: First quotes that were others; `changed_at` says when they were seen. The rest
            opened as they stand.
        maximum: The market's stated highest odds, by group.
        average: Its stated mean odds, by group.
        has_draws: Every match winner has a draw, whoever quotes it.
        given: Any other field of a snapshot.
    """
    board = Board.of(*arrays_of(list(offers)), has_draws=has_draws)
    size = len(board.match_id)
    opening, opened_at = board.odds.copy(), board.changed_at.copy()
    for first in opened:
        at = _group_of(board, (first.match, first.market, first.line))
        column = board.panel.key.tolist().index(first.bookie.key)
        opening[at, column], opened_at[at, column] = first.odds, first.changed_at
    values: dict[str, Any] = {
        "board": board,
        "as_of": np.full(size, AS_OF),
        "kickoff": np.full(size, AS_OF + DAY),
        "sport": np.full(size, SPORT),
        "home": TEAMS[board.match_id % 3],
        "away": TEAMS[board.match_id % 3 + 3],
        "opening": opening,
        "opened_at": opened_at,
        "maximum": _stated(board, maximum or {}),
        "average": _stated(board, average or {}),
    }
    return frozen(Snapshot(**values | given))


def snapshot_of(quotes: QuoteTable, panel: Panel) -> Snapshot:
    """What quotes of matches of one day look like that stand as they opened."""
    board = Board.of(quotes, panel, has_draws=True)
    size = len(board.match_id)
    return frozen(
        Snapshot(
            board=board,
            as_of=np.full(size, AS_OF),
            kickoff=np.full(size, AS_OF + DAY),
            sport=np.full(size, SPORT),
            home=TEAMS[board.match_id % 3],
            away=TEAMS[board.match_id % 3 + 3],
            opening=board.odds.copy(),
            opened_at=board.changed_at.copy(),
            maximum=_stated(board, {}),
            average=_stated(board, {}),
        )
    )


def frozen(value: Any) -> Any:
    """The same, its arrays made read-only down to the last."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif is_dataclass(value):
        for each in fields(value):
            frozen(getattr(value, each.name))
    return value


def random_snapshot(seed: int, *, groups: int, bookmakers: int, **given: float) -> Snapshot:
    """A board on which every agent finds something, if it has a few dozen groups.

    Quotes are missing or incomplete here and there, bookmakers share operators, some are sharp or
    exchanges, some prices are far off, some have moved, and some groups have a stated maximum.

    Args:
        seed: Of the random numbers.
        groups: How many, of one match each.
        bookmakers: How many.
        given: `noise`, how far apart opinions lie in log odds, `missing`, the share of quotes left
            out, and `stated`, the share of groups with a stated maximum and average.
    """
    rng = np.random.default_rng(seed)
    board = _random_board(rng, groups, bookmakers, given)
    opening, opened_at = _random_opening(rng, board)
    maximum, average = _random_statements(rng, board.odds, given.get("stated", 0.3))
    home = rng.integers(len(TEAMS), size=groups)
    return frozen(
        Snapshot(
            board=board,
            as_of=np.full(groups, AS_OF),
            kickoff=np.full(groups, AS_OF + DAY),
            sport=np.full(groups, SPORT),
            home=TEAMS[home],
            away=TEAMS[(home + rng.integers(1, len(TEAMS), size=groups)) % len(TEAMS)],
            opening=opening,
            opened_at=opened_at,
            maximum=maximum,
            average=average,
        )
    )


def random_past(seed: int, *, matches: int = 90) -> Past:
    """Results of a league of six teams, of which one scores more than the others."""
    rng = np.random.default_rng(seed)
    home = rng.integers(len(TEAMS), size=matches)
    away = (home + rng.integers(1, len(TEAMS), size=matches)) % len(TEAMS)
    return frozen(
        Past(
            known_until=AS_OF - 5 * DAY,
            sport=np.full(matches, SPORT),
            home=TEAMS[home],
            away=TEAMS[away],
            home_score=rng.poisson(1.4 + (home == 0)),
            away_score=rng.poisson(1.1 + (away == 0)),
            kickoff=AS_OF - 6 * DAY - np.arange(matches)[::-1] * DAY,
        )
    )


def take_groups(snapshot: Snapshot, rows: Integers) -> Snapshot:
    """These groups of a snapshot only, in this order."""
    return replace(snapshot, **_each_array(snapshot, lambda array: array[rows]))


def with_silent_bookmaker(snapshot: Snapshot, column: int, **kind: bool) -> Snapshot:
    """The snapshot with one more bookmaker at a column, which offers nothing."""
    board, panel = snapshot.board, snapshot.board.panel
    nothing = {"is_exchange": False, "is_sharp": False, "is_playable": True} | kind
    widened = Panel(
        key=np.insert(panel.key.astype(object), column, "silent").astype(np.str_),
        operator=np.insert(panel.operator, column, panel.operator.max(initial=-1) + 1),
        commission=np.insert(panel.commission, column, 0.0),
        **{name: np.insert(getattr(panel, name), column, value) for name, value in nothing.items()},
    )

    def widen(table: Floats) -> Floats:
        return np.insert(table, column, np.nan, axis=1)

    times = {
        name: widen(getattr(board, name))
        for name in ("odds", "changed_at", "seen_at", "source_age_seconds")
    }
    return frozen(
        replace(
            snapshot,
            board=replace(board, panel=widened, **times),
            opening=widen(snapshot.opening),
            opened_at=widen(snapshot.opened_at),
        )
    )


def _each_array(snapshot: Snapshot, change: Any) -> dict[str, Any]:
    board = snapshot.board
    changed = {
        each.name: change(getattr(board, each.name))
        for each in fields(board)
        if each.name != "panel"
    }
    return {
        each.name: change(getattr(snapshot, each.name))
        for each in fields(snapshot)
        if isinstance(getattr(snapshot, each.name), np.ndarray)
    } | {"board": replace(board, **changed)}


def _group_of(board: Board, group: Group) -> int:
    """Which group of a board this is."""
    match, market, line = group
    is_it = (board.match_id == match) & (board.market == MARKETS.index(market))
    return int(np.flatnonzero(is_it & (board.line == line))[0])


def _stated(board: Board, odds: Mapping[Group, Odds]) -> Floats:
    table = np.full((len(board.match_id), 3), np.nan)
    for group, values in odds.items():
        table[_group_of(board, group)] = np.array(values, dtype=np.float64)
    return table


def _random_board(
    rng: np.random.Generator, groups: int, bookmakers: int, given: Mapping[str, float]
) -> Board:
    market = rng.choice(3, size=groups, p=[0.7, 0.2, 0.1])
    is_three_way = (market == 0) & (rng.random(groups) < 0.9)
    panel = _random_panel(rng, bookmakers)
    odds = _random_odds(rng, is_three_way, panel, given.get("noise", 0.1))
    is_missing = rng.random(odds.shape[:2]) < given.get("missing", 0.15)
    odds[is_missing] = np.nan
    odds[rng.random(odds.shape) < given.get("missing", 0.15) / 5] = np.nan
    offers_nothing = np.isnan(odds).all(axis=2)
    changed_at = AS_OF - rng.uniform(0, DAY, size=odds.shape[:2])
    return Board(
        panel=panel,
        match_id=np.arange(groups),
        market=market,
        line=np.where(market == 0, 0.0, 2.5),
        is_three_way=is_three_way,
        odds=odds,
        changed_at=np.where(offers_nothing, np.nan, changed_at),
        seen_at=np.where(offers_nothing, np.nan, AS_OF),
        source_age_seconds=np.full(odds.shape[:2], np.nan),
    )


def _random_panel(rng: np.random.Generator, bookmakers: int) -> Panel:
    is_sharp = rng.random(bookmakers) < 0.2
    is_exchange = ~is_sharp & (rng.random(bookmakers) < 0.15)
    operator = np.arange(bookmakers)
    shares = rng.random(bookmakers) < 0.15
    operator = np.where(shares, np.maximum(operator - 1, 0), operator)
    return Panel(
        key=np.array([f"bookmaker{number:02}" for number in range(bookmakers)], dtype=np.str_),
        operator=np.unique(operator, return_inverse=True)[1],
        is_exchange=is_exchange,
        is_sharp=is_sharp,
        is_playable=rng.random(bookmakers) < 0.5,
        commission=np.where(is_exchange, 0.03, 0.0),
    )


def _random_odds(rng: np.random.Generator, is_three_way: Any, panel: Panel, noise: float) -> Floats:
    """Opinions around a truth, a margin on each, and now and then a price far too high."""
    truth = rng.dirichlet([4.0, 3.0, 3.0], size=len(is_three_way))
    truth[:, 1] = np.where(is_three_way, truth[:, 1], np.nan)
    shape = len(truth), len(panel.key), 3
    opinions = truth[:, None] * np.exp(rng.normal(0, noise, size=shape))
    opinions /= np.nansum(opinions, axis=2, keepdims=True)
    margin = np.where(panel.is_exchange, 1.01, rng.uniform(1.02, 1.08, size=shape[:2]))
    odds = 1 / (opinions * margin[..., None])
    odds *= np.where(rng.random(shape) < 0.02, 1.15, 1.0)
    return np.round(np.clip(odds, 1.01, 500.0), 3)


def _random_opening(rng: np.random.Generator, board: Board) -> tuple[Floats, Floats]:
    """Half of the quotes opened at other odds, some time before."""
    has_moved = rng.random(board.changed_at.shape) < 0.5
    earlier = np.exp(rng.normal(0, 0.06, size=board.odds.shape))
    moved = np.round(np.clip(board.odds * earlier, 1.01, 500.0), 3)
    opened_at = board.changed_at - np.where(has_moved, rng.uniform(0, DAY), 0)
    return np.where(has_moved[..., None], moved, board.odds), opened_at


def _random_statements(
    rng: np.random.Generator, odds: Floats, share: float
) -> tuple[Floats, Floats]:
    """A maximum a little above the highest odds, and the mean, for a share of the groups."""
    known = np.nan_to_num(odds, nan=1.0)
    counts = (~np.isnan(odds)).sum(axis=1)
    is_stated = (rng.random(len(odds)) < share)[:, None] & (counts > 0)
    mean = np.divide(np.nansum(odds, axis=1), counts, out=np.ones(counts.shape), where=counts > 0)
    highest = known.max(axis=1, initial=1.0) * 1.01
    return np.where(is_stated, highest, np.nan), np.where(is_stated, mean, np.nan)
