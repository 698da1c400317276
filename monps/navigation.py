"""The way around the admin: the sidebar and the tabs above lists."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """What a bettor looks at, what came of it, what feeds it, what governs it."""
    return [
        {
            "items": [
                _link(_("Overview"), "space_dashboard", "index"),
                _link(_("Opportunities"), "target", "betting_opportunity_changelist"),
                _link(_("Matches"), "sports_soccer", "odds_match_changelist"),
                _link(_("Bets"), "confirmation_number", "betting_bet_changelist"),
                _link(_("Bankroll"), "account_balance_wallet", "betting_account_changelist"),
                _link(_("Performance"), "monitoring", "monps_analyses"),
                _link(_("Closing lines"), "flag", "betting_closingline_changelist"),
                _link(_("Results"), "scoreboard", "odds_matchresult_changelist"),
            ]
        },
        {
            "title": _("Strategies"),
            "separator": True,
            "items": [
                _link(_("Ranking"), "leaderboard", "strategies_strategy_changelist")
                | {"active": _is_ranking(request)},
                _link(_("Compare"), "compare_arrows", "strategies_compare"),
                _link(_("Improvements"), "upgrade", "strategies_improvement_changelist"),
                _link(_("Analyses"), "psychology", "strategies_learningrun_changelist"),
                _link(_("Agents"), "smart_toy", "strategies_agents"),
                _link(_("Predictions"), "lightbulb", "strategies_prediction_changelist"),
                _link(_("Backtests"), "history", "strategies_backtest_changelist"),
                _link(_("Prove it"), "fact_check", "strategies_proof_changelist"),
            ],
        },
        {
            "title": _("Collecting"),
            "separator": True,
            "items": [
                {"title": _("Call budget"), "icon": "savings", "link": reverse("budget")},
                _link(_("Collections"), "cloud_download", "odds_collection_changelist"),
                _link(_("Sports"), "trophy", "odds_sport_changelist"),
                _link(_("Bookmakers"), "storefront", "odds_bookmaker_changelist"),
                _link(
                    _("Changes at the source"),
                    "published_with_changes",
                    "odds_matchchange_changelist",
                ),
            ],
        },
        {
            "title": _("Running"),
            "separator": True,
            "items": [
                _link(_("System health"), "health_and_safety", "monps_system"),
                _link(_("Alerts"), "notifications", "alerts_alert_changelist"),
                _link(_("Mails"), "mail", "alerts_mail_changelist"),
                _link(_("Backups"), "backup", "backups_backup_changelist"),
                _link(
                    _("Periodic tasks"), "schedule", "django_celery_beat_periodictask_changelist"
                ),
            ],
        },
        {
            "title": _("Settings"),
            "separator": True,
            "items": [
                _link(_("All settings"), "settings", "monps_settings"),
                _link(_("Collection settings"), "speed", "odds_collectionsettings_changelist"),
                _link(_("Planner settings"), "event_upcoming", "odds_plannersettings_changelist"),
                _link(_("Detection settings"), "tune", "betting_detectionsettings_changelist"),
                _link(_("Staking settings"), "percent", "betting_stakingsettings_changelist"),
                _link(_("Settlement settings"), "gavel", "betting_settlementsettings_changelist"),
                _link(_("Ranking settings"), "rule", "strategies_rankingsettings_changelist"),
                _link(_("Test settings"), "science", "strategies_experimentsettings_changelist"),
                _link(
                    _("Learning settings"),
                    "model_training",
                    "strategies_learningsettings_changelist",
                ),
                _link(
                    _("Alert settings"), "notification_settings", "alerts_alertsettings_changelist"
                ),
                _link(
                    _("Mail settings"), "outgoing_mail", "alerts_notificationsettings_changelist"
                ),
                _link(_("Users"), "person", "auth_user_changelist"),
                {"title": _("API"), "icon": "api", "link": reverse("docs")},
            ],
        },
    ]


def _is_ranking(request: HttpRequest) -> bool:
    """On the list or the page of a strategy; the agents' address begins with theirs."""
    is_below = request.path.startswith(reverse("admin:strategies_strategy_changelist"))
    return is_below and request.path != reverse("admin:strategies_agents")


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Above a list, the parts of it and the lists beside it."""
    return [
        _of_opportunities(request),
        _of_bets(request),
        _beside(
            request,
            (_("Accounts"), "betting.account"),
            (_("Ledger"), "betting.ledgerentry"),
        ),
        _beside(
            request,
            (_("Results"), "odds.matchresult"),
            (_("Team names"), "odds.teamalias"),
        ),
        _beside(
            request,
            (_("Analyses"), "strategies.learningrun"),
            (_("Nights"), "strategies.nightlyrun"),
        ),
    ]


def _of_opportunities(request: HttpRequest) -> dict[str, Any]:
    views: list[tuple[str, dict[str, str]]] = [
        (_("Values"), {}),
        (_("Arbitrages"), {"kind": "arbitrage"}),
        (_("Spreads"), {"kind": "spread"}),
        (_("Rejected"), {"show": "rejected", "kind": "all"}),
        (_("Ended"), {"show": "closed", "kind": "all"}),
    ]
    items = _views(request, "betting_opportunity", views, ("kind", "show"))
    return {"models": ["betting.opportunity"], "items": items}


def _of_bets(request: HttpRequest) -> dict[str, Any]:
    views: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Pending"), {"show": "pending"}),
        (_("Won"), {"show": "won"}),
        (_("Lost"), {"show": "lost"}),
        (_("Cancelled"), {"show": "cancelled"}),
    ]
    items = _views(request, "betting_bet", views, ("show",))
    imports = reverse("admin:betting_betimport_changelist")
    items += [
        {"title": _("Imports"), "link": imports, "active": request.path == imports},
        {"title": _("Export"), "link": reverse("admin:betting_bet_export"), "active": False},
    ]
    return {"models": ["betting.bet", "betting.betimport"], "items": items}


def _views(
    request: HttpRequest,
    name: str,
    views: list[tuple[str, dict[str, str]]],
    parameters: tuple[str, ...],
) -> list[dict[str, Any]]:
    """The parts of one list, told apart by its filters."""
    address = reverse(f"admin:{name}_changelist")
    chosen = {one: request.GET[one] for one in parameters if one in request.GET}
    return [
        {
            "title": title,
            "link": reverse(f"admin:{name}_changelist", query=query),
            "active": request.path == address and query == chosen,
        }
        for title, query in views
    ]


def _beside(request: HttpRequest, *lists: tuple[str, str]) -> dict[str, Any]:
    """Lists that belong together."""
    items = []
    for title, model in lists:
        address = reverse(f"admin:{model.replace('.', '_')}_changelist")
        items.append({"title": title, "link": address, "active": request.path == address})
    return {"models": [model for _title, model in lists], "items": items}


def _link(title: str, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(f"admin:{name}")}
