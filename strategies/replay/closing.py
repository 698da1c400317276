"""The closing lines that grade decisions: by whom had no part in them, as live bets are graded.

Pure numbers, nothing of Django.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from betting.closing.prices import BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS, medians
from odds.devig import Method, fair_probabilities
from odds.fair_prices import (
    CONSENSUS,
    PLACES,
    Flags,
    Floats,
    Integers,
    Panel,
    consensus_without_each,
    fair_by_bookmaker,
    overrounds,
)
from strategies.predictions import AVERAGE, EVERY
from strategies.replay.decisions import Decisions
from strategies.replay.history import History, Looks
from strategies.replay.snapshots import Seen, see
from strategies.replay.states import Series

LOOKED_AT_WITHIN: Final = 3600.0  # seconds before kick-off: the settlement settings' default
STATED_WITHIN: Final = 1800.0  # a source's closing prices are dated inside the last half hour
MINIMUM_OPERATORS: Final = 4
DECISIONS_AT_ONCE: Final = 20_000
NOBODY_ELSE: Final = -9  # an operator that no bookmaker has


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What graded each decision; NaN where nothing could.

    Attributes:
        probability: Fair probability of the outcome at the close, shape (n,).
        odds: The same reference's odds as offered, shape (n,).
    """

    probability: Floats
    odds: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Board:
    """What stood at kick-off: odds that may serve, what each holds fair, and the stated average."""

    panel: Panel
    odds: Floats
    fair: Floats
    overround: Floats
    average: Floats
    average_fair: Floats
    is_imported: Flags


def closing_of(decisions: Decisions, history: History, series: Series | None = None) -> Closing:
    """The closing line of each decision's outcome.

    In the order of trust: sharp bookmakers, exchanges, then the consensus of the other operators,
    or the average where a source states it; of equally trusted ones the lowest margin. Neither
    the reference that selected the price nor the operator that offered it ever grades it.

    Args:
        decisions: What was taken.
        history: What they were made in.
        series: The history's, where the caller has them already.
    """
    pairs = np.unique(np.column_stack([decisions.match, decisions.market]), axis=0)
    match = pairs[:, 0].astype(np.intp)
    looks = Looks(
        match=match, market=pairs[:, 1].astype(np.intp), at=history.matches.kickoff[match]
    )
    seen = see(history, series or Series.of(history.quotes, len(history.matches)), looks)
    probability, odds = np.full((2, len(decisions)), np.nan)
    if len(seen.snapshot):
        board, group = _stand(seen, history), _groups_of(decisions, seen)
        for start in range(0, len(decisions), DECISIONS_AT_ONCE):
            rows = np.arange(start, min(start + DECISIONS_AT_ONCE, len(decisions)))
            rows = rows[group[rows] >= 0]
            graded = _grade(decisions.take(rows), board, group[rows], history.panel, seen.columns)
            probability[rows], odds[rows] = graded
    return Closing(probability=probability, odds=odds)


def fair_clv(decisions: Decisions, closing: Closing, net_odds: Floats) -> Floats:
    """Net odds times the closing probability, less one; that of an arbitrage is its profit."""
    clv = net_odds * closing.probability - 1
    fair: Floats = np.where((decisions.place == EVERY) & ~np.isnan(clv), net_odds - 1, clv)
    return fair


def _groups_of(decisions: Decisions, seen: Seen) -> Integers:
    """The group of each decision at kick-off; -1 where its line was no longer offered."""
    board = seen.snapshot.board
    keys = zip(seen.match.tolist(), board.market.tolist(), board.line.tolist(), strict=True)
    numbers = {key: number for number, key in enumerate(keys)}
    asked = zip(
        decisions.match.tolist(), decisions.market.tolist(), decisions.line.tolist(), strict=True
    )
    return np.array([numbers.get(key, -1) for key in asked], dtype=np.intp)


def _stand(seen: Seen, history: History) -> _Board:
    snapshot = seen.snapshot
    board, panel = snapshot.board, snapshot.board.panel
    is_imported = history.matches.is_imported[seen.match]
    until_kickoff = snapshot.kickoff[:, None] - board.changed_at
    is_recent = np.where(
        is_imported[:, None],
        until_kickoff <= STATED_WITHIN,
        _seconds_since_look(seen, history)[:, None] <= LOOKED_AT_WITHIN,
    )
    sums = overrounds(board.odds, board.is_three_way)
    bounds = np.array([BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS])
    low, high = bounds[panel.is_exchange.astype(np.intp)].T
    may_serve = (sums >= low) & (sums <= high) & is_recent
    odds = np.where(may_serve[..., None], board.odds, np.nan)
    is_stated = is_imported & (snapshot.kickoff - seen.average_at <= STATED_WITHIN)
    average = np.where(is_stated[:, None], snapshot.average, np.nan)
    return _Board(
        panel=panel,
        odds=odds,
        fair=fair_by_bookmaker(odds, board.is_three_way, panel, Method.POWER),
        overround=sums,
        average=average,
        average_fair=_fair_of(average, board.is_three_way),
        is_imported=is_imported,
    )


