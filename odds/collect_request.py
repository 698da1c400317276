"""A user asks for a collection now: queued when the gate lets it, refused in their language."""

from datetime import datetime

from celery import current_app
from django.utils.translation import gettext as _

from odds import figures, gate
from odds.models import Sport

TASK = "monps.pipeline.collect_and_detect"  # by name: odds imports nothing above it
EXPIRES_SECONDS = 60  # a stalled worker does not spend credits on a request nobody waits for


def request_collection(sport: Sport, *, now: datetime, is_forced: bool) -> str | None:
    """Queue a call for one sport.

    Returns:
        None when it is queued, else why it is not.
    """
    terms = gate.terms_at(now)
    try:
        gate.check(sport, now=now, is_forced=is_forced, terms=terms)
    except gate.CollectionRefusedError:
        return _refusal(sport, now=now, terms=terms)
    current_app.send_task(TASK, args=[sport.key, is_forced], expires=EXPIRES_SECONDS)
    return None


def _refusal(sport: Sport, *, now: datetime, terms: gate.Terms) -> str:
    account = terms.account
    if terms.is_exhausted:
        return _(
            "%(sport)s: no call. %(left)s credits are left, %(reserve)s are the reserve and a call "
            "costs %(cost)s; the account is refilled %(when)s."
        ) % {
            "sport": sport,
            "left": figures.whole(account.remaining),
            "reserve": figures.whole(account.reserve),
            "cost": terms.cost,
            "when": figures.away(account.resets_at, now),
        }
    if terms.is_planned:
        return _(
            "%(sport)s: no call. The plan decides when; force it to have it now "
            "(credits: %(cost)s)."
        ) % {"sport": sport, "cost": terms.cost}
    return _("%(sport)s: no call. The next one is due %(when)s; force it to have it now.") % {
        "sport": sport,
        "when": figures.away(gate.due_at(sport, now, terms), now),
    }
