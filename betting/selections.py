"""What is bet on, in words a bettor uses: a team, the draw, over a line."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from betting.models import Bet, BetMarket, Opportunity, Outcome
from odds import figures
from odds.models import Bookmaker, Market


def selection(opportunity: Opportunity) -> str:
    """The outcome with its line: `Arsenal`, `Draw`, `Over 2.5`, `Arsenal −0.5`."""
    match = opportunity.match
    return _named(opportunity, home_team=match.home_team, away_team=match.away_team)


def selection_of_bet(bet: Bet) -> str:
    """What a bet was placed on, by the names it was placed under, or in its own words."""
    if bet.market == BetMarket.OTHER:
        return bet.selection
    return _named(bet, home_team=bet.home_team, away_team=bet.away_team)


def _named(chosen: Opportunity | Bet, *, home_team: str, away_team: str) -> str:
    teams = {Outcome.HOME: home_team, Outcome.AWAY: away_team}
    # An imported bet may know one name only.
    side = teams.get(Outcome(chosen.outcome)) or chosen.get_outcome_display()
    if chosen.market == Market.TOTALS:
        return f"{side} {figures.plain_line(chosen.line)}"
    if chosen.market == Market.SPREADS:
        own = -chosen.line if chosen.outcome == Outcome.AWAY else chosen.line
        return f"{side} {figures.signed_line(own)}"
    return str(side)


def fair_odds(opportunity: Opportunity) -> float | None:
    """The odds that would be fair: one over the fair probability."""
    chance = opportunity.fair_probability
    return None if chance is None else 1 / chance


def reference(opportunity: Opportunity, titles: dict[str, str]) -> str:
    """Whose fair probability it is, by title; the consensus in the user's language."""
    if opportunity.reference == "consensus":
        return _("consensus")
    return titles.get(opportunity.reference, opportunity.reference)


def edges(opportunity: Opportunity) -> str:
    """Claimed and expected: `+3.5% → +1.8%`; an arbitrage has its profit alone."""
    claimed = figures.signed_percent(opportunity.edge_pct)
    if opportunity.shrunk_edge_pct is None:
        return claimed
    return f"{claimed} → {figures.signed_percent(opportunity.shrunk_edge_pct)}"


def legs(opportunity: Opportunity) -> list[dict[str, Any]]:
    """An arbitrage's legs with titles instead of keys and instants instead of text."""
    titles = dict(
        Bookmaker.objects.filter(
            key__in=[leg["bookmaker"] for leg in opportunity.legs]
        ).values_list("key", "title")
    )
    outcomes = dict(Outcome.choices)
    return [
        {
            "outcome": outcomes.get(leg["outcome"], leg["outcome"]),
            "bookmaker": titles.get(leg["bookmaker"], leg["bookmaker"]),
            "odds": leg["odds"],
            "seen_at": datetime.fromisoformat(leg["seen_at"]),
        }
        for leg in opportunity.legs
    ]


def standing(opportunity: Opportunity, now: datetime) -> tuple[str, str]:
    """On offer, rejected or closed, and what to show for it: the reason where there is one."""
    if opportunity.closed_at is not None:
        return "closed", opportunity.get_closing_display()
    if opportunity.rejection:
        return "rejected", opportunity.get_rejection_display()
    if opportunity.match.commence_time <= now:
        return "closed", str(Opportunity.Closing.KICKED_OFF.label)
    return "open", _("On offer")
