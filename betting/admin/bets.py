"""Bets in the admin: the list with its cards, the page of a bet, and what can be done with them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.admin import bet_page, bet_summary
from betting.admin.bet_filters import (
    BetBookmakerFilter,
    BetStatusFilter,
    ClvFilter,
    LeagueFilter,
    PaperFilter,
)
from betting.admin.bet_forms import ReasonForm
from betting.admin.bet_views import RULINGS, BetViews, author_of, is_cancelled
from betting.admin.clv_text import clv_cell, with_reference_titles
from betting.bets import csv_format, settlement
from betting.bets.settlement import Ruling
from betting.models import Bet, Ending, StakingSettings
from betting.money import money, signed_money, tone
from betting.selections import selection_of_bet
from odds import figures
from odds.admin_facts import KeysFirstPaginator, change_url, column, request_time, two_lines


@admin.register(Bet)
class BetAdmin(BetViews):
    """Bets as they were placed; what is wrong about one is corrected on its page, and logged."""

    list_display = ["bet", "match_link", "price", "amount", "state", "gain", "clv", "placed"]
    list_filter = [
        BetStatusFilter,
        "bet_type",
        "market",
        PaperFilter,
        ClvFilter,
        BetBookmakerFilter,
        LeagueFilter,
        "placed_at",
    ]
    list_select_related = ["match", "bookmaker"]
    list_before_template = "admin/betting/bet/before.html"
    paginator = KeysFirstPaginator
    search_fields = ["home_team", "away_team", "league", "notes"]
    actions = [  # type: ignore[assignment]  # other facts have none
        *("settle_won", "settle_lost", "settle_push", "settle_void"),
        *("cancel_selected", "export_selected"),
    ]
    empty_title = gettext_lazy("No bet here")
    empty_hint = gettext_lazy(
        "Record what you bet with the button above, or open an opportunity and choose “Bet on "
        "this”. Bets on paper are graded too, and cost nothing."
    )
    empty_url_name = "admin:betting_opportunity_changelist"
    empty_link = gettext_lazy("Opportunities")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bet]:
        """With the titles of references and the user's currency."""
        bets: QuerySet[Bet] = super().get_queryset(request)
        bets = with_reference_titles(bets, named="graded_by_title")
        bets = with_reference_titles(bets, "reference", named="chosen_by_title")
        return bets.annotate(currency=Value(StakingSettings.current().currency))

    @column(gettext_lazy("Bet"))
    def bet(self, bet: Bet) -> SafeString:
        """What was bet on, in which market, and whether it was on paper."""
        words = [bet.get_market_display()]
        if bet.side == Bet.Side.LAY:
            words.append(bet.get_side_display())
        if bet.is_paper:
            words.append(_("on paper"))
        return two_lines(selection_of_bet(bet), " · ".join(map(str, words)), css="is-wide")

    @column(gettext_lazy("Match"), ordering="commence_time")
    def match_link(self, bet: Bet) -> SafeString:
        """The match, as a link where it is known, over its kick-off."""
        name: str | SafeString = bet.match_name
        if bet.match:
            name = format_html('<a class="mp-link" href="{}">{}</a>', change_url(bet.match), name)
        return two_lines(name, figures.moment(bet.commence_time), css="is-wide")

    @column(gettext_lazy("Odds"), ordering="odds")
    def price(self, bet: Bet) -> SafeString:
        """The odds and where, over the edge that was claimed."""
        taken = format_html(
            "{} <small>{}</small>", figures.decimal_odds(bet.odds), bet.bookmaker.title
        )
        if bet.edge_pct is None:
            return two_lines(taken, _("no edge claimed"))
        claimed = _("claimed %(edge)s") % {"edge": figures.signed_percent(bet.edge_pct)}
        return two_lines(taken, claimed)

    @column(gettext_lazy("Stake"), ordering="stake")
    def amount(self, bet: Any) -> SafeString:
        """The stake, over the risk where that is another amount."""
        beneath: object = bet.get_bet_type_display()
        if bet.risk != bet.stake:
            beneath = _("risks %(amount)s") % {"amount": money(bet.risk, bet.currency)}
        return two_lines(money(bet.stake, bet.currency), beneath)

    @column(
        gettext_lazy("Status"),
        ordering="status",
        label={"pending": "info", "won": "success", "lost": "danger", "even": "", "cancelled": ""},
    )
    def state(self, bet: Bet) -> tuple[str, str]:
        """Pending, how it ended, or cancelled."""
        return bet_page.standing_of_bet(bet)

    @column(gettext_lazy("Profit"), ordering=F("profit").desc(nulls_last=True))
    def gain(self, bet: Any) -> SafeString:
        """The profit in its colour, over the score."""
        written = format_html(
            '<span class="{}">{}</span>',
            tone(bet.profit),
            signed_money(bet.profit, bet.currency),
        )
        return two_lines(written, bet.final_score)

    @column(gettext_lazy("CLV"), ordering=F("clv_fair_pct").desc(nulls_last=True))
    def clv(self, bet: Any) -> SafeString:
        """Fair in its colour, over the raw one and who graded; or why there is none."""
        return clv_cell(bet, bet.graded_by_title)

    @column(gettext_lazy("Placed"), ordering="placed_at")
    def placed(self, bet: Bet) -> SafeString:
        """How long ago, and when."""
        return two_lines(
            figures.ago(bet.placed_at, request_time()), figures.near_moment(bet.placed_at)
        )

    def get_urls(self) -> list[URLPattern]:
        """Its pages and the cards, which add up every bet and are loaded after the list."""
        summary = self.admin_site.admin_view(self.summary_view)
        return [path("summary/", summary, name="betting_bet_summary"), *super().get_urls()]

    def summary_view(self, request: HttpRequest) -> HttpResponse:
        """The cards of money and of the verdict, as a part of a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"summary": bet_summary.read(now=request_time())}
        return TemplateResponse(request, "admin/betting/bet/summary.html", context)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """The page of one bet."""
        state, status = bet_page.standing_of_bet(row)
        return {
            "page": bet_page.read(row, currency=row.currency),
            "selection": selection_of_bet(row),
            "currency": row.currency,
            "state": state,
            "status": status,
            "match_url": change_url(row.match) if row.match else "",
            "endings": RULINGS,
            "now": request_time(),
        }

    @admin.action(description=gettext_lazy("Settle as won"), permissions=["work"])
    def settle_won(self, request: HttpRequest, queryset: QuerySet[Bet]) -> None:
        """The selected pending bets were won."""
        self._settle(request, queryset, Ending.WON)

    @admin.action(description=gettext_lazy("Settle as lost"), permissions=["work"])
    def settle_lost(self, request: HttpRequest, queryset: QuerySet[Bet]) -> None:
        """The selected pending bets were lost."""
        self._settle(request, queryset, Ending.LOST)

    @admin.action(description=gettext_lazy("Settle as push"), permissions=["work"])
    def settle_push(self, request: HttpRequest, queryset: QuerySet[Bet]) -> None:
        """The selected pending bets ended level: stakes come back."""
        self._settle(request, queryset, Ending.PUSH)

    @admin.action(description=gettext_lazy("Settle as void"), permissions=["work"])
    def settle_void(self, request: HttpRequest, queryset: QuerySet[Bet]) -> None:
        """The selected pending bets do not stand: stakes come back."""
        self._settle(request, queryset, Ending.VOID)

    def _settle(self, request: HttpRequest, queryset: QuerySet[Bet], ending: Ending) -> None:
        selected = queryset.count()
        pending = queryset.filter(status=Bet.Status.PENDING, cancelled_at=None)
        rulings = {
            pk: Ruling(ending=ending, final_score=score)
            for pk, score in pending.values_list("pk", "final_score")
        }
        author = author_of(request, request_time())
        settled = settlement.rule(rulings, author=author).settled
        self.message_user(
            request,
            _(
                "%(settled)d of %(selected)d bets settled as: %(ending)s; "
                "%(left)d left as they were."
            )
            % {
                "settled": settled,
                "selected": selected,
                "ending": ending.label,
                "left": selected - settled,
            },
            messages.SUCCESS if settled == selected else messages.WARNING,
        )

    @admin.action(description=gettext_lazy("Cancel, with a reason"), permissions=["work"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Bet]) -> HttpResponse | None:
        """Ask why, then take the selected bets back as if they had never been made."""
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Cancel bets"),
                "form": form,
                "bets": queryset,
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/betting/bet/cancel.html", context)
        author = author_of(request, request_time(), form.cleaned_data["reason"])
        chosen = list(queryset.values_list("pk", flat=True))
        cancelled = sum(is_cancelled(pk, author=author) for pk in chosen)
        left = len(chosen) - cancelled
        self.message_user(
            request,
            _("%(cancelled)d bets cancelled, their stakes given back; %(left)d left as they were.")
            % {"cancelled": cancelled, "left": left},
            messages.WARNING if left else messages.SUCCESS,
        )
        return None

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["view"])
    def export_selected(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Bet],
    ) -> StreamingHttpResponse:
        """The selected bets as a file that the import reads again."""
        name = f"bets-{localdate(request_time()).isoformat()}.csv"
        return StreamingHttpResponse(
            csv_format.write(queryset),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
