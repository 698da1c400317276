"""Improvements in words and cells: what changes, how far a test is, what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.money import signed_money, tone
from odds import figures
from odds.admin_facts import two_lines
from strategies.admin.parameter_form import parameter_text
from strategies.models import Improvement, LearningRun

DOLLAR_DECIMALS: Final = 4
Status = Improvement.Status
Verdict = Improvement.Verdict
STATUS_TONES: Final[dict[str, str]] = {
    Status.PROPOSED: "",
    Status.ACTIVE: "info",
    Status.APPLIED: "success",
    Status.ARCHIVED: "warning",
}
VERDICT_TONES: Final[dict[str, str]] = {
    Verdict.BETTER: "mp-good",
    Verdict.WORSE: "mp-bad",
    Verdict.UNDECIDED: "mp-muted",
}
# A step that was refused, by the status that forbids it.
REFUSALS: Final[dict[str, str | Promise]] = {
    Status.PROPOSED: gettext_lazy("%(name)s is proposed; this step does not lead from there."),
    Status.ACTIVE: gettext_lazy("%(name)s is in test; this step does not lead from there."),
    Status.APPLIED: gettext_lazy("%(name)s is applied; this step does not lead from there."),
    Status.ARCHIVED: gettext_lazy("%(name)s is archived; this step does not lead from there."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One parameter of an improvement: its name for people, before and after."""

    label: str
    explanation: str
    before: float | None
    after: float
    tested: float | None

    @property
    def values(self) -> tuple[str, str]:
        """Before and after, as they are written."""
        return figures.plain(self.before), figures.plain(self.after)

    @property
    def moved(self) -> str:
        """What arm A had, where it was not what was in force at the proposal; else empty."""
        is_moved = self.tested is not None and self.tested != self.before
        return figures.plain(self.tested) if is_moved else ""

    def __str__(self) -> str:
        return f"{self.label} {figures.plain(self.before)} → {figures.plain(self.after)}"


def changes_of(improvement: Improvement) -> Iterator[ChangeLine]:
    """What changes, and what arm A had where there was a test."""
    rules, arm_a = improvement.strategy.rules, improvement.version_a
    for name, after in improvement.new_parameters.items():
        text = parameter_text(rules, name)
        yield ChangeLine(
            label=str(text.label),
            explanation=str(text.explanation),
            before=improvement.old_parameters.get(name),
            after=after,
            tested=arm_a.mapping.get(name) if arm_a else None,
        )


def name_of(improvement: Improvement) -> str:
    """What an improvement is called: its strategy and its number."""
    return _("%(strategy)s, improvement %(number)d") % {
        "strategy": improvement.strategy.strategy_name,
        "number": improvement.pk,
    }


def refusal_of(status: str, name: str) -> str:
    """Why a step was refused, in one sentence."""
    return str(REFUSALS[status]) % {"name": name}


def change_cell(improvement: Improvement) -> SafeString:
    """What changes, a parameter in each line."""
    lines = format_html_join("", '<span class="mp-first">{}</span>',
                             ((str(line),) for line in changes_of(improvement)))  # fmt: skip
    return format_html('<span class="mp-cell">{}</span>', lines)


def gain_interval(improvement: Improvement) -> str:
    """The interval of the gain in points: `−0.10 to +1.70`; a dash where it is unknown."""
    low, high = improvement.clv_gain_low, improvement.clv_gain_high
    if low is None or high is None:
        return figures.UNDEFINED
    return _("%(low)s to %(high)s") % {"low": signed_money(low), "high": signed_money(high)}


def test_cell(improvement: Improvement) -> SafeString | str:
    """How many matches of the plan are compared, over the gain with its interval."""
    if improvement.ab_test_start is None:
        return figures.UNDEFINED
    compared: object = _("%(compared)s of %(horizon)s matches") % {
        "compared": figures.whole(improvement.paired_matches),
        "horizon": figures.whole(improvement.plan_horizon),
    }
    if improvement.verdict:
        compared = format_html(
            '{} · <span class="{}">{}</span>', compared, VERDICT_TONES[improvement.verdict],
            improvement.get_verdict_display(),
        )  # fmt: skip
    return two_lines(compared, _gain_cell(improvement))


def _gain_cell(improvement: Improvement) -> SafeString | str:
    if improvement.clv_gain is None:
        return _("nothing compared yet")
    gain = format_html(
        '<span class="{}">{}</span>', tone(improvement.clv_gain), signed_money(improvement.clv_gain)
    )
    between = gain_interval(improvement)
    if between == figures.UNDEFINED:
        return format_html(_("{} points of CLV"), gain)
    return format_html(_("{} points of CLV ({})"), gain, between)


def baseline_cell(improvement: Improvement) -> SafeString | str:
    """The win rate before, over the yield and the number both rest on."""
    if not improvement.baseline_samples and improvement.baseline_win_rate is None:
        return figures.UNDEFINED
    beneath = _("yield %(roi)s, n = %(number)s") % {
        "roi": figures.signed_percent(improvement.baseline_roi),
        "number": figures.whole(improvement.baseline_samples),
    }
    won = _("%(rate)s won") % {"rate": figures.percent(improvement.baseline_win_rate)}
    return two_lines(won, beneath)


def verdict_in_words(improvement: Improvement) -> str:
    """What the test says, in one plain sentence."""
    told = {
        "compared": figures.whole(improvement.paired_matches),
        "horizon": figures.whole(improvement.plan_horizon),
        "effect": figures.plain(improvement.plan_effect),
        "date": figures.moment(improvement.verdict_at),
    }
    return str(_verdict_sentence(improvement)) % told


def _verdict_sentence(improvement: Improvement) -> str:
    """The sentence with its gaps; a verdict once reached stands, whatever the numbers do later."""
    if improvement.verdict == Verdict.BETTER:
        return _(
            "The change is better: on %(date)s its gain had reached the %(effect)s points that "
            "count, and the whole interval lay above 0."
        )
    if improvement.verdict == Verdict.WORSE:
        return _("The change is worse: on %(date)s the whole interval lay below 0.")
    if improvement.verdict == Verdict.UNDECIDED:
        return _(
            "Undecided: %(horizon)s matches were compared by %(date)s, and the change was shown to "
            "be neither better nor worse."
        )
    if improvement.ab_test_start is None:
        return _("Not tested yet: nothing is known of what the change brings.")
    if improvement.is_in_test:
        return _(
            "No verdict yet: %(compared)s of at most %(horizon)s matches are compared. The change "
            "is better once the whole interval lies above 0 and the gain is %(effect)s points or "
            "more."
        )
    return _("The test ended without a verdict, after %(compared)s matches compared.")


def dollars(row: LearningRun) -> str:
    """What an analysis cost; a dash where nothing is charged."""
    if row.cost_usd is None:
        return figures.UNDEFINED
    amount = f"{number_format(row.cost_usd, DOLLAR_DECIMALS)} $"
    return _("at most %(amount)s") % {"amount": amount} if row.is_cost_assumed else amount
