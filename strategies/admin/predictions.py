"""Predictions in the admin: what strategies would have taken, and what came of it."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.admin.clv_text import clv_cell
from betting.admin.pages import PageAdmin
from betting.selections import legs, selection
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines
from strategies.admin import prediction_text
from strategies.admin.prediction_filters import (
    KickOffFilter,
    PredictionSportFilter,
    StrategyFilter,
)
from strategies.models import Prediction


@admin.register(Prediction)
class PredictionAdmin(PageAdmin):
    """Made on paper at every collection; graded by the closing line, settled by the result."""

    list_display = ["about", "wager", "price", "chance", "sure", "made", "ended", "clv"]
    list_display_links = None
    list_filter = [
        KickOffFilter,
        StrategyFilter,
        PredictionSportFilter,
        "market",
        "result",
        "clv_status",
    ]
    show_facets = admin.ShowFacets.NEVER  # they would count all of history
    list_select_related = ["match__sport", "bookmaker", "version__strategy"]
    search_fields = ["match__home_team", "match__away_team"]
    page_template = "strategies/prediction/page.html"
    empty_title = gettext_lazy("No prediction here")
    empty_hint = gettext_lazy(
        "Active strategies are asked at every collection of odds; what they would take appears "
        "here, on paper."
    )
    empty_url_name = "admin:strategies_strategy_changelist"
    empty_link = gettext_lazy("Ranking")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the titles of references, which are stored by their keys."""
        return prediction_text.with_titles(super().get_queryset(request))

    @column(gettext_lazy("Match"), ordering="match__commence_time")
    def about(self, row: Any) -> SafeString:
        """The match as a link to the prediction, over its kick-off."""
        link = format_html('<a class="mp-link" href="{}">{}</a>', change_url(row), row.match)
        return two_lines(link, figures.moment(row.match.commence_time), css="is-wide")

    @column(gettext_lazy("Prediction"))
    def wager(self, row: Any) -> SafeString:
        """The outcome, over its market and the strategy."""
        return two_lines(
            selection(row), f"{row.get_market_display()} · {row.version.strategy.strategy_name}"
        )

    @column(gettext_lazy("Odds"), ordering="odds")
    def price(self, row: Any) -> SafeString:
        """What it would have taken, and where."""
        where = row.bookmaker or _("several bookmakers")
        return two_lines(figures.decimal_odds(row.odds), where)

    @column(gettext_lazy("Edge"), ordering="edge_pct")
    def chance(self, row: Any) -> SafeString:
        """Claimed by the agent, over the probability it comes from."""
        return two_lines(figures.signed_percent(row.edge_pct), figures.share(row.probability))

    @column(gettext_lazy("Agreement"), ordering=F("confidence").desc(nulls_last=True))
    def sure(self, row: Any) -> SafeString:
        """How many other operators agree, over whose probability it is."""
        return two_lines(figures.share(row.confidence, 0), prediction_text.whose(row))

    @column(gettext_lazy("Predicted"), ordering="predicted_at")
    def made(self, row: Any) -> SafeString:
        """When."""
        return two_lines(
            figures.near_moment(row.predicted_at), figures.ago(row.predicted_at, request_time())
        )

    @column(gettext_lazy("Result"), ordering=F("profit").desc(nulls_last=True))
    def ended(self, row: Any) -> SafeString:
        """What one unit brought."""
        return prediction_text.result_of(row, now=request_time())

    @column(gettext_lazy("CLV"), ordering=F("clv_fair_pct").desc(nulls_last=True))
    def clv(self, row: Any) -> SafeString:
        """What the closing line said of it."""
        return prediction_text.short_clv(row)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """The prediction in words."""
        now = request_time()
        return {
            "now": now,
            "selection": selection(row),
            "reference": prediction_text.whose(row),
            "result": prediction_text.result_of(row, now=now),
            "clv": clv_cell(row, row.graded_by_title),
            "clv_words": prediction_text.clv_in_words(row),
            "legs": _legs(row),
            "match_url": change_url(row.match),
            "strategy_url": change_url(row.version.strategy),
        }


def _legs(row: Any) -> list[dict[str, Any]]:
    """Of an arbitrage, with titles; when they were seen is when it was predicted."""
    row.legs = [{"seen_at": row.predicted_at.isoformat(), **leg} for leg in row.legs]
    return legs(row)
