"""The page of a match, with what the agents predicted for it."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from betting.admin.matches import MatchWithOpportunitiesAdmin
from odds.admin_facts import request_time
from odds.models import Match
from strategies.admin import prediction_text
from strategies.models import Prediction

SHOWN_WITH_MATCH: Final = 50  # predictions: a few agents on a few markets and lines
AGENT_BY_AGENT: Final = (
    *("version__strategy__agent_name", "version__strategy__strategy_name"),
    *("market", "line", "-pk"),
)

admin.site.unregister(Match)


@admin.register(Match)
class MatchWithPredictionsAdmin(MatchWithOpportunitiesAdmin):
    """Matches with what was found, bet and predicted."""

    change_form_template = "strategies/match/page.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one match with its predictions, by agent."""
        context["predictions"] = _predicted_for(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)


def _predicted_for(match: Match) -> list[dict[str, Any]]:
    """Those of the current versions first, agent by agent."""
    now = request_time()
    rows = prediction_text.with_titles(
        Prediction.objects.filter(match=match).select_related(
            "match__sport", "bookmaker", "version__strategy"
        )
    ).order_by("-version__is_current", *AGENT_BY_AGENT)
    return [prediction_text.line_of(row, now=now) for row in rows[:SHOWN_WITH_MATCH]]
