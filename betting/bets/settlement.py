"""Settlement: bets whose match has a result are paid, once; a corrected score is paid anew.

Work is rows: a pending bet whose match ended, a settled one whose match now has another score. A
bet is ruled on while its row is locked, and the ledger takes one payout for each of its revisions;
so two workers at once, or one killed in the middle, pay exactly once.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from betting.bets import posting
from betting.bets.posting import Author
from betting.bets.rules import Ending, ending, opposite
from betting.detection.opportunities import ALWAYS_DRAWS
from betting.models import Bet, BetChange, BetMarket, SettlementSettings
from odds.models import Match, MatchResult

logger = logging.getLogger(__name__)

BATCH = 500  # bets in a transaction
CORRECTED_WITHIN = timedelta(days=7)  # how long a score that changes is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """How one bet ended for its owner, and the score it was ruled on."""

    ending: str
    final_score: str = ""
    dead_heat_ways: int | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How many bets were settled for the first time, and how many anew."""

    settled: int = 0
    corrected: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(
            settled=self.settled + other.settled, corrected=self.corrected + other.corrected
        )


def settle_finished(*, now: datetime) -> Settled:
    """Settle every bet whose match has ended, batch by batch."""
    hours = timedelta(hours=SettlementSettings.current().postponed_void_hours)
    total = Settled()
    for bet_ids in _batches(finished(now, void_after=hours)):
        total += _settle(bet_ids, now=now, void_after=hours)
    if total.settled or total.corrected:
        logger.info("%d bets settled, %d settled anew", total.settled, total.corrected)
    return total


def finished(now: datetime, *, void_after: timedelta) -> QuerySet[Bet]:
    """Bets to rule on: pending with an end, or settled on another score than the one in force."""
    bets = Bet.objects.kept().filter(match__isnull=False).exclude(market=BetMarket.OTHER)
    ended = Q(match__status__in=[Match.Status.COMPLETED, Match.Status.ABANDONED])
    moved = Q(match__commence_time__gt=F("commence_time") + void_after) | Q(
        match__status=Match.Status.POSTPONED, commence_time__lt=now - void_after
    )
    return bets.filter(
        Q(status=Bet.Status.PENDING) & (ended | moved) | _ended_otherwise(now)
    ).order_by("pk")


def _ended_otherwise(now: datetime) -> Q:
    """Settled by a result that is no longer the one in force."""
    score = Concat(
        Cast("match__home_score", CharField()),
        Value("-"),
        Cast("match__away_score", CharField()),
    )
    differs = (
        Q(match__status=Match.Status.COMPLETED) & ~Q(final_score=score)
        | Q(match__status=Match.Status.ABANDONED, status=Bet.Status.SETTLED)
        | Q(match__status=Match.Status.SCHEDULED) & ~Q(status=Bet.Status.PENDING)
    )
    lately = MatchResult.objects.filter(
        match=OuterRef("match"), observed_at__gt=now - CORRECTED_WITHIN
    )
    return Q(settled_by=Bet.SettledBy.AUTO) & differs & Q(Exists(lately))


def rule(
    rulings: Mapping[int, Ruling],
    *,
    author: Author,
    settled_by: str = Bet.SettledBy.MANUAL,
) -> Settled:
    """Settle these bets as ruled, in one transaction; those already ruled so stay untouched.

    Args:
        rulings: By the bet's id; unknown and cancelled bets are passed over.
        author: Who rules, when and why.
        settled_by: By hand unless said otherwise.
    """
    with transaction.atomic():
        held = posting.hold(rulings)
        for bet_id, ruling in rulings.items():
            if bet_id in held:
                _end(held[bet_id].bet, ruling, settled_by=settled_by, now=author.now)
        return _counted(posting.write(held, author))


def reopen(bet_id: int, *, author: Author) -> bool:
    """Take a bet's ending back: it is pending again. False where it was not settled."""
    with transaction.atomic():
        held = posting.hold([bet_id])
        if bet_id not in held or held[bet_id].bet.status == Bet.Status.PENDING:
            return False
        posting.reopen(held[bet_id].bet)
        posting.write(held, author, kind=BetChange.Kind.REOPENED)
        return True


def ruling_on(bet: Bet, match: Match, *, now: datetime, void_after: timedelta) -> Ruling | None:
    """What a match's result says of a bet; None while it says nothing.

    A match played later than bookmakers wait voids the bet, whatever its score.
    """
    has_moved = match.commence_time > bet.commence_time + void_after
    is_late = match.status == Match.Status.POSTPONED and bet.commence_time + void_after < now
    if has_moved or is_late:
        return Ruling(ending=Ending.VOID, final_score=Match.Status.POSTPONED)
    if match.status == Match.Status.ABANDONED:
        return Ruling(ending=Ending.VOID, final_score=Match.Status.ABANDONED)
    if match.status == Match.Status.COMPLETED:
        return _by_score(bet, match)
    return None


def _by_score(bet: Bet, match: Match) -> Ruling:
    """Where a tie was never on offer as an outcome, it gives the stakes on both sides back."""
    if match.home_score is None or match.away_score is None:
        raise ValueError(f"match {match.pk} is completed and has no score")
    is_tie = match.home_score == match.away_score
    if is_tie and bet.market == BetMarket.H2H and not has_draw(match):
        return Ruling(ending=Ending.PUSH, final_score=f"{match.home_score}-{match.away_score}")
    ended = ending(bet.market, bet.outcome, bet.line, match.home_score, match.away_score)
    return Ruling(
        ending=opposite(ended) if bet.side == Bet.Side.LAY else ended,
        final_score=f"{match.home_score}-{match.away_score}",
    )


def has_draw(match: Match) -> bool:
    """Whether a match winner market has a draw: in soccer, and wherever one was priced."""
    if match.sport.key.startswith(ALWAYS_DRAWS):
        return True
    return match.latest_quotes.filter(market=BetMarket.H2H, odds_x__isnull=False).exists()


def _batches(bets: QuerySet[Bet]) -> Iterator[list[int]]:
    ids = list(bets.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _settle(bet_ids: list[int], *, now: datetime, void_after: timedelta) -> Settled:
    """Rule on these bets by their matches' results; what another worker did meanwhile stays."""
    author = Author(now=now)
    with transaction.atomic():
        held = posting.hold(bet_ids)
        matches = Match.objects.select_related("sport").in_bulk(
            {one.bet.match_id for one in held.values()}
        )
        for bet_id in bet_ids:
            bet = held[bet_id].bet if bet_id in held else None
            if bet is None or bet.match_id is None or bet.settled_by == Bet.SettledBy.MANUAL:
                continue
            ruling = ruling_on(bet, matches[bet.match_id], now=now, void_after=void_after)
            if ruling is not None:
                _end(bet, ruling, settled_by=Bet.SettledBy.AUTO, now=now)
            elif bet.status != Bet.Status.PENDING:
                posting.reopen(bet)
        return _counted(posting.write(held, author))


def _end(bet: Bet, ruling: Ruling, *, settled_by: str, now: datetime) -> None:
    bet.dead_heat_ways = ruling.dead_heat_ways
    posting.end(bet, ruling.ending, settled_by=settled_by, at=ruling.settled_at or now)
    bet.final_score = ruling.final_score


def _counted(changes: list[BetChange]) -> Settled:
    settled = sum(1 for change in changes if change.kind == BetChange.Kind.SETTLED)
    return Settled(settled=settled, corrected=len(changes) - settled)
