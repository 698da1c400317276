"""Line Mover: when the reference has moved, take the price that has not followed it yet.

News reaches the best informed odds first. Where the sharp bookmaker's fair probability of an
outcome has risen since it opened, another bookmaker whose price is older than that move may still
pay the odds of before. Without a sharp bookmaker the consensus of the other operators is followed,
and a price is behind when most of them have changed theirs since. Where nothing has moved, as
where a source gives one price before the match, there is nothing to follow.

Source:
    football-data.co.uk, 32,878 matches: Pinnacle's closing odds have a log-loss of 0.99830, its
    odds some days before of 1.00203, ten times the difference there is between bookmakers at the
    close. What is worth knowing is the time of a price more than whose it is.
"""

from dataclasses import dataclass

import numpy as np

from odds.fair_prices import CONSENSUS, Flags, Floats, Integers, Panel
from strategies.offers import (
    best_edges,
    fair_elsewhere,
    fair_of,
    pick,
    quotes_of,
    sane,
    sane_odds,
    sharpest,
)
from strategies.parameters import number
from strategies.predictions import Predictions
from strategies.snapshots import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """By how much of itself a fair probability must have risen, and what a price must be worth."""

    minimum_move_pct: float = number(2.0, low=0.1, high=50.0)
    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)
    minimum_operators: int = number(4, low=2, high=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """What g groups offered first and offer now, where both are believed.

    `then` and `now` are odds, shape (g, b, 3), `changed_at` the instant of the newest change,
    shape (g, b); all NaN where a bookmaker has no part in the reference.
    """

    then: Floats
    now: Floats
    changed_at: Floats
    is_three_way: Flags
    panel: Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The reference each price is held against, and whether the price is older than its move.

    `then` and `now` are fair probabilities, shape (g, b, 3), `is_behind` has shape (g, b).
    """

    then: Floats
    now: Floats
    is_behind: Flags


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Prices that have not followed a rise of the reference and beat what it holds to be fair."""
    board = snapshot.board
    if not (board.changed_at > snapshot.opened_at).any():
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    quotes = _believed(snapshot, odds)
    column = sharpest(quotes.now, board)
    moves = _of_sharp(quotes, column, board.changed_at)
    alone = np.flatnonzero(column < 0)
    consensus = _of_consensus(_take(quotes, alone), board.changed_at[alone], parameters)
    moves.then[alone], moves.now[alone] = consensus.then, consensus.now
    moves.is_behind[alone] = consensus.is_behind
    has_risen = moves.now / moves.then - 1 >= parameters.minimum_move_pct / 100
    probability, offers = best_edges(
        np.where(has_risen & moves.is_behind[..., None], moves.now, np.nan),
        odds,
        board.panel,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )
    return pick(
        probability,
        offers,
        np.where(column < 0, CONSENSUS, column),
        minimum_edge_pct=parameters.minimum_edge_pct,
    )


def _believed(snapshot: Snapshot, odds: Floats) -> Quotes:
    """Quotes whose odds were sane when they opened and are now."""
    board = snapshot.board
    opening = sane(snapshot.opening, board)
    is_believed = ~np.isnan(odds[..., 0]) & ~np.isnan(opening[..., 0])
    return Quotes(
        then=np.where(is_believed[..., None], opening, np.nan),
        now=np.where(is_believed[..., None], odds, np.nan),
        changed_at=np.where(is_believed, board.changed_at, np.nan),
        is_three_way=board.is_three_way,
        panel=board.panel,
    )


def _take(quotes: Quotes, groups: Integers) -> Quotes:
    """These groups only."""
    return Quotes(
        then=quotes.then[groups],
        now=quotes.now[groups],
        changed_at=quotes.changed_at[groups],
        is_three_way=quotes.is_three_way[groups],
        panel=quotes.panel,
    )


def _of_sharp(quotes: Quotes, column: Integers, changed_at: Floats) -> Moves:
    """The sharp bookmaker's move, and the prices of others that are older than it."""
    then, now = (
        np.repeat(
            fair_of(quotes_of(odds, column), quotes.is_three_way)[:, None], odds.shape[1], axis=1
        )
        for odds in (quotes.then, quotes.now)
    )
    known = np.maximum(column, 0)
    moved_at = np.take_along_axis(quotes.changed_at, known[:, None], axis=1)
    operator = quotes.panel.operator
    return Moves(
        then=then,
        now=now,
        is_behind=(changed_at < moved_at) & (operator != operator[known][:, None]),
    )


def _of_consensus(quotes: Quotes, changed_at: Floats, parameters: Parameters) -> Moves:
    """The move of the other operators, and prices older than those of most of them."""
    panel = quotes.panel
    then, now = (
        fair_elsewhere(
            odds, quotes.is_three_way, panel, minimum_operators=parameters.minimum_operators
        )
        for odds in (quotes.then, quotes.now)
    )
    is_member = panel.membership > 0
    changes = np.where(np.isnan(quotes.changed_at), -np.inf, quotes.changed_at)
    newest = np.where(is_member, changes[:, None], -np.inf).max(axis=2)  # (g, o)
    is_other = np.isfinite(newest)[:, None] & ~is_member.T
    later = (is_other & (newest[:, None] > changed_at[..., None])).sum(axis=2)
    return Moves(then=then, now=now, is_behind=2 * later > is_other.sum(axis=2))
