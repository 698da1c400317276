"""The bankroll in the admin: accounts, the ledger, and the settings of stakes and settlement."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.admin import bankroll_page
from betting.admin.bet_forms import ReasonForm
from betting.admin.money_forms import MovementForm, OpenAccountForm, transfer_from
from betting.admin.pages import Doing, PageAdmin, plain
from betting.bankroll import ledger
from betting.bankroll.ledger import LedgerRefusedError
from betting.bankroll.reconciliation import reconcile
from betting.models import Account, LedgerEntry, SettlementSettings, StakingSettings
from betting.money import money, signed_money, tone
from odds import figures
from odds.admin_facts import OneRowAdmin, change_url, column, request_time, two_lines

ENTRIES_SHOWN = 25

# Every kind: the theme shows the key of one that has no tone.
KIND_TONES: Final = dict.fromkeys(LedgerEntry.Kind.values, "") | {
    "reversal": "warning",
    "bonus": "info",
}


@admin.register(Account)
class AccountAdmin(PageAdmin):
    """Where money lies; it moves on an account's page."""

    list_display = ["account", "available", "at_risk", "together"]
    list_select_related = ["bookmaker"]
    list_before_template = "admin/betting/account/summary.html"
    page_template = "admin/betting/account/page.html"
    empty_title = gettext_lazy("No account here")
    empty_hint = gettext_lazy("Open one for every bookmaker you keep money with.")

    def get_urls(self) -> list[URLPattern]:
        """Its pages and the proof, which reads every entry and is loaded after the page."""
        proof = self.admin_site.admin_view(self.proof_view)
        return [path("proof/", proof, name="betting_account_proof"), *super().get_urls()]

    def proof_view(self, request: HttpRequest) -> HttpResponse:
        """Whether the books agree, as a part of a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"proof": reconcile(), "currency": StakingSettings.current().currency}
        return TemplateResponse(request, "admin/betting/account/proof.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An account is opened with what lies there."""
        return bool(request.user.has_perm("betting.add_account"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """With their balances."""
        return bankroll_page.with_balances(super().get_queryset(request))

    @column(gettext_lazy("Account"), ordering="name")
    def account(self, account: Account) -> SafeString:
        """Its name, over where it is."""
        where = _("for bookmakers without an account")
        if account.bookmaker:
            where = _("opened %(date)s") % {"date": figures.moment(account.created_at)}
        return two_lines(account.name, where)

    @column(gettext_lazy("Available"), ordering="available")
    def available(self, account: Any) -> str:
        """The sum of its entries."""
        return money(account.available, account.currency)

    @column(gettext_lazy("At risk"), ordering="exposure")
    def at_risk(self, account: Any) -> str:
        """What its pending bets can lose."""
        return money(account.exposure, account.currency)

    @column(gettext_lazy("Together"))
    def together(self, account: Any) -> SafeString:
        """Both."""
        return format_html(
            '<strong class="mp-first">{}</strong>',
            money(account.available + account.exposure, account.currency),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the curve of the bankroll."""
        context = {"bankroll": bankroll_page.read(now=request_time())}
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    def doings(self) -> list[Doing]:
        """Money in and out, and to another account."""
        return [
            Doing(name="post", form=plain(MovementForm), act=_post),
            Doing(name="transfer", form=transfer_from, act=_transfer),
        ]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """Its newest entries."""
        return {
            "entries": bankroll_page.statement(row, ENTRIES_SHOWN),
            "together": row.available + row.exposure,
            "has_others": Account.objects.exclude(pk=row.pk).exists(),
        }

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Open an account."""
        form = OpenAccountForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and (account := _opened(request, form)):
            self.message_user(
                request, _("The account %(name)s is open.") % {"name": account}, messages.SUCCESS
            )
            return redirect(change_url(account))
        return self.form_page(
            request,
            "admin/betting/account/open.html",
            form,
            title=_("Open an account"),
        )


def _opened(request: HttpRequest, form: OpenAccountForm) -> Account | None:
    try:
        return ledger.open_account(
            form.cleaned_data["bookmaker"],
            initial=form.cleaned_data["balance"],
            now=request_time(),
            by=request.user.get_username(),
        )
    except LedgerRefusedError as refusal:
        form.add_error(None, str(refusal))
        return None


def _post(request: HttpRequest, account: Account, form: forms.Form) -> str:
    entry = ledger.post(
        account, **form.cleaned_data, now=request_time(), by=request.user.get_username()
    )
    return _("Recorded: %(kind)s of %(amount)s.") % {
        "kind": entry.get_kind_display(),
        "amount": signed_money(entry.amount, StakingSettings.current().currency),
    }


def _transfer(request: HttpRequest, account: Account, form: forms.Form) -> str:
    ledger.transfer(
        account, **form.cleaned_data, now=request_time(), by=request.user.get_username()
    )
    return _("%(amount)s moved to %(target)s.") % {
        "amount": money(form.cleaned_data["amount"], StakingSettings.current().currency),
        "target": form.cleaned_data["target"],
    }


@admin.register(LedgerEntry)
class LedgerEntryAdmin(PageAdmin):
    """Every movement of money; what was entered by hand can be undone, which adds another."""

    list_display = ["when", "account", "kind_label", "moved", "about", "remark"]
    list_filter = ["kind", "account", "at"]
    list_select_related = ["account", "bet"]
    search_fields = ["note", "bet__home_team", "bet__away_team"]
    page_template = "admin/betting/ledgerentry/page.html"
    empty_title = gettext_lazy("No movement here")
    empty_hint = gettext_lazy(
        "Stakes and payouts appear by themselves; deposits and withdrawals are entered on the page "
        "of an account."
    )
    empty_url_name = "admin:betting_account_changelist"
    empty_link = gettext_lazy("Accounts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        """With the user's currency, and whether it was undone."""
        entries: QuerySet[LedgerEntry] = super().get_queryset(request)
        currency = StakingSettings.current().currency
        return entries.annotate(currency=Value(currency), undone=F("reversed_by"))

    @column(gettext_lazy("When"), ordering="at")
    def when(self, entry: LedgerEntry) -> str:
        """The instant the money moved."""
        return figures.moment(entry.at)

    @column(gettext_lazy("Kind"), ordering="kind", label=KIND_TONES)
    def kind_label(self, entry: LedgerEntry) -> tuple[str, str]:
        """What moved it."""
        return entry.kind, entry.get_kind_display()

    @column(gettext_lazy("Amount"), ordering="amount")
    def moved(self, entry: Any) -> SafeString:
        """In its colour."""
        return format_html(
            '<span class="mp-first {}">{}</span>',
            tone(entry.amount),
            signed_money(entry.amount, entry.currency),
        )

    @column(gettext_lazy("Bet"))
    def about(self, entry: LedgerEntry) -> SafeString | str:
        """The bet it belongs to."""
        if entry.bet is None:
            return figures.UNDEFINED
        return format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(entry.bet), entry.bet.match_name
        )

    @column(gettext_lazy("Note"))
    def remark(self, entry: Any) -> SafeString:
        """What was noted, over who entered it."""
        note = _("undone") if entry.undone else entry.note
        return two_lines(note, entry.recorded_by, css="is-wide")

    def doings(self) -> list[Doing]:
        """An entry made by hand can be undone."""
        return [Doing(name="undo", form=plain(ReasonForm), act=_undo)]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """Whether it can be undone."""
        by_hand = {*ledger.BY_HAND, LedgerEntry.Kind.TRANSFER}
        return {"is_undoable": row.kind in by_hand and not row.undone}


def _undo(request: HttpRequest, entry: LedgerEntry, form: forms.Form) -> str:
    ledger.undo(
        entry,
        now=request_time(),
        by=request.user.get_username(),
        reason=form.cleaned_data["reason"],
    )
    return _("Undone: the ledger now shows both movements.")


@admin.register(StakingSettings)
class StakingSettingsAdmin(OneRowAdmin):
    """How much to stake."""

    fieldsets = [
        (gettext_lazy("Kelly"), {"fields": ["kelly_fraction", "uses_expected_edge"]}),
        (gettext_lazy("Limits"), {"fields": ["cap_bet_pct", "cap_match_pct", "cap_day_pct"]}),
        (gettext_lazy("Stakes"), {"fields": ["stake_step", "minimum_stake", "currency"]}),
        (gettext_lazy("Prices"), {"fields": ["old_price_minutes"]}),
    ]


@admin.register(SettlementSettings)
class SettlementSettingsAdmin(OneRowAdmin):
    """Where results come from, and what a closing line may be."""

    fieldsets = [
        (
            gettext_lazy("Where results come from"),
            {
                "fields": [
                    "uses_football_data",
                    "uses_odds_api",
                    "asks_for_opportunities",
                    "results_after_minutes",
                    "results_interval_minutes",
                ]
            },
        ),
        (gettext_lazy("When a bet is void"), {"fields": ["postponed_void_hours"]}),
        (
            gettext_lazy("What a closing line may be"),
            {"fields": ["closing_max_age_minutes", "closing_minimum_operators"]},
        ),
    ]
