"""Prices still on offer for the markets that predictions are about, read in two queries.

On offer is what the newest look at a sport's market still showed, as in `odds.api_matches`;
exchanges, whose odds are before commission, are left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q

from odds.api_matches import MARKETS_TO_BACK, newest_look
from odds.api_quotes import SIDES
from odds.models import Bookmaker, LatestQuote, Match
from strategies.models import Prediction

ODDS: Final = ("odds_1", "odds_x", "odds_2")
Group = tuple[int, str, Decimal]  # match, market, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What each bookmaker offers for the outcomes of one market and line: key, outcome, odds.

    `seen_at` is when the sport's market was last looked at; None where nothing is on offer.
    """

    odds: Mapping[str, Mapping[str, float]]
    seen_at: datetime | None

    @property
    def bookmakers(self) -> int:
        """How many offer it."""
        return len(self.odds)

    def of(self, outcome: str) -> list[float]:
        """All odds for an outcome."""
        return [odds[outcome] for odds in self.odds.values() if outcome in odds]


NOTHING = Offered(odds={}, seen_at=None)


def group_of(made: Prediction) -> Group:
    """The market and line a prediction is about."""
    return made.match_id, made.market, made.line


def read_offered(groups: Collection[Group]) -> Mapping[Group, Offered]:
    """What is on offer now in these markets and lines; groups nobody offers are missing."""
    looks = _looks({match_id for match_id, _market, _line in groups})
    found: dict[Group, dict[str, dict[str, float]]] = defaultdict(dict)
    for match_id, market, line, bookmaker, seen_at, *odds in _quotes(groups):
        looked_at = looks.get((match_id, market))
        if looked_at is not None and seen_at >= looked_at:
            found[match_id, market, line][bookmaker] = {
                name: float(price)
                for name, price in zip(SIDES[market], odds, strict=True)
                if price is not None
            }
    return {
        group: Offered(odds=odds, seen_at=looks[group[0], group[1]])
        for group, odds in found.items()
    }


def _looks(match_ids: Collection[int]) -> Mapping[tuple[int, str], datetime | None]:
    """When each match's sport was last asked for each market."""
    looks: dict[str, Any] = {f"{market}_at": newest_look(market) for market in MARKETS_TO_BACK}
    rows = Match.objects.filter(pk__in=match_ids).annotate(**looks).values("pk", *looks)
    return {
        (row["pk"], market.value): row[f"{market}_at"] for row in rows for market in MARKETS_TO_BACK
    }


def _quotes(groups: Collection[Group]) -> Iterable[tuple[Any, ...]]:
    wanted = [Q(match=match, market=market, line=line) for match, market, line in set(groups)]
    if not wanted:
        return []
    return (
        LatestQuote.objects.filter(reduce(or_, wanted))
        .exclude(bookmaker__kind=Bookmaker.Kind.EXCHANGE)
        .order_by("match", "market", "line", "bookmaker")
        .values_list("match", "market", "line", "bookmaker__key", "seen_at", *ODDS)
    )


def is_on_offer(made: Prediction, offered: Mapping[Group, Offered]) -> bool | None:
    """Whether its bookmaker still pays at least its odds; None for an arbitrage and an exchange."""
    if made.bookmaker is None or made.bookmaker.kind == Bookmaker.Kind.EXCHANGE:
        return None
    prices = offered.get(group_of(made), NOTHING).odds.get(made.bookmaker.key, {})
    return made.outcome in prices and prices[made.outcome] >= float(made.odds)
