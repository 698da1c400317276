"""Whose results are awaited, and what it may cost to learn them.

A bet is worth two credits as soon as its match can be over. An opportunity nobody bet on, and
whatever else is followed on paper, is graded too, but it can wait: football-data.co.uk is free, and
one paid call shortly before The Odds API forgets covers three days of matches.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from betting.models import Bet, Opportunity, SettlementSettings
from odds.football_data.leagues import division_of
from odds.models import Match

REMEMBERED = timedelta(days=3)  # how far back The Odds API tells scores
LAST_CALL = timedelta(hours=60)  # half a day before it forgets
LOOKS_BACK = timedelta(days=21)  # a league's file may come late; then it is entered by hand

MatchIds = QuerySet[Any, Any]  # of one column


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """Matches without a result: by whom they are awaited, and where they may be asked for.

    `sport_keys` are those with a free source; `paid_match_ids` may be asked of The Odds API.
    """

    sport_keys: list[str]
    paid_match_ids: list[int]


def awaited(
    now: datetime, settings: SettlementSettings, *, on_paper: MatchIds | None = None
) -> Awaited:
    """What bets and prices on paper wait for, of matches that can be over by `now`.

    Args:
        now: The current instant.
        settings: What may be asked for, and when.
        on_paper: Matches whose results others than opportunities wait for.
    """
    over = Match.objects.filter(
        status=Match.Status.SCHEDULED,
        commence_time__lte=now - timedelta(minutes=settings.results_after_minutes),
        commence_time__gt=now - LOOKS_BACK,
    )
    of_bets = over.filter(pk__in=Bet.objects.pending().values("match"))
    unsettled = Opportunity.objects.filter(paper_result="").values("match")
    of_paper = over.filter(pk__in=unsettled)
    if on_paper is not None:
        of_paper |= over.filter(pk__in=on_paper)
    is_free = settings.uses_football_data
    both = (of_bets | of_paper).values_list("sport__key", flat=True).order_by()
    sport_keys = [key for key in sorted(set(both)) if is_free and division_of(key)]
    return Awaited(
        sport_keys=sport_keys,
        paid_match_ids=_paid(of_bets, of_paper, sport_keys, settings, now),
    )


def _paid(
    of_bets: QuerySet[Match],
    of_paper: QuerySet[Match],
    free: list[str],
    settings: SettlementSettings,
    now: datetime,
) -> list[int]:
    """Matches with a bet; and, of sports without a free source, all once the oldest must be.

    Or all of them at once, where the user pays for that.
    """
    if not settings.uses_odds_api:
        return []
    if settings.asks_for_opportunities:
        either = (of_bets | of_paper).filter(commence_time__gt=now - REMEMBERED)
        return sorted(set(either.values_list("pk", flat=True)))
    ids = set(of_bets.filter(commence_time__gt=now - REMEMBERED).values_list("pk", flat=True))
    others = of_paper.exclude(sport__key__in=free).filter(commence_time__gt=now - REMEMBERED)
    urgent = others.filter(commence_time__lte=now - LAST_CALL).values("sport")
    ids |= set(others.filter(sport__in=urgent).values_list("pk", flat=True))
    return sorted(ids)
