"""The four cards of the first page in words: value, change in 24 hours, what it rests on."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betting.money import money, signed_money, tone
from betting.performance.verdict import TOO_FEW_MATCHES
from monps.overview_figures import Figures
from odds.figures import UNDEFINED, signed_percent, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One number: how it changed in 24 hours, and the lines that say what it rests on."""

    title: str
    icon: str
    value: str
    tone: str
    change: str
    change_tone: str
    lines: list[str]
    url: str


def cards(page: Figures) -> list[Card]:
    """Bankroll, ROI, fair CLV, active bets."""
    return [_bankroll(page), _roi(page), _clv(page), _active(page)]


def _bankroll(page: Figures) -> Card:
    lately, currency = page.lately, page.currency
    change, moved = lately.gained + lately.moved, []
    if lately.bankroll is None:
        said = _("It began less than 24 h ago")
    else:
        said = _in_a_day(signed_money(change, currency)) if change else _unchanged()
        if lately.moved:
            moved = [
                _("of which %(amount)s moved") % {"amount": signed_money(lately.moved, currency)}
            ]
    available = _("%(amount)s available") % {"amount": money(page.balance.available, currency)}
    at_risk = _("%(amount)s at risk") % {"amount": money(page.balance.exposure, currency)}
    return Card(
        title=_("Bankroll"),
        icon="account_balance_wallet",
        value=money(page.balance.bankroll, currency),
        tone="",
        change=said,
        change_tone="" if lately.bankroll is None else tone(change),
        lines=[*moved, available, at_risk],
        url=reverse("admin:betting_account_changelist"),
    )


def _roi(page: Figures) -> Card:
    evidence, summed = page.evidence, page.book.decided
    lines = [_("No bet is settled yet.")]
    if summed.bets:
        staked = money(summed.risk, page.currency)
        said = _("%(bets)s, %(amount)s staked")
        lines = [said % {"bets": _on_bets(summed.bets), "amount": staked}]
        if evidence.yield_low_pct is not None:
            lines.append(_between(evidence.yield_low_pct, evidence.yield_high_pct))
    change, its_tone = _points(summed.roi_pct, page.lately.roi_pct, page.lately.decided)
    return Card(
        title=_("ROI"),
        icon="trending_up",
        value=signed_percent(summed.roi_pct),
        tone=tone(summed.roi_pct, 1),
        change=change,
        change_tone=its_tone,
        lines=lines,
        url=reverse("admin:betting_bet_changelist"),
    )


def _clv(page: Figures) -> Card:
    evidence = page.evidence
    if not evidence.graded:
        lines = [_("No closing line has graded a bet yet.")]
    else:
        graded = ngettext("%(number)s graded bet", "%(number)s graded bets", evidence.graded)
        matches = ngettext("%(number)s match", "%(number)s matches", evidence.matches)
        on = {"number": whole(evidence.graded)}, {"number": whole(evidence.matches)}
        lines = [
            _("%(bets)s on %(matches)s") % {"bets": graded % on[0], "matches": matches % on[1]}
        ]
        if evidence.clv_low_pct is not None:
            lines.append(_between(evidence.clv_low_pct, evidence.clv_high_pct))
        else:
            lines.append(_("An interval needs %(number)s matches.") % {"number": TOO_FEW_MATCHES})
    change, its_tone = _points(evidence.clv_pct, page.lately.clv_pct, page.lately.graded)
    return Card(
        title=_("Fair CLV"),
        icon="flag",
        value=signed_percent(evidence.clv_pct),
        tone=tone(evidence.clv_pct, 1),
        change=change,
        change_tone=its_tone,
        lines=lines,
        url=reverse("admin:betting_closingline_changelist"),
    )


def _active(page: Figures) -> Card:
    lately = page.lately
    change = page.pending - lately.pending
    placed = ngettext("%(number)s placed", "%(number)s placed", lately.placed)
    settled = ngettext("%(number)s ended", "%(number)s ended", lately.settled)
    moves = [
        placed % {"number": whole(lately.placed)},
        settled % {"number": whole(lately.settled)},
    ]
    signed = f"{'+' if change > 0 else '−'}{whole(abs(change))}"
    at_risk = _("%(amount)s at risk") % {"amount": money(page.balance.exposure, page.currency)}
    return Card(
        title=_("Active bets"),
        icon="hourglass_top",
        value=whole(page.pending),
        tone="",
        change=_in_a_day(signed) if change else _unchanged(),
        change_tone="",
        lines=[_("%(moves)s since yesterday") % {"moves": ", ".join(moves)}, at_risk],
        url=f"{reverse('admin:betting_bet_changelist')}?show=pending",
    )


def _points(value: float | None, before: float | None, number: int) -> tuple[str, str]:
    """How a percentage changed, and its colour; a dash with the reason where that is undefined."""
    if value is None or (before is None and number):
        return _("%(dash)s in 24 h: there was none before") % {"dash": UNDEFINED}, "mp-muted"
    change = round(Decimal(repr(value - (before or 0.0))), 1)
    if not number or not change:
        return _unchanged(), ""
    size = _("%(number)s points") % {"number": number_format(abs(change), 1)}
    return _in_a_day(f"{'+' if change > 0 else '−'}{size}"), tone(change, 1)


def _in_a_day(change: str) -> str:
    return _("%(change)s in 24 h") % {"change": change}


def _unchanged() -> str:
    return _("unchanged in 24 h")


def _on_bets(number: int) -> str:
    said = ngettext("%(number)s settled bet", "%(number)s settled bets", number)
    return said % {"number": whole(number)}


def _between(low: float | None, high: float | None) -> str:
    return _("between %(low)s and %(high)s") % {
        "low": signed_percent(low),
        "high": signed_percent(high),
    }
