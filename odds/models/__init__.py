"""The tables of odds."""

from odds.models.budget import CurrentPlan, PlannedCall, PlannerSettings
from odds.models.collections import Collection, CollectionSettings, RawPayload
from odds.models.matches import Bookmaker, Match, MatchChange, Sport
from odds.models.quotes import LatestQuote, Market, Quote
from odds.models.results import LeagueUpdate, MatchResult, TeamAlias

__all__ = [
    "Bookmaker",
    "Collection",
    "CollectionSettings",
    "CurrentPlan",
    "LatestQuote",
    "LeagueUpdate",
    "Market",
    "Match",
    "MatchChange",
    "MatchResult",
    "PlannedCall",
    "PlannerSettings",
    "Quote",
    "RawPayload",
    "Sport",
    "TeamAlias",
]
