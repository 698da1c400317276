"""One mail for each A/B test that reached its verdict."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from alerts.channels import address_of
from alerts.mails import outbox, rendering
from alerts.mails.letters import Card, Letter, Tone
from alerts.models import Mail, NotificationSettings
from betting.money import signed_money
from odds import figures
from strategies.admin import improvement_text
from strategies.models import Improvement

LATELY: Final = timedelta(days=2)  # an older verdict is no news, should mails be switched on late
TONES: Final[dict[str, Tone]] = {
    Improvement.Verdict.BETTER: Tone.GOOD,
    Improvement.Verdict.WORSE: Tone.BAD,
    Improvement.Verdict.UNDECIDED: Tone.WARNING,
}


def post_verdicts(*, now: datetime) -> int:
    """Post a mail about each new verdict; a second call posts nothing.

    Returns:
        How many were posted.
    """
    chosen = NotificationSettings.current()
    if not outbox.is_open(chosen):
        return 0
    reached = Improvement.objects.filter(verdict_at__gt=now - LATELY, verdict_at__lte=now)
    keys = {f"verdict-{pk}": pk for pk in reached.values_list("pk", flat=True)}
    posted = Mail.objects.filter(key__in=keys).values_list("key", flat=True)
    new = {keys[key]: key for key in keys.keys() - set(posted)}
    with rendering.for_readers(chosen):
        return sum(
            outbox.post_letter(new[one.pk], _letter(one), now=now)
            for one in reached.filter(pk__in=new)
            .select_related("strategy", "version_a__strategy")
            .order_by("verdict_at")
        )


def _letter(improvement: Improvement) -> Letter:
    name = improvement_text.name_of(improvement)
    verdict = improvement.get_verdict_display()
    facts = [
        (_("Strategy"), str(improvement.strategy)),
        (_("Gain in fair CLV (points)"), signed_money(improvement.clv_gain)),
        (_("Interval"), improvement_text.gain_interval(improvement)),
        (_("Matches compared"), figures.whole(improvement.paired_matches)),
    ]
    return Letter(
        subject=_("🧪 [MON_PS] A/B test: %(verdict)s · %(name)s")
        % {"verdict": verdict, "name": name},
        severity=Mail.Severity.INFO,
        kicker=_("A/B test"),
        title=_("%(verdict)s: %(name)s") % {"verdict": verdict, "name": name},
        lead=improvement_text.verdict_in_words(improvement),
        tone=TONES[improvement.verdict],
        cards=[
            Card(
                title=" · ".join(str(one) for one in improvement_text.changes_of(improvement)),
                badge=str(verdict),
                tone=TONES[improvement.verdict],
                facts=facts,
            )
        ],
        notes=[_("Nothing changes by itself: apply the change or put it away on its page.")],
        url=address_of("admin:strategies_improvement_change", improvement.pk),
        url_text=_("Decide"),
    )
