"""How much to stake on an opportunity now, by the user's limits and what is at risk already."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from betting.bankroll import ledger
from betting.bankroll.staking import StakeLimits, Suggestion, suggest
from betting.models import Bet, Opportunity, StakingSettings
from betting.models.bankroll import NOTHING

LIMITED_BY: dict[str, str | Promise] = {
    "bet": _("cut by the most you allow on one bet"),
    "match": _("cut by the most you allow on one match"),
    "day": _("cut by the most you allow on one day"),
    "available": _("cut by what is available in the account that pays"),
    "minimum": _("too small to be worth placing"),
    "no_edge": _("no stake: without an edge Kelly bets nothing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A suggested stake with what it was computed from; probabilities are fractions."""

    suggestion: Suggestion
    probability: float
    bankroll: Decimal
    kelly_fraction: float
    uses_expected_edge: bool
    limited_by: str | Promise


def limits_of(settings: StakingSettings) -> StakeLimits:
    """The user's limits as fractions."""
    return StakeLimits(
        kelly_fraction=settings.kelly_fraction,
        cap_bet=settings.cap_bet_pct / 100,
        cap_match=settings.cap_match_pct / 100,
        cap_day=settings.cap_day_pct / 100,
        step=settings.stake_step,
        minimum=settings.minimum_stake,
    )


def advise(found: Opportunity, *, now: datetime) -> Advice | None:
    """The stake for an opportunity's best price.

    Returns:
        None where there is no fair probability or no single price to stake on.
    """
    if found.fair_probability is None or found.best_odds is None or found.best_bookmaker is None:
        return None
    settings = StakingSettings.current()
    net = 1 + (1 - float(found.best_bookmaker.commission)) * (float(found.best_odds) - 1)
    probability = found.fair_probability
    uses_expected = settings.uses_expected_edge and found.shrunk_edge_pct is not None
    if uses_expected:
        probability = min((1 + (found.shrunk_edge_pct or 0) / 100) / net, 1.0)
    account = ledger.account_of(found.best_bookmaker, now=now)
    bankroll = ledger.balance().bankroll
    suggestion = suggest(
        probability=probability,
        odds=net,
        bankroll=bankroll,
        available=account.entries.total(),
        limits=limits_of(settings),
        **at_risk(found),
    )
    return Advice(
        suggestion=suggestion,
        probability=probability,
        bankroll=bankroll,
        kelly_fraction=settings.kelly_fraction,
        uses_expected_edge=uses_expected,
        limited_by=LIMITED_BY.get(suggestion.limited_by, ""),
    )


def at_risk(found: Opportunity) -> dict[str, Decimal]:
    """What pending bets can lose on the match, and on the matches of its day in the user's zone."""
    kickoff = localtime(found.match.commence_time)
    start = kickoff.replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = Q(commence_time__gte=start, commence_time__lt=start + timedelta(days=1))
    sums = (
        Bet.objects.real()
        .pending()
        .aggregate(
            on_match=Sum("risk", filter=Q(match=found.match)), on_day=Sum("risk", filter=same_day)
        )
    )
    return {name: total or NOTHING for name, total in sums.items()}
