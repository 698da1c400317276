"""Opportunities and the settings of detection in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.admin.clock_text import countdown, price_age, words
from betting.admin.clv_text import clv_cell, with_reference_titles
from betting.admin.opportunity_filters import (
    BookmakerFilter,
    EdgeFilter,
    GroupFilter,
    KindFilter,
    LeagueFilter,
    OddsFilter,
    PeriodFilter,
    PlayableFilter,
    RejectionFilter,
    StandingFilter,
)
from betting.admin.why_panel import WhySection, band_text, why
from betting.detection.hindsight import edge_bands
from betting.models import DetectionSettings, Opportunity, StakingSettings
from betting.money import signed_money, tone
from betting.selections import edges, fair_odds, legs, reference, selection, standing
from odds import figures
from odds.admin_facts import (
    FactAdmin,
    KeysFirstPaginator,
    OneRowAdmin,
    change_url,
    column,
    two_lines,
)
from odds.models import Bookmaker


@admin.register(Opportunity)
class OpportunityAdmin(FactAdmin):
    """Prices that reached the user's thresholds; those on offer and accepted unless asked."""

    list_display = [
        *("bet", "match_link", "kind_label", "status", "price", "edge", "spread", "seen"),
        *("clv", "paper", "place"),
    ]
    list_filter = [
        StandingFilter,
        KindFilter,
        PlayableFilter,
        PeriodFilter,
        EdgeFilter,
        OddsFilter,
        GroupFilter,
        LeagueFilter,
        BookmakerFilter,
        RejectionFilter,
    ]
    list_sections = [WhySection]
    paginator = KeysFirstPaginator
    search_fields = ["match__home_team", "match__away_team"]
    change_list_template = "admin/betting/opportunity/list.html"
    change_form_template = "admin/betting/opportunity/page.html"
    empty_title = gettext_lazy("No opportunity here")
    empty_hint = gettext_lazy(
        "Each collection is searched for prices above fair. None may be on offer right now; see "
        "the rejected and the ended ones above, and your thresholds in the settings."
    )
    empty_url_name = "admin:betting_detectionsettings_changelist"
    empty_link = gettext_lazy("Detection settings")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        """With the title of the reference, which is stored by its key."""
        title = Bookmaker.objects.filter(key=OuterRef("reference")).values("title")
        queryset: QuerySet[Opportunity] = (
            super().get_queryset(request).select_related("match__sport", "best_bookmaker")
        )
        named = queryset.annotate(reference_title=Subquery(title))
        return with_reference_titles(named, named="graded_by_title")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Without the kind or the status where the filters leave only one.

        Of ended ones the closing line and the result say more than the spread and the price's age.
        """
        chosen = request.GET
        has_ended = chosen.get("show") == "closed"
        needless = {"spread", "seen", "place"} if has_ended else {"clv", "paper"}
        if chosen.get("show") == "rejected":
            needless |= {"spread", "place"}  # the reason takes their room
        if not may_bet(request):
            needless.add("place")
        if chosen.get("kind") != "all":
            needless.add("kind_label")
        if chosen.get("show", "open") == "open" and "rejection" not in chosen:
            needless.add("status")
        return [name for name in self.list_display if name not in needless]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """The best first among those on offer, else the newest first."""
        if request.GET.get("show", "open") in {"open", "rejected"}:
            return [
                F("edge_pct").desc(nulls_last=True),
                F("spread_pct").desc(nulls_last=True),
                "-kind",  # the value before the spread of the same bet
                "-id",
            ]
        return ["-first_seen_at", "-id"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's rows with the band of their edges."""
        changes = super().get_changelist_instance(request)
        rows = list(changes.result_list)
        values = [row for row in rows if row.kind == Opportunity.Kind.VALUE]
        given = edge_bands(values, DetectionSettings.current()) if values else {}
        old_after = StakingSettings.current().old_price
        for row in rows:
            row.band, row.old_after = given.get(row.pk), old_after
        changes.result_list = rows
        return changes

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with what keeps it live."""
        live = {"now": timezone.now(), "clock_words": words()}
        response: HttpResponse = super().changelist_view(request, (extra_context or {}) | live)
        return response

    def get_urls(self) -> list[URLPattern]:
        """Its pages, and the panel a row of the list unfolds."""
        unfold = self.admin_site.admin_view(self.why_view)
        return [path("<int:pk>/why/", unfold, name="betting_opportunity_why"), *super().get_urls()]

    def why_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Why one of them counts, as a part of a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {"why": why(found), "now": timezone.now(), "is_part": True}
        return TemplateResponse(request, "admin/betting/opportunity/why.html", context)

    @column(gettext_lazy("Bet"))
    def bet(self, opportunity: Opportunity) -> SafeString:
        """What to bet on, in which market."""
        return two_lines(selection(opportunity), opportunity.get_market_display(), css="is-wide")

    @column(gettext_lazy("Match"), ordering="match__commence_time")
    def match_link(self, opportunity: Opportunity) -> SafeString:
        """The match as a link to its page, over its kick-off."""
        match = opportunity.match
        link = format_html('<a class="mp-link" href="{}">{}</a>', change_url(match), match)
        kick_off = format_html(
            "{} · {}",
            countdown(match.commence_time, timezone.now()),
            figures.near_moment(match.commence_time),
        )
        return two_lines(link, kick_off, css="is-wide")

    @column(
        gettext_lazy("Kind"),
        ordering="kind",
        label={
            Opportunity.Kind.VALUE: "primary",
            Opportunity.Kind.SPREAD: "",
            Opportunity.Kind.ARBITRAGE: "info",
        },
    )
    def kind_label(self, opportunity: Opportunity) -> tuple[str, str]:
        """The kind as a coloured label."""
        return opportunity.kind, opportunity.get_kind_display()

    @column(gettext_lazy("Best odds"), ordering="best_odds")
    def price(self, opportunity: Any) -> SafeString:
        """The price and where, over the fair one and whose."""
        if opportunity.best_bookmaker is None:
            at = ", ".join(leg["bookmaker"] for leg in opportunity.legs)
            return two_lines(_("%(number)d legs") % {"number": len(opportunity.legs)}, at)
        best = format_html(
            "{} <small>{}{}</small>",
            figures.decimal_odds(opportunity.best_odds),
            opportunity.best_bookmaker,
            playable_mark(opportunity.best_bookmaker),
        )
        fair = fair_odds(opportunity)
        if fair is None:
            return two_lines(best, _("no fair price"))
        titles = {opportunity.reference: opportunity.reference_title or opportunity.reference}
        return two_lines(
            best,
            _("fair %(odds)s, %(reference)s")
            % {"odds": figures.decimal_odds(fair), "reference": reference(opportunity, titles)},
        )

    @column(gettext_lazy("Edge → expected"), ordering=F("edge_pct").desc(nulls_last=True))
    def edge(self, opportunity: Any) -> SafeString:
        """Claimed and expected after shrinkage, over what other devig methods would claim."""
        if band := getattr(opportunity, "band", None):
            return two_lines(edges(opportunity), band_text(band))
        peak = _("peak %(edge)s") % {"edge": figures.signed_percent(opportunity.peak_edge_pct)}
        return two_lines(edges(opportunity), peak)

    @column(gettext_lazy("Spread"), ordering="spread_pct")
    def spread(self, opportunity: Opportunity) -> SafeString:
        """How far bookmakers lie apart, and how many they are."""
        number = _("%(number)d bookmakers") % {"number": opportunity.bookmaker_count}
        return two_lines(figures.percent(opportunity.spread_pct), number)

    @column(gettext_lazy("Price seen"), ordering="price_seen_at")
    def seen(self, opportunity: Any) -> SafeString:
        """The age of the price, over that of the opportunity."""
        now = timezone.now()
        first = _("first %(time)s ago") % {"time": figures.age(opportunity.first_seen_at, now)}
        seen = price_age(opportunity.price_seen_at, now, old=opportunity.old_after)
        return two_lines(seen, first)

    @column("")
    def place(self, opportunity: Opportunity) -> SafeString | str:
        """The button that opens the dialog of a bet, or its page without JavaScript."""
        state, _shown = standing(opportunity, timezone.now())
        if state == "closed" or opportunity.best_bookmaker is None:
            return ""
        return format_html(
            '<a class="mp-quiet is-small" href="{}?opportunity={}" data-bet-dialog '
            'aria-label="{}">{}</a>',
            reverse("admin:betting_bet_add"),
            opportunity.pk,
            _("Bet on %(selection)s") % {"selection": selection(opportunity)},
            _("Bet now"),
        )

    @column(gettext_lazy("CLV"), ordering=F("clv_fair_pct").desc(nulls_last=True))
    def clv(self, opportunity: Any) -> SafeString:
        """What the closing line said of its first price."""
        return clv_cell(opportunity, opportunity.graded_by_title)

    @column(gettext_lazy("On paper"), ordering=F("paper_profit").desc(nulls_last=True))
    def paper(self, opportunity: Opportunity) -> SafeString:
        """What one unit at its first odds brought, over how it ended."""
        profit = opportunity.paper_profit
        written = figures.UNDEFINED if profit is None else signed_money(profit)
        brought = format_html('<span class="{}">{}</span>', tone(profit), written)
        return two_lines(brought, opportunity.get_paper_result_display())

    @column(
        gettext_lazy("Status"),
        label={"open": "success", "rejected": "warning", "closed": ""},
    )
    def status(self, opportunity: Opportunity) -> tuple[str, str]:
        """On offer, or why it was refused or ended."""
        return standing(opportunity, timezone.now())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one opportunity instead of a form."""
        opportunity = kwargs["obj"]
        titles = {opportunity.reference: opportunity.reference_title or opportunity.reference}
        now = timezone.now()
        state, status = standing(opportunity, now)
        old_after = StakingSettings.current().old_price
        context |= {
            "selection": selection(opportunity),
            "fair_odds": fair_odds(opportunity),
            "reference": reference(opportunity, titles),
            "state": state,
            "status": status,
            "match_url": change_url(opportunity.match),
            "legs": legs(opportunity),
            "clv": clv_cell(opportunity, opportunity.graded_by_title),
            "paper": self.paper(opportunity),
            "may_bet": state != "closed" and may_bet(request),
            "why": why(opportunity),
            "clock_words": words(),
            "seen": price_age(opportunity.price_seen_at, now, old=old_after),
            "kick_off": countdown(opportunity.match.commence_time, now),
            "now": now,
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


def may_bet(request: HttpRequest) -> bool:
    """Whether the user may record bets."""
    return bool(request.user.has_perm("betting.add_bet"))


def playable_mark(bookmaker: Bookmaker) -> SafeString | str:
    """A star where the user can bet."""
    if not bookmaker.is_playable:
        return ""
    return format_html(' <span class="mp-playable" title="{}">★</span>', _("playable"))


@admin.register(DetectionSettings)
class DetectionSettingsAdmin(OneRowAdmin):
    """What counts as an opportunity."""

    fieldsets = [
        (
            gettext_lazy("What counts"),
            {
                "fields": [
                    "minimum_edge_pct",
                    "minimum_spread_pct",
                    "detects_arbitrage",
                    "only_playable",
                ]
            },
        ),
        (
            gettext_lazy("What is fair"),
            {"fields": ["devig", "minimum_bookmakers", "minimum_consensus_operators", "shrinkage"]},
        ),
        (
            gettext_lazy("What is refused"),
            {
                "fields": [
                    "maximum_edge_pct",
                    "maximum_source_age_minutes",
                    "maximum_seen_age_minutes",
                    "lowest_overround",
                    "highest_overround",
                    "rejects_lagging",
                ]
            },
        ),
    ]
