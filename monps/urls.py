"""The map: the admin, the API with its older spellings, and its schema."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required, login_required
from django.urls import URLPattern, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from alerts.metrics.api import CollectorStatistics, MetricsRefresh, Refresh
from alerts.metrics.views import metrics
from alerts.views import receive
from betting.api.bets import BetCollection, BetDetail, BetHistory, BetPlacing, BetStatistics
from betting.api.manual_bets import (
    ClvCalculation,
    ManualBetCollection,
    ManualBetDetail,
    ManualBetStatistics,
    PendingClv,
)
from betting.api.opportunity_views import (
    ArbitrageList,
    GlobalStatistics,
    OpportunityList,
    TopOpportunities,
)
from betting.api.performance import Performance
from betting.api.settlement import SettlementStatistics
from betting.api.stats import Analytics, BankrollStatistics, BookmakerStatistics
from monps.api import View, as_route
from monps.api_learning import AnalyseStrategies
from monps.api_tasks import CollectNow, FetchResults, RunGrading, RunSettlement
from monps.budget import views as budget_views
from monps.health import health
from monps.pages import admin_pages
from odds.api import CollectorStatus, MatchDetail, MatchList, QuoteHistory, QuoteList
from odds.api_budget import BudgetView, PlanView
from strategies.api.agent_analysis import MatchAnalysis
from strategies.api.agent_lists import AgentStatistics, DetailedStatistics, Recommendations
from strategies.api.agents import AgentHealth, AgentPerformance, AgentSignals, AgentSummary
from strategies.api.comparison import AgentComparison, AgentPair
from strategies.api.improvements import (
    ArchivedImprovements,
    ImprovementApplication,
    ImprovementArchiving,
    ImprovementCreation,
    ImprovementDetail,
    ImprovementList,
    ImprovementReactivation,
    ImprovementTest,
    SelectionActivation,
)
from strategies.api.learning import AgentLearning
from strategies.api.patron import PatronAnalysis, PatronBatch
from strategies.api.ranking import AgentFailures, StrategyPerformance, StrategyRanking
from strategies.api.traffic import ImprovementTraffic

handler404 = "monps.api.answer_not_found"
handler500 = "monps.api.answer_failure"


def routes(prefix: str, route: str, view: View) -> list[URLPattern]:
    """One route of the API under every spelling it answers to.

    The canonical one is `prefix/route`; the original's front end wrote the prefix twice, and a
    slash at the end may be left out or added.
    """
    canonical = f"{prefix}/{route}"
    other = canonical.removesuffix("/") if canonical.endswith("/") else f"{canonical}/"
    aliases = (other, f"{prefix}/{canonical}", f"{prefix}/{other}")
    return [
        path(canonical, as_route(view)),
        *(path(alias, as_route(view, is_alias=True)) for alias in aliases),
    ]


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("health", health, name="health"),
    path("health/", health),
    *(
        path(route, receive, name="alerts_webhook")
        for route in ("alerts/webhook", "alerts/webhook/")
    ),
    *(path(route, metrics, name="metrics") for route in ("metrics", "metrics/")),
    *(path(route, metrics) for route in ("metrics/collector", "metrics/collector/")),
    path("admin/odds/budget/", admin.site.admin_view(budget_views.budget), name="budget"),
    path("odds/budget.ics", budget_views.budget_feed, name="budget_feed"),
    path("admin/", ([*admin_pages(), *admin.site.urls[0]], "admin", admin.site.name)),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs/",
        login_required(SpectacularSwaggerView.as_view(url_name="schema")),
        name="docs",
    ),
    *routes("odds", "", QuoteList.as_view()),
    *routes("odds", "matches", MatchList.as_view()),
    *routes("odds", "budget", BudgetView.as_view()),
    *routes("odds", "plan", PlanView.as_view()),
    *routes("odds", "matches/<str:match_id>", MatchDetail.as_view()),
    *routes("odds", "history/<str:match_id>", QuoteHistory.as_view()),
    *routes("odds", "collect", CollectNow.as_view()),
    *routes("opportunities", "", OpportunityList.as_view()),
    *routes("opportunities", "top", TopOpportunities.as_view()),
    *routes("opportunities", "arbitrage", ArbitrageList.as_view()),
    *routes("stats", "global", GlobalStatistics.as_view()),
    *routes("stats", "bankroll", BankrollStatistics.as_view()),
    *routes("stats", "performance", Performance.as_view()),
    *routes("stats", "bookmakers", BookmakerStatistics.as_view()),
    *routes("stats", "analytics/comprehensive", Analytics.as_view()),
    *routes("metrics", "status", CollectorStatus.as_view()),
    *routes("metrics", "refresh", MetricsRefresh.as_view()),
    *routes("metrics", "collector/stats", CollectorStatistics.as_view()),
    path("refresh", as_route(Refresh.as_view())),
    path("refresh/", as_route(Refresh.as_view(), is_alias=True)),
    *routes("results", "fetch", FetchResults.as_view()),
    *routes("bets", "", BetCollection.as_view()),
    *routes("bets", "place", BetPlacing.as_view()),
    *routes("bets", "history", BetHistory.as_view()),
    *routes("bets", "stats", BetStatistics.as_view()),
    *routes("bets", "<int:bet_id>", BetDetail.as_view()),
    *routes("manual-bets", "", ManualBetCollection.as_view()),
    *routes("manual-bets", "stats", ManualBetStatistics.as_view()),
    *routes("manual-bets", "pending-clv", PendingClv.as_view()),
    *routes("manual-bets", "calculate-clv", ClvCalculation.as_view()),
    *routes("manual-bets", "<int:bet_id>", ManualBetDetail.as_view()),
    *routes("settlement", "stats", SettlementStatistics.as_view()),
    *routes("settlement", "run-settlement", RunSettlement.as_view()),
    *routes("settlement", "run-clv", RunGrading.as_view()),
    *routes("stats", "agents", AgentLearning.as_view()),
    *routes("agents", "signals", AgentSignals.as_view()),
    *routes("agents", "performance", AgentPerformance.as_view()),
    *routes("agents", "health", AgentHealth.as_view()),
    *routes("agents", "summary", AgentSummary.as_view()),
    *routes("agents", "analyze/<str:match_id>", MatchAnalysis.as_view()),
    *routes("agents", "patron/analyze/<str:match_id>", PatronAnalysis.as_view()),
    *routes("agents", "patron/batch", PatronBatch.as_view()),
    *routes("agents", "stats", AgentStatistics.as_view()),
    *routes("agents", "stats/detailed", DetailedStatistics.as_view()),
    *routes("agents", "recommendations", Recommendations.as_view()),
    *routes("agents", "compare/<str:agent1>/<str:agent2>", AgentPair.as_view()),
    *routes("agents", "comparison", AgentComparison.as_view()),
    *routes("strategies", "ranking", StrategyRanking.as_view()),
    *routes("strategies", "performance/<int:strategy_id>", StrategyPerformance.as_view()),
    *routes("strategies", "failures/<str:agent_name>", AgentFailures.as_view()),
    *routes("strategies", "improvements", ImprovementList.as_view()),
    *routes("strategies", "improvements/archived", ArchivedImprovements.as_view()),
    *routes("strategies", "improvements/activate-selected", SelectionActivation.as_view()),
    *routes("strategies", "improvements/<int:improvement_id>", ImprovementDetail.as_view()),
    *routes(
        "strategies", "improvements/<int:improvement_id>/archive", ImprovementArchiving.as_view()
    ),
    *routes(
        "strategies",
        "improvements/<int:improvement_id>/reactivate",
        ImprovementReactivation.as_view(),
    ),
    *routes(
        "strategies", "improvements/<int:improvement_id>/activate-test", ImprovementTest.as_view()
    ),
    *routes(
        "strategies", "improvements/<int:improvement_id>/apply", ImprovementApplication.as_view()
    ),
    *routes(
        "strategies", "improvements/<int:improvement_id>/traffic", ImprovementTraffic.as_view()
    ),
    *(
        path(
            f"api/ferrari/improvements/<int:improvement_id>/traffic-recommendation{slash}",
            as_route(ImprovementTraffic.as_view(), is_alias=True),
        )
        for slash in ("", "/")
    ),
    *routes("strategies", "meta-learning/analyze", AnalyseStrategies.as_view()),
    *routes("strategies", "improvement/create", ImprovementCreation.as_view()),
]
