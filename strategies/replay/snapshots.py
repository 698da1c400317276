"""Snapshots of the past: what was on offer at given looks, and nothing seen later.

Pure numbers, nothing of Django.
"""

from dataclasses import dataclass

import numpy as np

from betting.detection.board import MARKETS, Board
from odds.fair_prices import Flags, Floats, Integers
from strategies.replay.history import AVERAGE_COLUMN, MAXIMUM_COLUMN, History, Looks
from strategies.replay.states import Series, differs
from strategies.snapshots import Snapshot

WINNER = MARKETS.index("h2h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A snapshot of the past and where its parts stand in the history.

    Attributes:
        snapshot: What an agent is given.
        match: The match of each group, shape (g,).
        columns: The history's column of each of the snapshot's bookmakers, shape (b,).
        average_at: Since when the stated average stood, NaN where there is none, shape (g,).
    """

    snapshot: Snapshot
    match: Integers
    columns: Integers
    average_at: Floats


def see(history: History, series: Series, looks: Looks) -> Seen:
    """What was on offer at these looks; quotes observed later than a look do not exist for it.

    Args:
        history: The matches and bookmakers.
        series: Its quotes.
        looks: A match, a market and an instant each.
    """
    quotes = series.quotes
    owner, of_match = series.of_matches(looks.match)
    is_asked = quotes.market[series.first[of_match]] == looks.market[owner]
    owner, of_match = owner[is_asked], of_match[is_asked]
    in_force = series.at(of_match, looks.at[owner])
    dated = np.where(in_force >= 0, quotes.observed_at[in_force], -np.inf)
    offered = np.flatnonzero(
        (in_force >= 0)
        & ~np.isnan(quotes.odds[in_force][:, [0, 2]]).all(axis=1)
        & _is_of_newest_listing(history, looks, owner, dated)
    )
    owner, of_match, in_force = owner[offered], of_match[offered], in_force[offered]
    is_new = differs(owner, series.group[of_match])
    group, first = np.cumsum(is_new) - 1, np.flatnonzero(is_new)
    column = quotes.column[in_force]
    used, place = np.unique(column[column >= 0], return_inverse=True)
    is_real = column >= 0
    shape = len(first), len(used)

    def table(values: Floats) -> Floats:
        laid_out = np.full(shape + values.shape[1:], np.nan)
        laid_out[group[is_real], place] = values[is_real]
        return laid_out

    def stated(which: int, values: Floats) -> Floats:
        laid_out = np.full((len(first), *values.shape[1:]), np.nan)
        of_it = column == which
        laid_out[group[of_it]] = values[of_it]
        return laid_out

    opening = series.first[of_match]
    current, observed_at = quotes.odds[in_force], quotes.observed_at[in_force]
    odds = table(current)
    maximum, average = stated(MAXIMUM_COLUMN, current), stated(AVERAGE_COLUMN, current)
    match, market = looks.match[owner[first]], looks.market[owner[first]]
    as_of = looks.at[owner[first]]
    board = Board(
        panel=history.panel.take(used),
        match_id=history.matches.id[match],
        market=market,
        line=quotes.line[in_force[first]],
        is_three_way=_is_three_way(history, match, market, (odds, maximum, average)),
        odds=odds,
        changed_at=table(observed_at),
        seen_at=table(looks.at[owner]),
        source_age_seconds=np.full(shape, np.nan),
    )
    matches = history.matches
    snapshot = Snapshot(
        board=board,
        as_of=as_of,
        kickoff=matches.kickoff[match],
        sport=matches.sport[match],
        home=matches.home[match],
        away=matches.away[match],
        opening=table(quotes.odds[opening]),
        opened_at=table(quotes.observed_at[opening]),
        maximum=maximum,
        average=average,
    )
    return Seen(
        snapshot=snapshot,
        match=match,
        columns=used,
        average_at=stated(AVERAGE_COLUMN, observed_at),
    )


def _is_of_newest_listing(
    history: History, looks: Looks, owner: Integers, observed_at: Floats
) -> Flags:
    """Whether a price stands in the newest list of prices of its look's match and market.

    A source of past seasons lists all it knows of an instant; who is missing from its closing
    prices does not offer there what it did on Friday. Own collections record what is withdrawn.
    """
    newest = np.full(len(looks.at), -np.inf)
    np.maximum.at(newest, owner, observed_at)
    is_imported = history.matches.is_imported[looks.match]
    listed: Flags = ~is_imported[owner] | (observed_at == newest[owner])
    return listed


def _is_three_way(
    history: History, match: Integers, market: Integers, prices: tuple[Floats, Floats, Floats]
) -> Flags:
    """As on a live board: anybody quotes a draw, or a match winner of a sport that has draws."""
    odds, maximum, average = prices
    quotes_draw = (~np.isnan(odds[..., 1])).any(axis=1)
    quotes_draw |= ~np.isnan(maximum[:, 1]) | ~np.isnan(average[:, 1])
    flags: Flags = quotes_draw | (history.matches.has_draws[match] & (market == WINNER))
    return flags
