"""Celery beat's models in the admin: schedules are code, a job is only switched on or off.

Every start of beat writes the schedules of `settings.CELERY_BEAT_SCHEDULE` over these rows and
keeps `enabled`; so that is all the admin changes.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, ngettext
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldBooleanSwitchWidget

from odds import figures
from odds.admin_facts import FactAdmin, column, request_time


class PeriodicTaskForm(ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """One switch."""

    class Meta:
        model = PeriodicTask
        fields = ["enabled"]
        labels = {"enabled": gettext_lazy("Switched on")}
        help_texts = {"enabled": gettext_lazy("Switched off, the job does not run.")}
        widgets = {"enabled": UnfoldBooleanSwitchWidget}


class PeriodicTaskAdmin(ModelAdmin):
    """The jobs, with a switch; everything else is shown."""

    form = PeriodicTaskForm
    list_display = ["job", "schedule", "last_run", "switch"]
    list_select_related = ["interval", "crontab", "solar", "clocked"]
    readonly_fields = ["job", "task_name", "schedule", "expiry", "last_run"]
    fields = ["enabled", *readonly_fields]
    actions = ["enable_tasks", "disable_tasks"]
    ordering = ["name"]
    empty_title = gettext_lazy("No job yet")
    empty_hint = gettext_lazy(
        "The scheduler writes the jobs down when it starts: look whether it runs."
    )
    empty_url_name = "admin:monps_system"
    empty_link = gettext_lazy("System health")

    @column(gettext_lazy("Job"), ordering="name")
    def job(self, task: PeriodicTask) -> str:
        """Its name in the settings."""
        return str(task.name)

    @column(gettext_lazy("Task"))
    def task_name(self, task: PeriodicTask) -> str:
        """What it runs."""
        return str(task.task)

    @column(gettext_lazy("Last run"), ordering="last_run_at")
    def last_run(self, task: PeriodicTask) -> str:
        """When beat last sent it."""
        return figures.ago(task.last_run_at, request_time())

    @column(gettext_lazy("Dropped when late by"))
    def expiry(self, task: PeriodicTask) -> str:
        """After how long nobody waits for it any more."""
        if task.expire_seconds is None:
            return figures.UNDEFINED
        return gettext("%(number)d s") % {"number": task.expire_seconds}

    @column(gettext_lazy("Switched on"), ordering="enabled", boolean=True)
    def switch(self, task: PeriodicTask) -> bool:
        """Whether it runs."""
        return bool(task.enabled)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Jobs are code."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """They come back at the next start."""
        return False

    @column(gettext_lazy("Schedule"))
    def schedule(self, task: PeriodicTask) -> str:
        """When it runs."""
        return str(task.interval or task.crontab or task.solar or task.clocked)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Let the selected jobs run."""
        self._switch(request, queryset, enabled=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Keep the selected jobs from running."""
        self._switch(request, queryset, enabled=False)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[PeriodicTask], *, enabled: bool
    ) -> None:
        values: dict[str, Any] = {"enabled": enabled}
        changed = queryset.exclude(**values).update(**values)
        PeriodicTasks.update_changed()  # an update of rows does not tell beat by itself
        text = ngettext("%(number)d job switched.", "%(number)d jobs switched.", changed)
        self.message_user(request, text % {"number": changed}, messages.SUCCESS)


class ScheduleAdmin(FactAdmin):
    """Intervals, crontabs and the like: what the jobs refer to, shown only."""

    list_display = ["__str__"]
