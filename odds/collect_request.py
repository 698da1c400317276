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
    told = refusal(sport, now=now, is_forced=is_forced)
    if told is None:
        current_app.send_task(TASK, args=[sport.key, is_forced], expires=EXPIRES_SECONDS)
    return told


def refusal(sport: Sport, *, now: datetime, is_forced: bool) -> str | None:
    """What a call would cost and why it is not made now, in one sentence; None where it may be."""
    terms = gate.terms_at(now)
    try:
        gate.check(sport, now=now, is_forced=is_forced, terms=terms)
    except gate.CollectionRefusedError:
        text, when = _reason(sport, now=now, terms=terms)
        return text % {
            "sport": sport,
            "cost": figures.whole(terms.cost),
            "left": figures.whole(terms.account.remaining),
            "reserve": figures.whole(terms.account.reserve),
            "kept": figures.whole(terms.kept),
            "when": figures.away(when, now),
        }
    return None


def _reason(sport: Sport, *, now: datetime, terms: gate.Terms) -> tuple[str, datetime]:
    """Which rule of the gate it is, and when it no longer holds."""
    resets_at = terms.account.resets_at
    if terms.is_exhausted:
        return _(
            "%(sport)s: no call, for it costs %(cost)s, %(left)s credits are left, %(reserve)s are "
            "the reserve and the account is refilled %(when)s."
        ), resets_at
    if terms.is_planned and (until := gate.paused_until(now)):
        return _(
            "%(sport)s: no call, for it costs %(cost)s and The Odds API refused the last one; the "
            "next is made %(when)s, unless you force it."
        ), until
    if terms.keeps_from_request:
        return _(
            "%(sport)s: no call, for it costs %(cost)s and of %(left)s credits left %(reserve)s "
            "are the reserve and %(kept)s are kept for planned closing odds and results; force it "
            "to have it all the same."
        ), resets_at
    return _(
        "%(sport)s: no call, for it costs %(cost)s and the next one is due %(when)s; force it to "
        "have it now."
    ), gate.due_at(sport, now, terms)
