"""Closing lines in the admin: what each reference held to be fair when a match began."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.admin import closing_line_text
from betting.admin.clv_text import reference_title, with_reference_titles
from betting.closing.clv import FOOTBALL_DATA
from betting.closing.prices import CONSENSUS
from betting.models import ClosingLine
from odds import figures
from odds.admin_facts import FactAdmin, SportFilter, change_url, column, two_lines
from odds.models import Bookmaker


class ClosingSportFilter(SportFilter):
    """The sport of the match."""

    path = "match__sport"


class ReferenceFilter(SimpleListFilter):
    """Whose closing line."""

    title = gettext_lazy("reference")
    parameter_name = "reference"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Those that ever gave one."""
        known = ClosingLine.objects.exclude(reference="").order_by("reference")
        keys = list(known.values_list("reference", flat=True).distinct())
        plain = {key: key.removeprefix(FOOTBALL_DATA) for key in keys}
        named = Bookmaker.objects.filter(key__in=plain.values()).values_list("key", "title")
        titles = dict(named)
        return [(key, reference_title(key, titles.get(plain[key]))) for key in keys]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[ClosingLine],
    ) -> QuerySet[ClosingLine]:
        """The reference's lines."""
        return queryset.filter(reference=self.value()) if self.value() else queryset


@admin.register(ClosingLine)
class ClosingLineAdmin(FactAdmin):
    """Captured when a match begins, and again when its kick-off is corrected."""

    list_display = ["match_link", "market_and_line", "whose", "odds", "fair", "age"]
    list_display_links = None
    ordering = ["-kickoff_at", "-id"]
    list_filter = [ReferenceFilter, "source", "missing", ClosingSportFilter, "market"]
    list_select_related = ["match__sport"]
    search_fields = ["match__home_team", "match__away_team"]
    empty_title = gettext_lazy("No closing line yet")
    empty_hint = gettext_lazy(
        "When a collected match begins, the last prices seen before are kept here: they grade "
        "every bet and every opportunity of that match."
    )
    empty_url_name = "admin:betting_settlementsettings_changelist"
    empty_link = gettext_lazy("Settlement settings")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClosingLine]:
        """With the titles of references, which are stored by their keys."""
        return with_reference_titles(super().get_queryset(request), "reference")

    @column(gettext_lazy("Match"), ordering="kickoff_at")
    def match_link(self, line: ClosingLine) -> SafeString:
        """The match as a link to its page, over its kick-off."""
        link = format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(line.match), line.match
        )
        return two_lines(link, figures.moment(line.kickoff_at), css="is-wide")

    @column(gettext_lazy("Market"), ordering="market")
    def market_and_line(self, line: ClosingLine) -> str:
        """The market with its line."""
        return closing_line_text.market_of(line)

    @column(gettext_lazy("Reference"), ordering="reference")
    def whose(self, line: Any) -> SafeString:
        """Whose prices, over where they come from; or why there are none."""
        if line.missing:
            return format_html('<span class="mp-warn">{}</span>', line.get_missing_display())
        if line.reference == CONSENSUS:
            number = _("%(number)d bookmakers") % {"number": line.bookmaker_count}
            return two_lines(_("consensus"), number)
        return two_lines(line.reference_title or line.reference, line.get_source_display())

    @column(gettext_lazy("Odds"))
    def odds(self, line: ClosingLine) -> SafeString:
        """As offered."""
        return format_html('<span class="mp-first">{}</span>', closing_line_text.odds_of(line))

    @column(gettext_lazy("Fair odds"))
    def fair(self, line: ClosingLine) -> SafeString:
        """Without the margin."""
        return format_html('<span class="mp-first">{}</span>', closing_line_text.fair_odds_of(line))

    @column(gettext_lazy("Before kick-off"), ordering="minutes_before_kickoff")
    def age(self, line: ClosingLine) -> str:
        """How long before kick-off it was last seen."""
        return closing_line_text.minutes_of(line)
