"""The page of the system's health: every part good or bad, why, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from alerts.metrics import quota, upkeep
from alerts.models import AlertSettings
from monps import health_line, system_checks
from monps.health_line import State
from monps.system_checks import Check, values_of
from odds.admin_facts import request_time
from odds.gate import terms_at
from odds.models import Sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Parts that belong together."""

    title: str
    checks: list[Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemHealth:
    """Everything on the page."""

    areas: list[Area]

    @property
    def unheard(self) -> list[Check]:
        """Processes that never gave a sign of life: just started, or not at all."""
        return [one for one in self.areas[0].checks if one.sign.state == State.WAITING]

    @property
    def bad(self) -> list[Check]:
        """What needs attention."""
        return self._in(State.BAD)

    @property
    def waiting(self) -> list[Check]:
        """What was never due, or is not used."""
        return self._in(State.WAITING)

    @property
    def good(self) -> list[Check]:
        """What is in order."""
        return self._in(State.GOOD)

    def _in(self, state: State) -> list[Check]:
        return [one for area in self.areas for one in area.checks if one.sign.state == state]


def view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/system/`."""
    if not request.user.has_perm("alerts.view_alert"):
        raise PermissionDenied
    now = request_time()
    context = {
        **admin.site.each_context(request),
        "title": _("System health"),
        "page": read(now),
        "now": now,
    }
    return TemplateResponse(request, "monps/system.html", context)


def read(now: datetime) -> SystemHealth:
    """Look at every part; as many queries whatever the history."""
    thresholds, terms = AlertSettings.current(), terms_at(now)
    facts = values_of(chain(quota.read(now), upkeep.read(now)))
    sports = list(Sport.objects.filter(is_collected=True))
    last, following, left, _work, alerts, backup = health_line.read(sports, terms, now=now)
    collecting = [
        Check(sign=last, remedy=_("Open the call: it says what was answered.")),
        Check(sign=following, remedy=_("Choose sports, or wait for the refill.")),
        Check(sign=left, remedy=_("Ask for fewer markets or regions, or lengthen the interval.")),
        system_checks.failed_calls(facts, thresholds),
    ]
    up = [
        Check(sign=backup, remedy=_("Make one now, and look at why the last one failed.")),
        system_checks.restore_test(facts, thresholds, now),
        system_checks.night(facts, thresholds, now),
        system_checks.budget(facts, thresholds),
    ]
    told = [
        Check(sign=alerts, remedy=_("Open the alerts: each says what it is about.")),
        *system_checks.mails(facts),
        system_checks.alertmanager(),
    ]
    servers = [
        *system_checks.queues(thresholds),
        system_checks.database(),
        system_checks.disk(),
    ]
    return SystemHealth(
        areas=[
            Area(title=_("Processes"), checks=system_checks.processes(thresholds, now)),
            Area(title=_("Servers"), checks=servers),
            Area(title=_("Collecting"), checks=collecting),
            Area(title=_("Upkeep"), checks=up),
            Area(title=_("Messages"), checks=told),
        ]
    )
