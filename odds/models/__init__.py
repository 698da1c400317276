"""The tables of odds."""

from odds.models.collections import Collection, CollectionSettings, RawPayload
from odds.models.matches import Bookmaker, Match, MatchChange, Sport
from odds.models.quotes import LatestQuote, Market, Quote

__all__ = [
    "Bookmaker",
    "Collection",
    "CollectionSettings",
    "LatestQuote",
    "Market",
    "Match",
    "MatchChange",
    "Quote",
    "RawPayload",
    "Sport",
]
