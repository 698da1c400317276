"""The page Budget API in the admin, its slider, and the calendar feed beside it."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from monps.budget import feed, page, slider
from odds.budget import stored
from odds.models import PlannerSettings, Sport

MAY_LOOK = "odds.view_collection"
MAY_SAVE = "odds.change_plannersettings"


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest) -> HttpResponse:
    """Show the page, or save the slider."""
    if not request.user.has_perm(MAY_LOOK):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request)
    now = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": _("Budget API"),
        "page": page.read(now, page.asked(request.GET.dict(), now)),
        "now": now,
        "is_simulated": settings.SIMULATED,
        "may_save": request.user.has_perm(MAY_SAVE),
        "feed_url": _feed_url(request),
    }
    return TemplateResponse(request, "admin/odds/budget/page.html", context)


def _save(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_SAVE):
        raise PermissionDenied
    position = slider.position_of(request.POST.get("position"))
    if position is None:
        refusal = _("Nothing was saved: the slider has five positions; choose one of them.")
        messages.error(request, refusal)
        return redirect("budget")
    before = slider.nearest(PlannerSettings.current().freshness_percent / 100)
    PlannerSettings.objects.update_or_create(
        pk=1, defaults={"freshness_percent": round(100 * position)}
    )
    told = {"now": slider.TITLES[position], "before": slider.TITLES[before]}
    saved = _("Saved: %(now)s. The plan follows within a minute; to undo, move back to %(before)s.")
    messages.success(request, saved % told)
    return redirect(f"{reverse('budget')}#slider")


def _feed_url(request: HttpRequest) -> str:
    if not isinstance(request.user, User):
        raise PermissionDenied
    address = reverse("budget_feed", query={"token": feed.token_of(request.user)})
    return request.build_absolute_uri(address)


@login_not_required
@require_safe
def budget_feed(request: HttpRequest) -> HttpResponse:
    """The planned closing captures as a calendar, to whoever has the address with the token."""
    if feed.reader(request.GET.get("token", "")) is None:
        refusal = _(
            "This address of the calendar is not valid, or no longer: copy the one shown on the "
            "page Budget API."
        )
        return HttpResponse(refusal, status=403, content_type="text/plain; charset=utf-8")
    titles = dict(Sport.objects.values_list("key", "title"))
    return HttpResponse(
        feed.calendar(stored.current(), now=timezone.now(), titles=titles),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, max-age=300",
            "Content-Disposition": 'inline; filename="monps-closings.ics"',
        },
    )
