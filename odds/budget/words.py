"""Why a call is planned, was not made or is not planned: one sentence in the user's language."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from odds import figures
from odds.budget import missing
from odds.budget.encoding import decoded
from odds.models import PlannedCall
from odds.planner.plans import SENTENCES, Number, Reason

OURS: Final[Mapping[str, str]] = {
    missing.NOT_RUNNING: gettext_noop(
        "No call for %(sport)s was made in its time: MON_PS was not running or was too busy."
    ),
    missing.CALL_FAILED: gettext_noop(
        "The call for closing odds of %(sport)s at %(kickoff)s failed: %(error)s"
    ),
    missing.REFUSED: gettext_noop("No call for %(sport)s was made: %(error)s"),
    missing.MOVED: gettext_noop(
        "The kick-off at %(kickoff)s in %(sport)s was moved after its closing odds were taken."
    ),
    missing.LISTED_LATE: gettext_noop(
        "The match of %(sport)s at %(kickoff)s was listed too late for closing odds."
    ),
}


def sentence(reason: str, numbers: Mapping[str, Number]) -> str:
    """The reason with its numbers."""
    text = OURS[reason] if reason in OURS else SENTENCES[Reason(reason)]
    return _(text) % {name: _shown(value) for name, value in numbers.items()}


def of(row: PlannedCall) -> str:
    """The sentence of a planned, made or missed call; its sport must be loaded."""
    said: dict[str, Any] = {"error": row.error} | decoded(row.numbers)
    return sentence(row.reason, said | {"sport": row.sport.title})


def label(reason: str) -> str:
    """A reason in few words, where many are counted."""
    return _(LABELS.get(reason, reason))


LABELS: Final[Mapping[str, str]] = {
    missing.NOT_RUNNING: gettext_noop("No call in time"),
    missing.CALL_FAILED: gettext_noop("Call failed"),
    missing.REFUSED: gettext_noop("Call refused"),
    missing.MOVED: gettext_noop("Kick-off moved after the call"),
    missing.LISTED_LATE: gettext_noop("Listed too late"),
    missing.WAITING: gettext_noop("Not looked at"),
    Reason.TOO_LATE: gettext_noop("Known too late"),
    Reason.PAUSED: gettext_noop("Calls stopped"),
    Reason.SHORT: gettext_noop("Too few credits"),
    Reason.KEPT: gettext_noop("Credits kept for later"),
    Reason.AFTER_RESET: gettext_noop("Waiting for new credits"),
}


def _shown(value: Number) -> str:
    if isinstance(value, datetime):
        return figures.moment(value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        if minutes >= 60 and minutes % 60 == 0:
            return _("%(hours)s h") % {"hours": minutes // 60}
        return _("%(minutes)s min") % {"minutes": minutes}
    if isinstance(value, float):
        return str(number_format(float(f"{value:.2g}")))
    return str(value)
