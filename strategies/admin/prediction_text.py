"""Predictions in words: what was predicted, whose probability it is, what its CLV says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from betting.admin.clv_text import (
    UNSAID,
    Clv,
    clv_cell,
    clv_of,
    reference_title,
    with_reference_titles,
)
from betting.models import ClvStatus, Ending
from betting.money import signed_money, tone
from betting.selections import selection
from odds import figures
from odds.admin_facts import change_url, two_lines
from strategies.models import Prediction

COLOURS: Final = {
    Ending.WON: "success",
    Ending.HALF_WON: "success",
    Ending.LOST: "danger",
    Ending.HALF_LOST: "danger",
}


def with_titles(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the titles of whoever's probability it is and of who graded it."""
    named = with_reference_titles(rows, "reference", named="reference_title")
    return with_reference_titles(named, "clv_reference", named="graded_by_title")


def line_of(row: Any, *, now: datetime) -> dict[str, Any]:
    """A prediction for a table; it must come from `with_titles`."""
    return {
        "row": row,
        "url": change_url(row),
        "selection": selection(row),
        "reference": whose(row),
        "result": result_of(row, now=now),
        "clv": short_clv(row),
    }


def whose(row: Any) -> str:
    """Whose probability: a bookmaker, the market's average, the consensus or the agent's own."""
    if not row.reference:
        return _("the agent's own")
    if row.reference == "market_average":
        return _("market average")
    return reference_title(row.reference, row.reference_title)


def result_of(row: Prediction, *, now: datetime) -> SafeString:
    """What one unit brought, over how it ended."""
    if not row.result:
        is_over = row.match.commence_time <= now
        waits = _("waits for the result") if is_over else _("not kicked off")
        return two_lines(figures.UNDEFINED, waits)
    brought = format_html('<span class="{}">{}</span>', tone(row.profit), signed_money(row.profit))
    return two_lines(brought, row.get_result_display())


def short_clv(row: Any) -> SafeString:
    """The fair CLV over the raw one; who graded is said on the page of the prediction."""
    if row.clv_status != ClvStatus.GRADED:
        return clv_cell(row, None)
    fair = format_html(
        '<span class="{}">{}</span>',
        tone(row.clv_fair_pct, 1),
        figures.signed_percent(row.clv_fair_pct),
    )
    return two_lines(fair, _("raw %(clv)s") % {"clv": figures.signed_percent(row.clv_pct)})


def clv_in_words(row: Any) -> Clv:
    """The grade with its numbers, or why there is none."""
    clv = clv_of(row)
    if clv is None or row.outcome == "all":
        unsaid = str(UNSAID.get(row.clv_status, UNSAID[ClvStatus.MISSING]))
        said = _("All legs together, against their closing prices: %(clv)s.")
        summary = unsaid if clv is None else said % {"clv": figures.signed_percent(clv)}
        return Clv(summary=summary, steps=[])
    better = (
        _("The price was better than the closing line: %(clv)s.")
        if clv > 0
        else _("The closing line was better than the price: %(clv)s.")
    )
    return Clv(summary=better % {"clv": figures.signed_percent(clv)}, steps=list(_steps(row)))


def _steps(row: Any) -> Iterator[str]:
    chance = row.closing_probability or 0
    reference = reference_title(row.clv_reference, row.graded_by_title)
    yield _("%(reference)s closed at %(odds)s, last seen %(minutes)s min before kick-off.") % {
        "reference": reference[:1].upper() + reference[1:],
        "odds": figures.decimal_odds(row.closing_odds),
        "minutes": figures.whole(round(row.closing_minutes or 0)),
    }
    yield _("Without its margin that is a probability of %(chance)s, fair odds of %(fair)s.") % {
        "chance": figures.share(chance),
        "fair": figures.decimal_odds(1 / chance) if chance else figures.UNDEFINED,
    }
    commission = float(row.bookmaker.commission) if row.bookmaker else 0.0
    net = 1 + (1 - commission) * (float(row.odds) - 1)
    yield _("It took %(odds)s, net of commission %(net)s: %(net)s × %(chance)s − 1 = %(clv)s.") % {
        "odds": figures.decimal_odds(row.odds),
        "net": figures.decimal_odds(net),
        "chance": figures.share(chance),
        "clv": figures.signed_percent(row.clv_fair_pct),
    }
    if row.clv_status == ClvStatus.EARLY:
        yield _("The closing line was last seen too early, so this does not count.")
