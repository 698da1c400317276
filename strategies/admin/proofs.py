"""Proofs in the admin: published studies made again on the user's own imported matches."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleDateWidget

from betting.admin.pages import Doing, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time
from strategies.admin import competitions, proof_page
from strategies.admin.competitions import Competition
from strategies.admin.jobs import JobAdmin, cancel, hand_over
from strategies.models import Proof
from strategies.proofs.jobs import ask
from strategies.tasks import run_proof


class ProofForm(forms.Form):
    """Which imported matches."""

    def __init__(self, known: Sequence[Competition], *given: Any, today: date, **more: Any) -> None:
        """With what was imported to choose from."""
        super().__init__(*given, **more)
        self.fields["sport_keys"] = competitions.field_of(known)
        for name, label, initial in (
            ("since", _("First day"), min((one.first for one in known), default=today)),
            ("until", _("Last day"), max((one.last for one in known), default=today)),
        ):
            widget = UnfoldAdminSingleDateWidget()
            self.fields[name] = forms.DateField(label=label, initial=initial, widget=widget)

    def clean(self) -> dict[str, Any]:
        """A period must begin before it ends."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends before it begins."))
        return found


@admin.register(Proof)
class ProofAdmin(JobAdmin):
    """Asked for, followed and read."""

    list_display = ["name", "state", "matches", "period", "asked"]
    list_display_links = None
    list_filter = ["status"]
    list_before_template = "strategies/proof/about.html"
    page_template = "strategies/proof/page.html"
    empty_title = gettext_lazy("Nothing is proved yet")
    empty_hint = gettext_lazy(
        "Three published findings are made again on your own imported matches, with the shipped "
        "agents: what they said and what you find stand side by side."
    )
    empty_url_name = "admin:strategies_proof_add"
    empty_link = gettext_lazy("Prove it")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the figures of the list alone; the page reads the whole result."""
        rows: QuerySet[Any] = super().get_queryset(request).defer("result")
        figured: QuerySet[Any] = rows.annotate(
            number=KT("result__matches"),
            first=KT("result__first_day"),
            last=KT("result__last_day"),
        )
        return figured

    @column(gettext_lazy("Proof"))
    def name(self, row: Proof) -> SafeString:
        """When it was asked, as a link."""
        said = _("Proof of %(date)s") % {"date": figures.moment(row.created_at)}
        return format_html('<a class="mp-link" href="{}">{}</a>', change_url(row), said)

    @column(gettext_lazy("Matches"))
    def matches(self, row: Any) -> str:
        """How many it rests on."""
        return figures.UNDEFINED if row.number is None else figures.whole(int(row.number))

    @column(gettext_lazy("Period"))
    def period(self, row: Any) -> str:
        """From the first to the last of them."""
        if row.first is None or row.last is None:
            return figures.UNDEFINED
        return proof_page.period_of(row.first, row.last)

    def doings(self) -> list[Doing]:
        """Stop it."""
        return [Doing(name="cancel", form=plain(forms.Form), act=cancel)]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """How far it is, or what it came to."""
        return self.progress_context(request, row) | {"page": proof_page.read(row)}

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Choose the matches, and prove it."""
        known = competitions.read(now=request_time(), is_imported=True)
        form = ProofForm(known, request.POST or None, today=request_time().date())
        if request.method == "POST" and known and form.is_valid():
            return redirect(change_url(_ask(request, form)))
        return self.form_page(
            request,
            "strategies/proof/add.html",
            form,
            title=_("Prove it"),
            has_matches=bool(known),
        )


@transaction.atomic
def _ask(request: HttpRequest, form: ProofForm) -> Proof:
    """The proof as a row, handed to a worker; the one under way where it is the same."""
    proof = ask(by=request.user.get_username(), now=request_time(), **form.cleaned_data)
    hand_over(run_proof, proof)
    return proof
