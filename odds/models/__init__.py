"""The tables of odds."""

from odds.models.collections import Collection, CollectionSettings, RawPayload
from odds.models.matches import Bookmaker, Match, MatchChange, Sport
from odds.models.quotes import LatestQuote, Market, Quote
from odds.models.results import LeagueUpdate, MatchResult, TeamAlias

__all__ = [
    "Bookmaker",
    "Collection",
    "CollectionSettings",
    "LatestQuote",
    "LeagueUpdate",
    "Market",
    "Match",
    "MatchChange",
    "MatchResult",
    "Quote",
    "RawPayload",
    "Sport",
    "TeamAlias",
]
