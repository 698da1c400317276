"""How the odds of one market moved: the lines of a match page's chart.

History holds changes only, so a bookmaker's line is a staircase from one change to the next. It has
a gap from the look that no longer found its quote to the one that did again, and ends at the last
collection that still offered it. Best, median and fair odds are taken at each
instant over the bookmakers that were on offer then.
"""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from odds.devig import Method
from odds.fair_prices import (
    CONSENSUS,
    NOBODY,
    PLACES,
    Floats,
    Integers,
    fair_by_bookmaker,
    overrounds,
    references,
)
from odds.models import Bookmaker, LatestQuote, Market, Match, Quote
from odds.panels import panel_of

QUOTES_READ = 2_000  # the newest of one market and line; a busy match has a few hundred
MINIMUM_OPERATORS = 4  # of a consensus, as detection takes it by default

Points = list[tuple[int, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A market's odds at every instant where something changed.

    Attributes:
        start: The first instant, in seconds since 1970.
        seconds: The instants, in seconds since the start, shape (g,).
        odds: What each bookmaker offered, shape (g, b, 3); NaN where it offered nothing.
        bookmakers: The b columns.
        is_cut: Older quotes exist that were not read.
        quote_count: How many were read.
    """

    start: int
    seconds: Integers
    odds: Floats
    bookmakers: list[Bookmaker]
    is_cut: bool
    quote_count: int


def read(
    match: Match,
    market: str,
    line: Decimal,
    current: Sequence[LatestQuote],
    sides: Sequence[str | Promise],
) -> dict[str, Any]:
    """The chart as JSON-ready data.

    Args:
        match: Whose odds.
        market: One of `Market`.
        line: The goals or handicap line, 0 where the market has none.
        current: The market's current quotes with their bookmakers; not empty.
        sides: The labels of the two or three outcomes.

    Returns:
        `sides`, each with the points of `best`, `median`, `fair`, of the `reference` as it offers
        where it is a bookmaker, and of every bookmaker; a point
        is (seconds since `start`, odds), with odds null where nothing is offered.
    """
    newest_first = list(
        Quote.objects.filter(match=match, market=market, line=line)
        .order_by("-observed_at")
        .values_list("observed_at", "bookmaker_id", "odds_1", "odds_x", "odds_2")[: QUOTES_READ + 1]
    )
    history = _history(newest_first, current)
    is_lay = market == Market.H2H_LAY
    fair, source = (None, NOBODY) if is_lay else _fair_odds(history, len(sides))
    return {
        "zone": settings.TIME_ZONE,
        "start": history.start,
        "kickoff": int(match.commence_time.timestamp()) - history.start,
        "cut": history.is_cut,
        "quotes": history.quote_count,
        "reference": _title(history, source),
        "sides": [
            _side(history, str(label), place, fair, source=source, is_lay=is_lay)
            for label, place in zip(sides, PLACES[len(sides)], strict=True)
        ],
    }


def _history(newest_first: Sequence[tuple[Any, ...]], current: Iterable[LatestQuote]) -> History:
    """Each bookmaker's newest quote carried on to every later instant, until it left.

    What came when nobody offered anything any more, such as the last withdrawals, moves no line.
    """
    ends = {quote.bookmaker: int(quote.seen_at.timestamp()) for quote in current}
    end = max(ends.values())
    quotes = [row for row in newest_first[QUOTES_READ - 1 :: -1] if int(row[0].timestamp()) <= end]
    bookmakers = sorted(ends, key=lambda bookmaker: bookmaker.title.lower())
    columns = {bookmaker.pk: column for column, bookmaker in enumerate(bookmakers)}
    times = [int(when.timestamp()) for when, *_rest in quotes]
    instants = np.unique([*times, *ends.values(), *_departures(ends.values())])
    newest = np.full((len(instants), len(bookmakers)), -1)
    for number, (second, quote) in enumerate(zip(times, quotes, strict=True)):
        if (column := columns.get(quote[1])) is not None:
            newest[np.searchsorted(instants, second), column] = number
    newest = np.maximum.accumulate(newest, axis=0)
    known = np.array([*(quote[2:] for quote in quotes), [None] * 3], dtype=np.float64)
    odds = known[newest]
    for column, bookmaker in enumerate(bookmakers):
        odds[instants > ends[bookmaker], column] = np.nan
    return History(
        start=int(instants[0]),
        seconds=instants - instants[0],
        odds=odds,
        bookmakers=bookmakers,
        is_cut=len(newest_first) > QUOTES_READ,
        quote_count=len(quotes),
    )


def _departures(ends: Iterable[int]) -> list[int]:
    """The first second without a bookmaker that left before the others."""
    distinct = set(ends)
    return [end + 1 for end in distinct if end != max(distinct)]


def _fair_odds(history: History, ways: int) -> tuple[Floats, int]:
    """The reference's fair odds at every instant, shape (g, 3), and whose they are at the end.

    Whose: a column, or as `odds.fair_prices` names the consensus and nobody.
    """
    nothing = np.full((len(history.odds), 1, 3), np.nan)
    odds = np.concatenate([history.odds, nothing], axis=1)
    panel = panel_of(history.bookmakers)
    is_three_way = np.full(len(odds), ways == 3)
    chosen = references(
        fair_by_bookmaker(odds, is_three_way, panel, Method.POWER),
        overrounds(odds, is_three_way),
        panel,
        minimum_operators=MINIMUM_OPERATORS,
    )
    return 1 / chosen.fair[:, -1], int(chosen.source[-1, -1])


def _title(history: History, source: int) -> str:
    name = {CONSENSUS: _("consensus"), NOBODY: ""}.get(source)
    return history.bookmakers[source].title if name is None else name


def _side(
    history: History, label: str, place: int, fair: Floats | None, *, source: int, is_lay: bool
) -> dict[str, Any]:
    """Every line of one outcome."""
    odds = history.odds[..., place]
    pick = np.fmin if is_lay else np.fmax
    with warnings.catch_warnings():  # an instant without any odds has no median, and says so
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nanmedian(odds, axis=1)
    return {
        "label": label,
        "best": _points(history.seconds, pick.reduce(odds, axis=1)),
        "median": _points(history.seconds, middle),
        "fair": [] if fair is None else _points(history.seconds, fair[:, place]),
        "reference": _points(history.seconds, odds[:, source]) if source >= 0 else [],
        "bookmakers": [
            {"name": bookmaker.title, "points": _points(history.seconds, odds[:, column])}
            for column, bookmaker in enumerate(history.bookmakers)
        ],
    }


def _points(seconds: Integers, odds: Floats) -> Points:
    """The corners of a staircase: where it starts, changes, pauses and ends."""
    rounded = np.round(odds, 3)
    before, after = rounded[:-1], rounded[1:]
    has_changed = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    is_start = np.concatenate([[True], has_changed])
    is_end = np.concatenate([np.isnan(after), [True]]) & ~np.isnan(rounded)
    kept = is_start | is_end
    return [
        (int(second), None if np.isnan(value) else float(value))
        for second, value in zip(seconds[kept], rounded[kept], strict=True)
    ]
