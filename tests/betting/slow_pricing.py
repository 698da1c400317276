"""The second method: pricing once more, in plain loops, from the rules and not from the code.

Nothing of numpy, nothing of ours but the words: what it must agree with is in betting.findings.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from tests.betting.markets import Bookie, Offer

NAMES = {
    "h2h": ("home", "draw", "away"),
    "totals": ("over", "", "under"),
    "spreads": ("home", "", "away"),
}
Row = dict[str, Any]


@dataclass
class Group:
    """The offers of one market and line of one match."""

    offers: list[Offer]
    places: list[int]
    settings: Any

    def is_complete(self, given: Offer) -> bool:
        return all(given.odds[place] for place in self.places)

    def overround(self, given: Offer) -> float:
        return sum(1 / given.odds[place] for place in self.places)

    def fault(self, given: Offer) -> str:
        if not self.is_complete(given):
            return "incomplete"
        if given.age is not None and given.age > self.settings.maximum_source_age_minutes * 60:
            return "stale"
        low, high = self.settings.lowest_overround, self.settings.highest_overround
        return "" if low <= self.overround(given) <= high else "overround"

    def fair(self, given: Offer) -> dict[int, float]:
        prices = {place: given.odds[place] for place in self.places}
        if given.bookie.kind == "exchange" or self.settings.devig == "multiplicative":
            return normalised({place: 1 / price for place, price in prices.items()})
        return power(prices)

    def reference(self, operator: str) -> tuple[str, dict[int, float] | None]:
        others = [
            given
            for given in self.offers
            if operator_of(given.bookie) != operator and not self.fault(given)
        ]
        for kind in ("sharp", "exchange"):
            chosen = sorted(
                (given for given in others if given.bookie.kind == kind),
                key=lambda given: (self.overround(given), given.bookie.key),
            )
            if chosen:
                return chosen[0].bookie.key, self.fair(chosen[0])
        opinions = defaultdict(list)
        for given in others:
            opinions[operator_of(given.bookie)].append(self.fair(given))
        if len(opinions) < self.settings.minimum_consensus_operators:
            return "", None
        means = [
            {place: mean(fair[place] for fair in skins) for place in self.places}
            for skins in opinions.values()
        ]
        medians = {place: median(fair[place] for fair in means) for place in self.places}
        return "consensus", normalised(medians)


def slow_find(offers: list[Offer], settings: Any, *, has_draws: bool) -> list[Row]:
    """Every finding as a dict, in no particular order."""
    groups = defaultdict(list)
    for given in offers:
        groups[given.match, given.market, given.line].append(given)
    return [
        {"match_id": match, "market": market, "line": line} | row
        for (match, market, line), members in groups.items()
        for row in of_group(market, members, settings, has_draws)
    ]


def of_group(market: str, offers: list[Offer], settings: Any, has_draws: bool) -> Iterator[Row]:
    has_draw = any(given.odds[1] for given in offers) or (has_draws and market == "h2h")
    group = Group(offers=offers, places=[0, 1, 2] if has_draw else [0, 2], settings=settings)
    for place in group.places:
        name = NAMES[market][place]
        for row in (value_row(group, place), spread_row(group, place)):
            if row:
                yield row | {"outcome": name}
    if settings.detects_arbitrage and (row := arbitrage_row(group, market)):
        yield row | {"outcome": "all"}


def value_row(group: Group, place: int) -> Row | None:
    settings = group.settings
    claims = []
    for given in group.offers:
        edge = edge_of(group, given, place)
        if settings.only_playable and not given.bookie.is_playable:
            continue
        if edge is not None and edge >= settings.minimum_edge_pct / 100:
            claims.append((verdict(group, given, place), edge, given))
    passing = [claim for claim in claims if not claim[0]]
    ranked = sorted(passing or claims, key=lambda claim: (-claim[1], *taste(claim[2])))
    if not ranked:
        return None
    reason, _edge, best = ranked[0]
    count = sum(1 for given in group.offers if given.odds[place])
    return {"kind": "value", "rejection": reason, "bookmaker_count": count} | price_row(
        group, best, place
    )


def spread_row(group: Group, place: int) -> Row | None:
    row = dispersion(group, place)
    if not row or row["count"] < group.settings.minimum_bookmakers:
        return None
    if row["spread_pct"] < group.settings.minimum_spread_pct:
        return None
    count = {"kind": "spread", "rejection": "", "bookmaker_count": row["count"]}
    return count | price_row(group, row["best"], place)


def price_row(group: Group, best: Offer, place: int) -> Row:
    edge = edge_of(group, best, place)
    source, fair = group.reference(operator_of(best.bookie))
    apart = dispersion(group, place)
    return {
        "best_odds": best.odds[place],
        "best_bookmaker": best.bookie.key,
        "worst_odds": apart and apart["worst"].odds[place],
        "worst_bookmaker": apart and apart["worst"].bookie.key,
        "spread_pct": apart and apart["spread_pct"],
        "fair_probability": fair and fair[place],
        "reference": source,
        "edge_pct": None if edge is None else edge * 100,
        "shrunk_edge_pct": None if edge is None else edge * 100 * group.settings.shrinkage,
        "price_seen_at": best.seen_at,
    }


def dispersion(group: Group, place: int) -> Row | None:
    compared = [
        given
        for given in group.offers
        if not group.fault(given) and given.bookie.kind != "exchange"
    ]
    if not compared:
        return None
    best = min(compared, key=lambda given: (-given.odds[place], *taste(given)))
    worst = min(compared, key=lambda given: (given.odds[place], *taste(given)))
    apart = best.odds[place] - worst.odds[place]
    return {
        "best": best,
        "worst": worst,
        "count": len(compared),
        "spread_pct": round(apart / worst.odds[place] * 100, 9),
    }


def arbitrage_row(group: Group, market: str) -> Row | None:
    legs, cost = [], 0.0
    for place in group.places:
        takable = [
            given
            for given in group.offers
            if not group.fault(given)
            and (given.bookie.is_playable or not group.settings.only_playable)
        ]
        if not takable:
            return None
        best = min(takable, key=lambda given: (-net(given, place), *taste(given)))
        legs.append((NAMES[market][place], best.bookie.key, best.odds[place]))
        cost += 1 / net(best, place)
    profit = round((1 / cost - 1) * 100, 9)
    if profit <= 0:
        return None
    too_good = profit > group.settings.maximum_edge_pct
    rejection = "too_good" if too_good else ""
    return {"kind": "arbitrage", "edge_pct": profit, "legs": legs, "rejection": rejection}


def verdict(group: Group, given: Offer, place: int) -> str:
    settings, own = group.settings, operator_of(given.bookie)
    if fault := group.fault(given):
        return fault
    valid = [other for other in group.offers if not group.fault(other)]
    others = {operator_of(other.bookie) for other in valid} - {own}
    offering = [other for other in group.offers if other.odds[place]]
    if len(offering) < settings.minimum_bookmakers:
        return "few_bookmakers"
    if len(others) < settings.minimum_consensus_operators:
        return "few_bookmakers"
    if edge_of(group, given, place) > settings.maximum_edge_pct / 100:
        return "too_good"
    above = {operator_of(o.bookie) for o in valid if (edge_of(group, o, place) or 0) > 0}
    moved = {
        operator_of(other.bookie)
        for other in valid
        if other.changed_at > given.changed_at and operator_of(other.bookie) != own
    }
    if settings.rejects_lagging and above == {own} and len(moved) >= 3:
        return "lagging"
    return ""


def edge_of(group: Group, given: Offer, place: int) -> float | None:
    _source, fair = group.reference(operator_of(given.bookie))
    if fair is None or not given.odds[place]:
        return None
    return fair[place] * net(given, place) - 1


def taste(given: Offer) -> tuple[bool, float, str]:
    """Which of equal prices to take: the playable, then the freshest, then by key."""
    return not given.bookie.is_playable, -given.changed_at, given.bookie.key


def net(given: Offer, place: int) -> float:
    return 1 + (1 - given.bookie.commission) * (given.odds[place] - 1)


def operator_of(bookie: Bookie) -> str:
    return bookie.operator or bookie.key


def normalised(weights: dict[int, float]) -> dict[int, float]:
    total = sum(weights.values())
    return {place: weight / total for place, weight in weights.items()}


def power(odds: dict[int, float]) -> dict[int, float]:
    """The power method by halving a bracket."""
    low, high = 0.01, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        if sum((1 / price) ** middle for price in odds.values()) > 1:
            low = middle
        else:
            high = middle
    return normalised({place: (1 / price) ** low for place, price in odds.items()})
