"""Closing lines as pages show them: whose, at what odds, how fair, how late."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from betting.admin.clv_text import reference_title, with_reference_titles
from betting.models import ClosingLine, SettlementSettings
from odds import figures
from odds.fair_prices import PLACES
from odds.models import Market, Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One closing line on a match's page."""

    row: ClosingLine
    market: str
    reference: str
    odds: str
    fair: str
    minutes: str
    is_early: bool


def rows(match: Match) -> list[Row]:
    """A match's closing lines for its present kick-off, market by market."""
    lines = with_reference_titles(
        match.closing_lines.filter(kickoff_at=match.commence_time), "reference"
    ).order_by("market", "line", "missing", "reference")
    if not lines:
        return []
    oldest = SettlementSettings.current().closing_max_age_minutes
    return [
        Row(
            row=line,
            market=market_of(line),
            reference=reference_title(line.reference, line.reference_title),
            odds=odds_of(line),
            fair=fair_odds_of(line),
            minutes=minutes_of(line),
            is_early=is_early(line, oldest),
        )
        for line in lines
    ]


def for_chart(match: Match, market: str, line: Decimal, *, start: int) -> dict[str, Any] | None:
    """The closing line of one market for the chart of its odds.

    Args:
        match: Whose.
        market: One of `Market`.
        line: The goals or handicap line, 0 where the market has none.
        start: The chart's first instant, in seconds since 1970.

    Returns:
        Whose it is, when it was last seen in seconds since the start, and the odds of each side;
        None where nothing was captured.
    """
    known = with_reference_titles(
        match.closing_lines.filter(
            kickoff_at=match.commence_time, market=market, line=line, missing=""
        ),
        "reference",
    )
    closing: Any = known.order_by("-source", "reference").first()
    if closing is None or closing.seen_at is None:
        return None
    odds = (closing.odds_1, closing.odds_x, closing.odds_2)
    places = PLACES[3 if closing.odds_x is not None else 2]
    return {
        "title": reference_title(closing.reference, closing.reference_title),
        "at": int(closing.seen_at.timestamp()) - start,
        "odds": [None if (one := odds[place]) is None else float(one) for place in places],
    }


def market_of(line: ClosingLine) -> str:
    """The market with its line: `Over / under 2.5`, `Handicap −0.5`."""
    name = line.get_market_display()
    if line.market == Market.TOTALS:
        return f"{name} {figures.plain_line(line.line)}"
    if line.market == Market.SPREADS:
        return f"{name} {figures.signed_line(line.line)}"
    return name


def odds_of(line: ClosingLine) -> str:
    """As offered, home to away or over to under."""
    return _joined([line.odds_1, line.odds_x, line.odds_2])


def fair_odds_of(line: ClosingLine) -> str:
    """One over each fair probability."""
    chances = (line.fair_1, line.fair_x, line.fair_2)
    return _joined([1 / chance if chance else None for chance in chances])


def is_early(line: ClosingLine, oldest_minutes: int) -> bool:
    """Last seen too long before kick-off to count."""
    return (line.minutes_before_kickoff or 0) > oldest_minutes


def minutes_of(line: ClosingLine) -> str:
    """How long before kick-off it was last seen."""
    if line.minutes_before_kickoff is None:
        return figures.UNDEFINED
    return _("%(number)s min") % {"number": figures.whole(round(line.minutes_before_kickoff))}


def _joined(odds: list[Any]) -> str:
    known: list[Decimal | float] = [one for one in odds if one is not None]
    return " · ".join(figures.decimal_odds(one) for one in known) or figures.UNDEFINED
