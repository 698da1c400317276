"""Opportunities that are worth a message, and what is said of each."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from alerts.channels import address_of
from alerts.models import NotificationSettings
from betting.models import Opportunity
from betting.selections import selection
from odds import figures
from odds.models import Bookmaker

NAME: Final = "OpportunityDetected"
MOST: Final = 500  # the best; who has more open at once set the thresholds too low
KINDS: Final = (Opportunity.Kind.VALUE, Opportunity.Kind.ARBITRAGE)
PARIS: Final = ZoneInfo("Europe/Paris")


def worth_telling(chosen: NotificationSettings, *, now: datetime) -> list[Opportunity]:
    """Values and arbitrages on offer that the user wants to hear of, the best first."""
    wanted = Opportunity.objects.open(now).filter(
        kind__in=KINDS, edge_pct__gte=chosen.minimum_edge_pct
    )
    best = with_names(wanted).order_by(F("edge_pct").desc(), "pk")
    if not chosen.only_playable:
        return list(best[:MOST])
    playable = set(Bookmaker.objects.filter(is_playable=True).values_list("key", flat=True))
    return [one for one in best.iterator() if bookmaker_keys(one) <= playable][:MOST]


def with_names(found: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """With all that is read to tell of them."""
    return found.select_related("match__sport", "best_bookmaker", "worst_bookmaker")


def bookmaker_keys(opportunity: Opportunity) -> set[str]:
    """Where one would bet: at one bookmaker, or at each leg's."""
    if opportunity.best_bookmaker is not None:
        return {opportunity.best_bookmaker.key}
    return {leg["bookmaker"] for leg in opportunity.legs}


def labels_of(opportunity: Opportunity) -> dict[str, str]:
    """What identifies the alert; the same for its whole life, whatever its odds do."""
    return {
        "alertname": NAME,
        "severity": "info",
        "sport": opportunity.match.sport.key,
        "opportunity": str(opportunity.pk),
    }


def annotations_of(
    opportunity: Opportunity, titles: dict[str, str], *, now: datetime
) -> dict[str, str]:
    """What is known of it now, in words that need no further rule; without what is unknown."""
    match = opportunity.match
    with timezone.override(PARIS):
        kickoff = figures.moment(match.commence_time)
    known = {
        "summary": f"{match} · {selection(opportunity)} @ {odds_of(opportunity)}",
        "home_team": match.home_team,
        "away_team": match.away_team,
        "competition": match.sport.title,
        "kind": opportunity.get_kind_display(),
        "market": opportunity.get_market_display(),
        "outcome": selection(opportunity),
        "odds": odds_of(opportunity),
        "bookmaker": bookmakers_of(opportunity, titles),
        "edge_pct": _plain(opportunity.edge_pct),
        "spread_pct": _plain(opportunity.spread_pct),
        "bookmakers": str(opportunity.bookmaker_count),
        "seen_age": figures.age(opportunity.price_seen_at, now),
        "kickoff_paris": kickoff,
        "url": address_of("admin:betting_opportunity_change", opportunity.pk),
    }
    return {name: value for name, value in known.items() if value}


def odds_of(opportunity: Opportunity) -> str:
    """The best odds, or those of each leg."""
    if opportunity.best_odds is not None:
        return figures.decimal_odds(opportunity.best_odds)
    return " / ".join(figures.decimal_odds(leg["odds"]) for leg in opportunity.legs)


def bookmakers_of(opportunity: Opportunity, titles: dict[str, str]) -> str:
    """Where the best odds are, or each leg."""
    if opportunity.best_bookmaker is not None:
        return opportunity.best_bookmaker.title
    keys = [leg["bookmaker"] for leg in opportunity.legs]
    return " / ".join(titles.get(key, key) for key in keys)


def titles_of(found: list[Opportunity]) -> dict[str, str]:
    """The titles of the bookmakers that legs and references name by key."""
    keys = {key for one in found for key in (*bookmaker_keys(one), one.reference)}
    return dict(Bookmaker.objects.filter(key__in=keys).values_list("key", "title"))


def _plain(value: Any) -> str:
    """A number as programs read it, to a tenth."""
    return "" if value is None else f"{value:.1f}"
