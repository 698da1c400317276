"""Backups in the admin: what there is, whether it can be restored, and making one now."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backups.models import Backup
from backups.tasks import QUEUE, TICK_SECONDS, back_up_now, test_newest_now
from odds import figures
from odds.admin_facts import FactAdmin, column, request_time, two_lines

JOBS = {"backup": back_up_now, "test": test_newest_now}


@admin.register(Backup)
class BackupAdmin(FactAdmin):
    """Dumps of the whole database, the newest first."""

    list_display = ["made", "state", "size", "held", "reason", "restore_test", "download"]
    list_display_links = None
    list_filter = ["status", "kept_as"]
    list_before_template = "backups/backup/standing.html"
    empty_title = gettext_lazy("No backup yet")
    empty_hint = gettext_lazy(
        "One is made every night by itself, at 2:30 UTC, or as soon as the machine is on again."
    )

    def get_urls(self) -> list[URLPattern]:
        """With the buttons and the download."""
        start = self.admin_site.admin_view(require_POST(self.start_view))
        file = self.admin_site.admin_view(self.download_view)
        return [
            path("start/<str:job>", start, name="backups_backup_start"),
            path("<int:pk>/file", file, name="backups_backup_file"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under what the newest one says and the buttons."""
        context = {
            "newest": Backup.objects.good().newest(),
            "tested": Backup.objects.exclude(restore_tested_at=None)
            .order_by("-restore_tested_at")
            .first(),
            "has_folder": bool(settings.BACKUP_FOLDER),
            "may_work": _may_work(request),
            "now": request_time(),
        }
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    def start_view(self, request: HttpRequest, job: str) -> HttpResponse:
        """Hand the work to the worker for long work."""
        if not _may_work(request):
            raise PermissionDenied
        if job not in JOBS:
            raise Http404
        # Asked for while a worker is busy or away, it is not made hours later.
        JOBS[job].apply_async(queue=QUEUE, expires=TICK_SECONDS)
        text = _("It is handed to the worker for long work; reload this page in a minute.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:backups_backup_changelist"))

    def download_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file itself, which holds everything, passwords' hashes too."""
        if not request.user.is_superuser:
            raise PermissionDenied
        backup = get_object_or_404(Backup.objects.good(), pk=pk)
        try:
            opened = (Path(settings.BACKUP_FOLDER) / backup.file_name).open("rb")
        except OSError as error:
            raise Http404(_("The file cannot be read from here.")) from error
        return FileResponse(opened, as_attachment=True, filename=backup.file_name)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """The download for superusers alone."""
        shown = list(super().get_list_display(request))
        return shown if request.user.is_superuser else shown[:-1]

    @column(gettext_lazy("Made"), ordering="started_at")
    def made(self, backup: Backup) -> SafeString:
        """When, and how long ago."""
        since = figures.ago(backup.started_at, request_time())
        return two_lines(figures.moment(backup.started_at), since)

    @column(
        gettext_lazy("Status"),
        ordering="status",
        label={
            Backup.Status.DONE: "success",
            Backup.Status.RUNNING: "info",
            Backup.Status.FAILED: "danger",
            "removed": "",
        },
    )
    def state(self, backup: Backup) -> tuple[str, str]:
        """Coloured; one whose time is over says so."""
        if backup.removed_at:
            return "removed", _("Removed")
        return backup.status, backup.get_status_display()

    @column(gettext_lazy("Size"), ordering="bytes")
    def size(self, backup: Backup) -> SafeString | str:
        """Of the file, over how long it took."""
        if backup.bytes is None:
            return figures.UNDEFINED
        took = _("%(number)d s") % {"number": round(backup.seconds() or 0)}
        return two_lines(filesizeformat(backup.bytes), took)

    @column(gettext_lazy("Rows"))
    def held(self, backup: Backup) -> SafeString | str:
        """How many it holds in how many tables; why there is none where it failed."""
        if backup.status == Backup.Status.FAILED:
            return format_html('<span class="mp-second">{}</span>', backup.error)
        if not backup.rows:
            return figures.UNDEFINED
        tables = _("%(number)d tables") % {"number": len(backup.rows)}
        return two_lines(figures.whole(sum(backup.rows.values())), tables)

    @column(gettext_lazy("Kept as"), ordering="kept_as")
    def reason(self, backup: Backup) -> str:
        """Which rule keeps it."""
        return backup.get_kept_as_display() or figures.UNDEFINED

    @column(gettext_lazy("Restore test"), ordering="restore_tested_at")
    def restore_test(self, backup: Backup) -> SafeString | str:
        """How it went, over when or why."""
        if backup.is_restore_ok is None:
            return figures.UNDEFINED
        if backup.is_restore_ok:
            when = figures.ago(backup.restore_tested_at, request_time())
            return two_lines(_("Passed"), when, css="mp-good")
        return two_lines(_("Not passed"), backup.restore_error, css="mp-bad")

    @column(gettext_lazy("File"))
    def download(self, backup: Backup) -> SafeString | str:
        """Where it is there."""
        if not backup.is_good():
            return figures.UNDEFINED
        link = reverse("admin:backups_backup_file", args=[backup.pk])
        return format_html('<a class="mp-link" href="{}">{}</a>', link, _("Download"))


def _may_work(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("backups.add_backup"))
