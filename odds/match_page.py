"""What the page of one match shows: its markets, who offers what now, and how odds moved."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from odds import figures, history_chart
from odds.devig import Method
from odds.fair_prices import PLACES, fair_by_bookmaker, overrounds
from odds.models import Bookmaker, LatestQuote, Market, Match, MatchChange
from odds.panels import panel_of

H2H_SIDES = (_("Home"), _("Draw"), _("Away"))
SIDES: dict[str, Sequence[str | Promise]] = {
    Market.H2H: H2H_SIDES,
    Market.H2H_LAY: H2H_SIDES,
    Market.TOTALS: (_("Over"), _("Under")),
    Market.SPREADS: (_("Home"), _("Away")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One market, or one line of the market that is shown."""

    label: str
    query: str
    bookmaker_count: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One outcome in a bookmaker's row; `fair_probability` is this bookmaker's own, devigged."""

    odds: Decimal | None
    fair_probability: float | None
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A bookmaker's current quote; `is_on_offer` is whether the newest collection still had it."""

    bookmaker: Bookmaker
    sides: list[Side]
    margin: float | None
    seen_at: datetime
    changed_at: datetime
    is_on_offer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """Everything on the page; `chart` is None where there is no quote."""

    market: str
    line: Decimal
    market_tabs: list[Tab]
    line_tabs: list[Tab]
    sides: Sequence[str | Promise]
    rows: list[Row]
    observed_at: datetime | None
    chart: dict[str, Any] | None
    changes: list[MatchChange]


def read(match: Match, *, market: str | None, line: str | None) -> MatchPage:
    """The page of a match for the market and line asked for, or the most quoted ones."""
    quotes = list(match.latest_quotes.select_related("bookmaker"))
    shown = _chosen_market(quotes, market)
    of_market = [quote for quote in quotes if quote.market == shown]
    lines = Counter(quote.line for quote in of_market)
    shown_line = _chosen_line(lines, line)
    current = [quote for quote in of_market if quote.line == shown_line]
    sides = SIDES[shown]
    return MatchPage(
        market=shown,
        line=shown_line,
        market_tabs=_market_tabs(quotes, shown),
        line_tabs=_line_tabs(lines, shown, shown_line),
        sides=sides,
        rows=_rows(current, shown),
        observed_at=max((quote.seen_at for quote in current), default=None),
        chart=history_chart.read(match, shown, shown_line, current, sides) if current else None,
        changes=list(match.changes.all()[:20]),
    )


def _chosen_market(quotes: Iterable[LatestQuote], asked: str | None) -> str:
    offered = {quote.market for quote in quotes}
    if asked in offered:
        return str(asked)
    return next((market for market in Market.values if market in offered), Market.H2H)


def _chosen_line(lines: Counter[Decimal], asked: str | None) -> Decimal:
    try:
        line = Decimal(asked or "")
    except InvalidOperation:
        line = None
    if line is not None and line in lines:
        return line
    return max(lines, key=lambda line: (lines[line], -abs(line)), default=Decimal(0))


def _market_tabs(quotes: Iterable[LatestQuote], shown: str) -> list[Tab]:
    bookmakers = Counter(
        market for market, _bookmaker in {(quote.market, quote.bookmaker_id) for quote in quotes}
    )
    return [
        Tab(
            label=str(market.label),
            query=f"?market={market.value}",
            bookmaker_count=bookmakers[market.value],
            is_current=market.value == shown,
        )
        for market in Market
        if bookmakers[market.value]
    ]


def _line_tabs(lines: Counter[Decimal], market: str, shown: Decimal) -> list[Tab]:
    if market not in {Market.TOTALS, Market.SPREADS}:
        return []
    write = figures.signed_line if market == Market.SPREADS else figures.plain_line
    return [
        Tab(
            label=write(line),
            query=f"?market={market}&line={line}",
            bookmaker_count=lines[line],
            is_current=line == shown,
        )
        for line in sorted(lines)
    ]


def _rows(quotes: list[LatestQuote], market: str) -> list[Row]:
    """Each bookmaker's quote, those on offer first; best is the lowest where one lays."""
    if not quotes:
        return []
    newest = max(quote.seen_at for quote in quotes)
    pick = min if market == Market.H2H_LAY else max
    offered = [_odds_of(quote, market) for quote in quotes if quote.seen_at == newest]
    best = [pick(filter(None, column), default=None) for column in zip(*offered, strict=True)]
    margins, chances = _margins_and_chances(quotes, market)
    rows = [
        Row(
            bookmaker=quote.bookmaker,
            sides=[
                Side(odds=odds, fair_probability=chance, is_best=is_on_offer and odds == top)
                for odds, chance, top in zip(_odds_of(quote, market), own, best, strict=True)
            ],
            margin=margin,
            seen_at=quote.seen_at,
            changed_at=quote.changed_at,
            is_on_offer=is_on_offer,
        )
        for quote, margin, own in zip(quotes, margins, chances, strict=True)
        for is_on_offer in [quote.seen_at == newest]
    ]
    return sorted(rows, key=lambda row: (not row.is_on_offer, row.bookmaker.title.lower()))


def _odds_of(quote: LatestQuote, market: str) -> list[Decimal | None]:
    """A quote's odds in the order of its market's sides."""
    places = [quote.odds_1, quote.odds_x, quote.odds_2]
    return [places[place] for place in PLACES[len(SIDES[market])]]


def _margins_and_chances(
    quotes: list[LatestQuote], market: str
) -> tuple[list[float | None], list[list[float | None]]]:
    """Overrounds minus one and each bookmaker's devigged probabilities; a lay price has neither."""
    ways = len(SIDES[market])
    if market == Market.H2H_LAY:
        return [None] * len(quotes), [[None] * ways for _quote in quotes]
    odds = np.array(
        [[[quote.odds_1, quote.odds_x, quote.odds_2] for quote in quotes] + [[None] * 3]],
        dtype=np.float64,
    )
    is_three_way = np.array([ways == 3])
    panel = panel_of([quote.bookmaker for quote in quotes])
    fair = fair_by_bookmaker(odds, is_three_way, panel, Method.POWER)[0]
    margins = overrounds(odds, is_three_way)[0] - 1
    known = len(quotes)
    return (
        [_defined(margin) for margin in margins[:known]],
        [[_defined(row[place]) for place in PLACES[ways]] for row in fair[:known]],
    )


def _defined(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
