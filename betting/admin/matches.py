"""The admin's pages of matches, with what was found in their prices and what was bet on them."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from betting.admin import closing_line_text
from betting.admin.bet_page import standing_of_bet
from betting.admin.clv_text import clv_of
from betting.models import Opportunity, StakingSettings
from betting.selections import edges, selection, selection_of_bet, standing
from odds import figures
from odds.admin_facts import change_url, column, request_time
from odds.admin_matches import MatchAdmin
from odds.match_page import MatchPage
from odds.models import Match

SHOWN_WITH_MATCH = 50  # opportunities on a match's page, the open ones first
RECENT = timedelta(days=7)  # matches that kicked off since then can still be searched for

admin.site.unregister(Match)


@admin.register(Match)
class MatchWithOpportunitiesAdmin(MatchAdmin):
    """Matches with what was found in their prices."""

    list_display = ["teams", "kick_off", "bookmaker_count", "open_opportunities", "status_label"]
    change_form_template = "admin/betting/match/page.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        """Matches with the number of their open opportunities."""
        open_ones = (
            Opportunity.objects.open(request_time())
            .filter(match=OuterRef("pk"))
            .order_by()
            .values("match")
            .annotate(number=Count("pk"))
        )
        return (
            super().get_queryset(request).annotate(open_total=Subquery(open_ones.values("number")))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Match], search_term: str
    ) -> tuple[QuerySet[Match], bool]:
        """Where a form searches for a match, those that can still be bet on come first."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if "field_name" in request.GET:  # Django's autocompletion
            found = found.filter(commence_time__gt=request_time() - RECENT)
        return found, may_repeat

    @column(gettext_lazy("Opportunities"))
    def open_opportunities(self, match: Any) -> SafeString | str:
        """How many are on offer, as a link to them."""
        if not match.open_total:
            return figures.UNDEFINED
        url = reverse("admin:betting_opportunity_changelist")
        return format_html(
            '<a class="mp-link" href="{}?kind=all&amp;match__id__exact={}">{}</a>',
            url,
            match.pk,
            match.open_total,
        )

    def read_page(self, request: HttpRequest, match: Match) -> MatchPage:
        """With the captured closing line on the chart."""
        page = super().read_page(request, match)
        if page.chart is not None and match.commence_time <= request_time():
            page.chart["closing"] = closing_line_text.for_chart(
                match, page.market, page.line, start=page.chart["start"]
            )
        return page

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one match with what was found, bet and captured."""
        match: Match = kwargs["obj"]
        bets = _bets_on(match)
        context |= {
            "opportunities": _found_in(match),
            "may_bet": request.user.has_perm("betting.add_bet"),
            "bets": bets,
            "currency": StakingSettings.current().currency if bets else "",
            "closing_lines": closing_line_text.rows(match),
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


def _found_in(match: Match) -> list[dict[str, Any]]:
    """Its opportunities, the open ones first."""
    now = request_time()
    found = match.opportunities.select_related("match", "best_bookmaker").order_by(
        F("closed_at").desc(nulls_first=True), "rejection", F("edge_pct").desc(nulls_last=True)
    )
    return [
        {
            "row": one,
            "url": change_url(one),
            "selection": selection(one),
            "edges": edges(one),
            "standing": standing(one, now),
        }
        for one in found[:SHOWN_WITH_MATCH]
    ]


def _bets_on(match: Match) -> list[dict[str, Any]]:
    """The user's bets, cancelled ones left out."""
    return [
        {
            "row": bet,
            "url": change_url(bet),
            "selection": selection_of_bet(bet),
            "standing": standing_of_bet(bet),
            "clv": clv_of(bet),
        }
        for bet in match.bets.kept().select_related("bookmaker")
    ]
