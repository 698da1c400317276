"""Bodies of the three routes that place a bet, each on the same one, and how they are sent."""

from typing import Any

from tests.api import signed_in

ROUTES = ["/bets/", "/bets/place", "/manual-bets/"]


def classic(**given: Any) -> dict[str, Any]:
    body = {
        "match_id": "9f2c",
        "outcome": "home",
        "bookmaker": "Betclic",
        "odds_value": "2.30",
        "stake": "10.00",
    }
    return body | given


def page(**given: Any) -> dict[str, Any]:
    """What the bet modal of the opportunities page sends."""
    body = {
        "match_id": "9f2c",
        "opportunity_id": "unknown-to-us",
        "home_team": "Leeds",
        "away_team": "Fulham",
        "sport": "soccer_epl",
        "league": None,
        "commence_time": "2026-11-22T12:00:00",
        "outcome": "home",
        "odds": 2.3,
        "stake": 10,
        "bookmaker": "betclic_fr",
        "edge_pct": 4.5,
        "agent_recommended": "Spread Optimizer",
        "patron_score": "ANALYSER",
        "patron_confidence": 61.5,
        "notes": "",
    }
    return body | given


def manual(**given: Any) -> dict[str, Any]:
    body = {
        "match_id": "9f2c",
        "match_name": "Leeds vs Fulham",
        "sport": "soccer_epl",
        "kickoff_time": "2026-11-22T12:00:00Z",
        "market_type": "h2h",
        "selection": "Home",
        "bookmaker": "betclic_fr",
        "odds_obtained": 2.3,
        "stake": 10,
    }
    return body | given


BODIES = dict(zip(ROUTES, (classic, page, manual), strict=True))


def post(path: str, body: Any, **headers: str) -> Any:
    return signed_in().post(path, body, format="json", headers=headers)