def _seconds_since_look(seen: Seen, history: History) -> Floats:
    """From the newest look at each group's market to kick-off."""
    looks, kickoff = history.looks, history.matches.kickoff
    before = looks.take(looks.at <= kickoff[looks.match])
    newest = np.full((len(kickoff), int(looks.market.max(initial=0)) + 1), -np.inf)
    np.maximum.at(newest, (before.match, before.market), before.at)
    since: Floats = seen.snapshot.kickoff - newest[seen.match, seen.snapshot.board.market]
    return since


def _fair_of(odds: Floats, is_three_way: Flags) -> Floats:
    fair = np.full(odds.shape, np.nan)
    for ways, places in PLACES.items():
        rows = np.flatnonzero(is_three_way == (ways == 3))
        block = np.ix_(rows, np.array(places))
        fair[block] = fair_probabilities(odds[block], Method.POWER)
    return fair


def _grade(
    decisions: Decisions, board: _Board, group: Integers, panel: Panel, columns: Integers
) -> tuple[Floats, Floats]:
    """Closing probability and odds of each decision's outcome; NaN where nobody may say."""
    operator = panel.operator[columns]  # the board's bookmakers by the history's numbers
    is_offering = (operator == _operator(panel, decisions.column)[:, None]) | (
        operator == _operator(panel, decisions.legs)[..., None]
    ).any(axis=1)
    is_selecting = operator == _operator(panel, decisions.source)[:, None]
    rank = np.select([board.panel.is_sharp, board.panel.is_exchange], [0.0, 10.0], np.inf)
    single = np.where(
        is_offering | is_selecting | np.isnan(board.fair[group][..., 0]),
        np.inf,
        rank + board.overround[group],
    )
    many_fair, many_odds = _many(board, group, is_offering)
    is_barred = np.where(board.is_imported[group], AVERAGE, CONSENSUS) == decisions.source
    many = np.where(is_barred | np.isnan(many_fair[:, 0]), np.inf, 20.0)
    ranks = np.concatenate([single, many[:, None]], axis=1)
    chosen, rows = ranks.argmin(axis=1), np.arange(len(group))
    is_graded = np.isfinite(ranks[rows, chosen])
    place = np.where(decisions.place == EVERY, 0, decisions.place)
    fair = np.concatenate([board.fair[group], many_fair[:, None]], axis=1)[rows, chosen, place]
    odds = np.concatenate([board.odds[group], many_odds[:, None]], axis=1)[rows, chosen, place]
    return np.where(is_graded, fair, np.nan), np.where(is_graded, odds, np.nan)


def _operator(panel: Panel, columns: Integers) -> Integers:
    """Whose a column is; of a source's maximum or average, nobody's."""
    known: Integers = np.where(columns >= 0, panel.operator[np.maximum(columns, 0)], NOBODY_ELSE)
    return known


def _many(board: _Board, group: Integers, is_offering: Flags) -> tuple[Floats, Floats]:
    """What many hold fair: the stated average, or the consensus of those that do not offer."""
    outsider = np.full((len(group), 1, 3), np.nan)
    fair = np.where(is_offering[..., None], np.nan, board.fair[group])
    odds = np.where(is_offering[..., None], np.nan, board.odds[group])
    consensus = consensus_without_each(
        np.concatenate([fair, outsider], axis=1),
        _with_outsider(board.panel),
        minimum_operators=MINIMUM_OPERATORS,
    )[:, -1]
    stated = board.is_imported[group][:, None]
    return (
        np.where(stated, board.average_fair[group], consensus),
        np.where(stated, board.average[group], medians(odds)),
    )


def _with_outsider(panel: Panel) -> Panel:
    """The panel with a last bookmaker that offers nothing: its consensus is everyone's."""
    return Panel(
        key=np.append(panel.key, ""),
        operator=np.append(panel.operator, panel.operator.max(initial=-1) + 1),
        is_exchange=np.append(panel.is_exchange, False),
        is_sharp=np.append(panel.is_sharp, False),
        is_playable=np.append(panel.is_playable, False),
        commission=np.append(panel.commission, 0.0),
    )
