"""Closing line value in words: what a grade says, and why there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, OuterRef, QuerySet, Subquery, Value
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.closing.clv import FOOTBALL_DATA
from betting.models import Bet, ClvStatus, Opportunity
from betting.money import tone
from odds import figures
from odds.admin_facts import two_lines
from odds.models import Bookmaker

UNSAID: dict[str, str | Promise] = {
    ClvStatus.PENDING: gettext_lazy(
        "Not yet: a closing line is captured when the match begins, and the bet is then graded."
    ),
    ClvStatus.LINE_MOVED: gettext_lazy(
        "When the match began nobody offered this line any more, so the closing price of this very "
        "bet is unknown. It is left out of the verdict."
    ),
    ClvStatus.MISSING: gettext_lazy(
        "No closing line: nobody independent of this bet was seen offering the market before "
        "kick-off. It is left out of the verdict."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clv:
    """A grade in sentences; `steps` are empty where there is none."""

    summary: str
    steps: list[str]


def with_reference_titles(
    rows: QuerySet[Any], column: str = "clv_reference", *, named: str = "reference_title"
) -> QuerySet[Any]:
    """Annotated with the title of a reference that is stored by its key."""
    key = Func(OuterRef(column), Value(f"^{FOOTBALL_DATA}"), Value(""), function="regexp_replace")
    titles = Bookmaker.objects.filter(key=key).values("title")
    named_rows: QuerySet[Any] = rows.annotate(**{named: Subquery(titles)})
    return named_rows


def reference_title(key: str, title: str | None) -> str:
    """Whose prices: a bookmaker's title, or the consensus in the user's language.

    Args:
        key: As stored; football-data.co.uk's prices of a bookmaker have a prefix.
        title: The bookmaker's, where it is known.
    """
    if key == "consensus":
        return _("consensus")
    plain = key.removeprefix(FOOTBALL_DATA)
    if plain == key:
        return title or key
    return _("%(bookmaker)s (football-data.co.uk)") % {"bookmaker": title or plain}


def clv_of(graded: Bet | Opportunity) -> float | None:
    """The fair CLV; what is to be graded anew, after a correction, has none."""
    return None if graded.clv_status == ClvStatus.PENDING else graded.clv_fair_pct


def clv_state(graded: Bet | Opportunity) -> str:
    """Whether it is graded, in words that are true before the kick-off and after a correction."""
    if graded.clv_status == ClvStatus.PENDING:
        return _("Not graded yet")
    return graded.get_clv_status_display()


def clv_cell(graded: Bet | Opportunity, title: str | None) -> SafeString:
    """A table cell: the fair CLV in its colour, over the raw one and who graded; or why none."""
    if clv_of(graded) is None:
        return two_lines(figures.UNDEFINED, clv_state(graded))
    counts = graded.clv_status == ClvStatus.GRADED
    fair = format_html(
        '<span class="{}">{}</span>',
        tone(graded.clv_fair_pct, 1) if counts else "mp-muted",
        figures.signed_percent(graded.clv_fair_pct),
    )
    if not counts:
        return two_lines(fair, clv_state(graded))
    raw = _("raw %(clv)s, %(reference)s") % {
        "clv": figures.signed_percent(graded.clv_pct),
        "reference": reference_title(graded.clv_reference, title),
    }
    return two_lines(fair, raw)


def clv_in_words(bet: Bet, reference: str) -> Clv:
    """The grade with its numbers: who closed at what, and what that makes of the odds taken."""
    clv = clv_of(bet)
    if clv is None or bet.closing_probability is None:
        return Clv(summary=str(UNSAID.get(bet.clv_status, UNSAID[ClvStatus.MISSING])), steps=[])
    better = (
        _("You got a better price than the closing line: %(clv)s.")
        if clv > 0
        else _("The closing line was better than your price: %(clv)s.")
    )
    return Clv(
        summary=better % {"clv": figures.signed_percent(clv)},
        steps=list(_steps(bet, reference)),
    )


def _steps(bet: Bet, reference: str) -> Iterator[str]:
    chance = bet.closing_probability or 0
    yield _("%(reference)s closed at %(odds)s, last seen %(minutes)s min before kick-off.") % {
        "reference": reference[:1].upper() + reference[1:],
        "odds": figures.decimal_odds(bet.closing_odds),
        "minutes": figures.whole(round(bet.closing_minutes or 0)),
    }
    yield _("Without its margin that is a probability of %(chance)s, fair odds of %(fair)s.") % {
        "chance": figures.share(chance),
        "fair": figures.decimal_odds(1 / chance) if chance else figures.UNDEFINED,
    }
    yield _formula(bet) % {
        "odds": figures.decimal_odds(bet.odds),
        "net": figures.decimal_odds(float(1 + (1 - bet.commission) * (bet.odds - 1))),
        "chance": figures.share(chance),
        "clv": figures.signed_percent(bet.clv_fair_pct),
    }
    if bet.clv_pct is not None and bet.side == Bet.Side.BACK:
        yield _(
            "Raw, against the odds as offered, margin included: %(odds)s ÷ %(closing)s − 1 = "
            "%(clv)s. That flatters, and does not count."
        ) % {
            "odds": figures.decimal_odds(bet.odds),
            "closing": figures.decimal_odds(bet.closing_odds),
            "clv": figures.signed_percent(bet.clv_pct),
        }
    if bet.clv_status == ClvStatus.EARLY:
        yield _(
            "It was last seen too early to be called closing, so it is left out of the verdict."
        )


def _formula(bet: Bet) -> str:
    """How the fair CLV comes from the odds taken and the closing probability."""
    if bet.side == Bet.Side.LAY:
        return _("You laid %(odds)s: per unit of liability that was worth %(clv)s.")
    if bet.commission:
        return _(
            "You took %(odds)s, net of commission %(net)s: %(net)s × %(chance)s − 1 = %(clv)s."
        )
    return _("You took %(odds)s: %(odds)s × %(chance)s − 1 = %(clv)s.")
