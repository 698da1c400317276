"""What the form of a new bet shows and is filled with when it comes from an opportunity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from betting.bankroll import ledger
from betting.bankroll.stake_advice import Advice, advise, limits_of
from betting.bankroll.staking import StakeLimits
from betting.models import Opportunity, StakingSettings
from betting.selections import edges, fair_odds, selection
from odds.models import Bookmaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The opportunity a bet is to be placed on."""

    found: Opportunity
    selection: str
    edges: str
    fair_odds: float | None
    is_old: bool
    advice: Advice | None
    limits: StakeLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBetPage:
    """Beside the form: money, and the opportunity if there is one.

    `sums` is what the browser computes with: commissions by bookmaker, the fair probability.
    """

    balance: ledger.Balance
    currency: str
    basis: Basis | None
    sums: dict[str, Any]


def opportunity_asked_for(query: Mapping[str, Any]) -> Opportunity | None:
    """The opportunity named in the address, if it is one that can be bet on."""
    asked = str(query.get("opportunity", ""))
    if not asked.isdecimal():
        return None
    known = Opportunity.objects.select_related("match__sport", "best_bookmaker")
    return known.filter(pk=int(asked), best_bookmaker__isnull=False).first()


def initial(found: Opportunity | None, *, now: datetime, key: str) -> dict[str, Any]:
    """What the form is filled with."""
    if found is None:
        return {"key": key}
    advice = advise(found, now=now)
    return {
        "key": key,
        "opportunity": found.pk,
        "match": found.match_id,
        "wager": f"{found.market}:{found.outcome}",
        "line": found.line or None,
        "bookmaker": found.best_bookmaker_id,
        "odds": found.best_odds,
        "stake": advice.suggestion.stake if advice and advice.suggestion.stake else None,
    }


def read(found: Opportunity | None, *, now: datetime) -> NewBetPage:
    """Everything beside the form."""
    settings = StakingSettings.current()
    basis = None if found is None else _basis(found, settings, now=now)
    commissions = Bookmaker.objects.filter(commission__gt=0).values_list("pk", "commission")
    return NewBetPage(
        balance=ledger.balance(),
        currency=settings.currency,
        basis=basis,
        sums={
            "commissions": {str(pk): float(share) for pk, share in commissions},
            "fair": found.fair_probability if found else None,
            "bet": f"{found.market}:{found.outcome}" if found else None,
        },
    )


def _basis(found: Opportunity, settings: StakingSettings, *, now: datetime) -> Basis:
    return Basis(
        found=found,
        selection=selection(found),
        edges=edges(found),
        fair_odds=fair_odds(found),
        is_old=found.price_seen_at < now - settings.old_price,
        advice=advise(found, now=now),
        limits=limits_of(settings),
    )
