"""Importing bets in the admin: upload, look, apply, undo; and the download of all bets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminFileFieldWidget

from betting.admin.bet_views import author_of
from betting.admin.pages import Doing, PageAdmin, plain
from betting.bets import csv_format, importing
from betting.bets.csv_format import SeenBet, UnreadableFileError
from betting.models import Bet, BetImport, Ending, Outcome, StakingSettings
from odds import figures
from odds.admin_facts import change_url, column, request_time

SHOWN = 200  # rows of each kind on the page; the numbers above them count all


class UploadForm(forms.Form):
    """A file of bets."""

    file = forms.FileField(label=gettext_lazy("File"), widget=UnfoldAdminFileFieldWidget)

    def clean_file(self) -> tuple[str, str]:
        """The file's name and text; it must hold at least one row of a bet.

        Raises:
            ValidationError: Nothing can be read from it.
        """
        uploaded = self.cleaned_data["file"]
        try:
            text = importing.decoded(uploaded.read(importing.LARGEST_FILE + 1))
            importing.preview(text)
        except UnreadableFileError as error:
            raise forms.ValidationError(str(error)) from error
        return uploaded.name[:200], text.replace("\x00", "")


@admin.register(BetImport)
class BetImportAdmin(PageAdmin):
    """Files of bets: looked at, applied, undone."""

    list_display = ["name", "uploaded", "state", "number"]
    page_template = "admin/betting/betimport/page.html"
    empty_title = gettext_lazy("No file was imported yet")
    empty_hint = gettext_lazy(
        "Bets from MON_PS's own export or from Bet-Analytix can be added here; nothing is written "
        "before you have seen what the file would do."
    )
    empty_url_name = "admin:betting_betimport_add"
    empty_link = gettext_lazy("Upload a file")

    @column(gettext_lazy("Uploaded"), ordering="uploaded_at")
    def uploaded(self, batch: BetImport) -> str:
        """When."""
        return figures.moment(batch.uploaded_at)

    @column(gettext_lazy("Status"), label={"looked": "warning", "applied": "success", "undone": ""})
    def state(self, batch: BetImport) -> tuple[str, str]:
        """Only looked at, applied, or undone."""
        if batch.undone_at:
            return "undone", _("Undone")
        return ("applied", _("Imported")) if batch.applied_at else ("looked", _("Not imported"))

    @column(gettext_lazy("Bets"))
    def number(self, batch: BetImport) -> str:
        """How many came with it."""
        return figures.whole(batch.bets.count()) if batch.applied_at else figures.UNDEFINED

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may record bets may import them."""
        return bool(request.user.has_perm("betting.add_bet"))

    def doings(self) -> list[Doing]:
        """Import the good rows; take them back."""
        return [
            Doing(name="apply", form=plain(forms.Form), act=_apply),
            Doing(name="undo", form=plain(forms.Form), act=_undo),
        ]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """What the file would do, or how many bets came with it."""
        context: dict[str, Any] = {"currency": StakingSettings.current().currency, "shown": SHOWN}
        if row.applied_at is None:
            found = importing.preview(row.content)
            context |= {"found": found, "rows": [_shown(bet) for bet in found.new[:SHOWN]]}
        else:
            context["number"] = row.bets.count()
        return context

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Upload a file; it is kept and shown, and nothing else happens."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            name, text = form.cleaned_data["file"]
            batch = BetImport.objects.create(
                name=name,
                content=text,
                uploaded_at=request_time(),
                uploaded_by=request.user.get_username(),
            )
            return redirect(change_url(batch))
        return self.form_page(
            request,
            "admin/betting/betimport/upload.html",
            form,
            title=_("Import bets"),
            columns=", ".join(csv_format.ENTERED),
            required=", ".join(csv_format.REQUIRED),
        )

    def get_urls(self) -> list[URLPattern]:
        """With the download of all bets."""
        export = path(
            "export.csv", self.admin_site.admin_view(self.export), name="betting_bet_export"
        )
        return [export, *super().get_urls()]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """All bets that were not cancelled, the oldest first, as MON_PS's own CSV."""
        if not request.user.has_perm("betting.view_bet"):
            raise PermissionDenied
        return csv_answer(Bet.objects.kept().order_by("placed_at", "pk"))


def _shown(bet: SeenBet) -> dict[str, Any]:
    """A bet of the file, its outcome and result in the user's words."""
    outcome = dict(Outcome.choices).get(bet.outcome, bet.outcome)
    line = f" {figures.plain_line(bet.line)}" if bet.line else ""
    return {
        "bet": bet,
        "selection": bet.selection or f"{outcome}{line}",
        "result": dict(Ending.choices).get(bet.result, figures.UNDEFINED),
    }


def csv_answer(bets: Any) -> StreamingHttpResponse:
    """Bets as a file to download."""
    name = f"bets-{request_time():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_format.write(bets),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _apply(request: HttpRequest, batch: BetImport, _form: forms.Form) -> str:
    number = importing.apply(batch, author=author_of(request, request_time(), batch.name))
    return ngettext("%(number)d bet imported.", "%(number)d bets imported.", number) % {
        "number": number
    }


def _undo(request: HttpRequest, batch: BetImport, _form: forms.Form) -> str:
    number = importing.undo(batch, author=author_of(request, request_time(), batch.name))
    return ngettext("%(number)d bet cancelled.", "%(number)d bets cancelled.", number) % {
        "number": number
    }
