"""The admin site's frame: what every page shows, and third-party models in the same theme."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat import models as beat
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from monps import overview
from monps.periodic_tasks import PeriodicTaskAdmin, ScheduleAdmin

BEAT = "django_celery_beat"


def market_label(_request: HttpRequest) -> list[str] | None:
    """The badge on every page that says the market is simulated."""
    return [_("Simulated market"), "warning"] if settings.SIMULATED else None


def stylesheet(_request: HttpRequest) -> str:
    """What the theme has no class for."""
    return static("monps/admin.css")


def access_script(_request: HttpRequest) -> str:
    """What makes the theme's own parts usable by keyboard and by screen reader."""
    return static("monps/access.js")


def favicon(_request: HttpRequest) -> str:
    """The icon in the browser's tab."""
    return static("monps/favicon.svg")


def add_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The first page into its template."""
    now = timezone.now()
    may_bet = request.user.has_perm("betting.add_bet")
    return context | {
        "page": overview.read(now),
        "may_bet": may_bet,
        "now": now,
        "title": _("Overview"),
    }


THIRD_PARTY = (
    User,
    Group,
    beat.PeriodicTask,
    beat.IntervalSchedule,
    beat.CrontabSchedule,
    beat.SolarSchedule,
    beat.ClockedSchedule,
)
for model in THIRD_PARTY:
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # no subscript at run time
    """Who may sign in."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    """Groups of users."""


admin.site.register(beat.PeriodicTask, PeriodicTaskAdmin)
for model in THIRD_PARTY[3:]:
    admin.site.register(model, ScheduleAdmin)
