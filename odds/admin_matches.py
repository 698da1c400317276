"""Matches in the admin, and what the source changed about them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from odds import admin_results, figures, match_page, results
from odds.admin_facts import ChoiceFilter, FactAdmin, SportFilter, column, request_time, two_lines
from odds.models import LatestQuote, Match, MatchChange


class KickOffFilter(ChoiceFilter):
    """Coming matches unless asked otherwise."""

    title = gettext_lazy("kick-off")
    parameter_name = "when"
    default = "upcoming"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Before now, after now, or both."""
        return [
            ("upcoming", gettext_lazy("Upcoming")),
            ("past", gettext_lazy("Kicked off")),
            ("all", gettext_lazy("All")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Match]) -> QuerySet[Match]:  # noqa: ARG002
        """The next first; of those that kicked off, the last first."""
        now = request_time()
        if self.value() == "upcoming":
            return queryset.filter(commence_time__gt=now)
        if self.value() == "past":
            return queryset.filter(commence_time__lte=now)
        return queryset


@admin.register(Match)
class MatchAdmin(FactAdmin):
    """Matches and, on each one's page, how its odds moved and who offers what."""

    list_display = ["teams", "kick_off", "bookmaker_count", "status_label"]
    list_filter = [KickOffFilter, SportFilter]
    search_fields = ["home_team", "away_team"]
    change_form_template = "admin/odds/match/page.html"
    empty_title = gettext_lazy("No match here")
    empty_hint = gettext_lazy(
        "Matches arrive with each collection. Check that a sport is collected and when the next "
        "call is due."
    )
    empty_url_name = "admin:odds_sport_changelist"
    empty_link = gettext_lazy("Sports")

    def get_urls(self) -> list[URLPattern]:
        """Its pages and the form of a result."""
        enter = self.admin_site.admin_view(self.enter_result)
        return [path("<int:pk>/result/", enter, name="odds_match_result"), *super().get_urls()]

    def enter_result(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How a match ended, said by a person."""
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        return admin_results.enter_result(request, pk, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        """Matches with the number of bookmakers that quote them."""
        quoted_by = (
            LatestQuote.objects.filter(match=OuterRef("pk"))
            .order_by()
            .values("match")
            .annotate(number=Count("bookmaker", distinct=True))
        )
        queryset: QuerySet[Match] = super().get_queryset(request).select_related("sport")
        return queryset.annotate(bookmaker_total=Subquery(quoted_by.values("number")))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """The next kick-off first; those in the past, the last one first."""
        sign = "" if request.GET.get("when", "upcoming") == "upcoming" else "-"
        return [f"{sign}commence_time", f"{sign}id"]

    @column(gettext_lazy("Match"), ordering="home_team")
    def teams(self, match: Match) -> SafeString:
        """The teams, with the competition."""
        return two_lines(match, match.sport.title)

    @column(gettext_lazy("Kick-off"), ordering="commence_time")
    def kick_off(self, match: Match) -> SafeString:
        """When, and how far off."""
        return two_lines(
            figures.moment(match.commence_time), figures.away(match.commence_time, request_time())
        )

    @column(gettext_lazy("Bookmakers"))
    def bookmaker_count(self, match: Any) -> int:
        """How many bookmakers quote it."""
        return match.bookmaker_total or 0

    @column(gettext_lazy("Status"), label=admin_results.STATUS_COLOURS)
    def status_label(self, match: Match) -> tuple[str, str]:
        """The status, with the score where there is one."""
        if match.home_score is None:
            return match.status, match.get_status_display()
        return match.status, f"{match.home_score} – {match.away_score}"

    def read_page(self, request: HttpRequest, match: Match) -> match_page.MatchPage:
        """The market and line that the address asks for; apps above add to its chart."""
        asked = request.GET
        return match_page.read(match, market=asked.get("market"), line=asked.get("line"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one match instead of a form."""
        match: Match = kwargs["obj"]
        statements = list(match.results.all())
        context |= {
            "statements": statements,
            "in_force": results.in_force(statements),
            "page": self.read_page(request, match),
            "now": request_time(),
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


@admin.register(MatchChange)
class MatchChangeAdmin(FactAdmin):
    """What the source changed about matches it had announced."""

    list_display = ["observed_at", "match", "kind", "before", "after"]
    list_filter = ["kind"]
    list_select_related = ["match"]
    empty_title = gettext_lazy("Nothing has changed at the source")
    empty_hint = gettext_lazy("Moved kick-offs, swapped and renamed teams are listed here.")
