"""The verdict in one sentence, and the numbers behind it."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betting.money import signed_money
from betting.performance.verdict import TOO_FEW_MATCHES, Evidence, Verdict, judge
from odds.figures import UNDEFINED, percent, signed_percent, whole


def sentence(evidence: Evidence, *, luck: Decimal | None = None, currency: str = "") -> str:
    """What can be said of the bettor's skill by now, with its numbers.

    Args:
        evidence: What the bets amount to.
        luck: The part of the profit that is luck, in money; left out where not given.
        currency: What stands behind the amount.
    """
    match judge(evidence):
        case Verdict.NO_BETS:
            return _("No bet has been settled yet, so there is nothing to judge.")
        case Verdict.TOO_FEW:
            return _too_few(evidence)
        case Verdict.WINNING:
            said = _("You beat the closing line by %(size)s on %(bets)s (%(claimed)sbetween "
                     "%(low)s and %(high)s): your selection is worth money")  # fmt: skip
        case Verdict.LOSING:
            said = _("The closing line beats you by %(size)s on %(bets)s (%(claimed)sbetween "
                     "%(low)s and %(high)s): your selection costs money")  # fmt: skip
        case _:
            said = _undecided(evidence)
    return f"{said % _words(evidence)}{_luck(evidence, luck, currency)}."


def numbers(
    evidence: Evidence, *, luck: Decimal | None = None, currency: str = ""
) -> list[tuple[str, str]]:
    """The evidence as labels and values, for the page behind the sentence."""
    chance = UNDEFINED if evidence.luck_pct is None else _signed_points(evidence.luck_pct)
    if luck is not None:
        chance = f"{chance} ({signed_money(luck, currency)})"
    return [
        (_("Bets settled"), whole(evidence.bets)),
        (_("Graded by a closing line"), whole(evidence.graded)),
        (_("Matches they are on"), whole(evidence.matches)),
        (_("Edge claimed"), signed_percent(evidence.claimed_pct)),
        (_("CLV without the margin"), signed_percent(evidence.clv_pct)),
        (_("The true CLV lies between"), _between(evidence.clv_low_pct, evidence.clv_high_pct)),
        (_("Raw CLV, which flatters"), signed_percent(evidence.raw_clv_pct)),
        (_("Yield"), signed_percent(evidence.yield_pct)),
        (
            _("The true yield lies between"),
            _between(evidence.yield_low_pct, evidence.yield_high_pct),
        ),
        (_("Luck on the graded bets"), chance),
        (_("Matches needed for a verdict"), whole(evidence.bets_needed)),
    ]


def _too_few(evidence: Evidence) -> str:
    missing = TOO_FEW_MATCHES - evidence.matches
    if missing <= 0:
        return _("Every graded bet has the same CLV, which leaves nothing to judge by.")
    words = {
        "yield": signed_percent(evidence.yield_pct),
        "matches": whole(evidence.matches),
        "missing": whole(missing),
    }
    return ngettext(
        "Too early to tell: a verdict needs %(missing)s more match graded by a closing line "
        "(%(matches)s so far), and results of %(yield)s say nothing yet.",
        "Too early to tell: a verdict needs %(missing)s more matches graded by a closing line "
        "(%(matches)s so far), and results of %(yield)s say nothing yet.",
        missing,
    ) % words  # fmt: skip


def _undecided(evidence: Evidence) -> str:
    """The sentence's frame; `%` stays for the words that all frames share."""
    if evidence.bets_needed is None:
        return _("Your CLV of %(clv)s on %(bets)s (%(claimed)sbetween %(low)s and %(high)s) is not "
                 "told from luck, and at this rate never will be")  # fmt: skip
    return ngettext(
        "Your CLV of %(clv)s on %(bets)s (%(claimed)sbetween %(low)s and %(high)s) is not yet told "
        "from luck: about %(more)s more graded bet is needed at this rate",
        "Your CLV of %(clv)s on %(bets)s (%(claimed)sbetween %(low)s and %(high)s) is not yet told "
        "from luck: about %(more)s more graded bets are needed at this rate",
        _more(evidence),
    )  # fmt: skip


def _more(evidence: Evidence) -> int:
    """Bets still needed, where as many are made on a match as until now."""
    if evidence.bets_needed is None:
        return 0
    bets_of_match = evidence.graded / max(1, evidence.matches)
    return max(1, round((evidence.bets_needed - evidence.matches) * bets_of_match))


def _words(evidence: Evidence) -> dict[str, str]:
    """What the frames are filled with; a loss that is certain is told by its size."""
    low, high = evidence.clv_low_pct, evidence.clv_high_pct
    verdict = judge(evidence)
    if verdict == Verdict.LOSING and low is not None and high is not None:
        low, high = -high, -low
    ends = percent if verdict in {Verdict.WINNING, Verdict.LOSING} else signed_percent
    bets = ngettext("%(number)s bet", "%(number)s bets", evidence.graded)
    return {
        "size": percent(abs(evidence.clv_pct or 0.0)),
        "clv": signed_percent(evidence.clv_pct),
        "bets": bets % {"number": whole(evidence.graded)},
        "low": ends(low),
        "high": ends(high),
        "claimed": _claimed(evidence),
        "more": whole(_more(evidence)),
    }


def _claimed(evidence: Evidence) -> str:
    """Stands first in the brackets, in front of the interval."""
    if evidence.claimed_pct is None:
        return ""
    # Translators: followed by a space and "between 0.6% and 3.0%", in brackets.
    claimed = _("%(claimed)s claimed,") % {"claimed": signed_percent(evidence.claimed_pct)}
    return f"{claimed} "


def _luck(evidence: Evidence, amount: Decimal | None, currency: str) -> str:
    """What luck did, as the end of the sentence; nothing where it is unknown."""
    if evidence.luck_pct is None or evidence.yield_pct is None:
        return ""
    is_good, is_all = evidence.luck_pct >= 0, evidence.graded == evidence.bets
    if is_all and is_good:
        said = _("; results of %(yield)s include %(points)s of good luck")
    elif is_all:
        said = _("; results of %(yield)s include %(points)s of bad luck")
    elif is_good:
        said = _("; results are %(yield)s, and good luck gave %(points)s of those on graded bets")
    else:
        said = _("; results are %(yield)s, and bad luck took %(points)s from those on graded bets")
    points = _points(abs(evidence.luck_pct))
    if amount is not None:
        points = f"{points} ({signed_money(amount, currency)})"
    return said % {"yield": signed_percent(evidence.yield_pct), "points": points}


def _points(value: float) -> str:
    """A difference between two percentages."""
    return _("%(number)s points") % {"number": number_format(round(Decimal(repr(value)), 1), 1)}


def _signed_points(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{_points(abs(value))}"


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return UNDEFINED
    return _("%(low)s and %(high)s") % {"low": signed_percent(low), "high": signed_percent(high)}
