"""Bets: placing, correcting, cancelling them. What a bet pays is `betting.bets.settlement`'s.

Money moves in the same transaction as the bet, and the bet's row is locked while it does. Every
change is logged in `BetChange`, with what stood there before (see `betting.bets.posting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from betting.bankroll import ledger
from betting.bets import posting, settlement
from betting.bets.checks import BetRefusedError, refuse_impossible
from betting.bets.posting import Author, Held
from betting.bets.rules import liability
from betting.models import (
    UNGRADED,
    Bet,
    BetChange,
    BetImport,
    BetMarket,
    Opportunity,
    SettlementSettings,
)
from odds.models import Bookmaker, Match


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBet:
    """What is known when a bet is placed; names and kick-off come from the match if one is given.

    `line` is the goals line or the home team's handicap. A lay bet's stake is the backer's.
    """

    bookmaker: Bookmaker
    outcome: str
    odds: Decimal
    stake: Decimal
    match: Match | None = None
    home_team: str = ""
    away_team: str = ""
    sport_key: str = ""
    league: str = ""
    commence_time: datetime | None = None
    market: str = BetMarket.H2H
    line: Decimal = Decimal(0)
    selection: str = ""
    side: str = Bet.Side.BACK
    bet_type: str = Bet.Type.VALUE
    commission: Decimal | None = None
    opportunity: Opportunity | None = None
    edge_pct: float | None = None
    fair_probability: float | None = None
    reference: str = ""
    agent_recommended: str = ""
    patron_score: str = ""
    patron_confidence: float | None = None
    notes: str = ""
    is_paper: bool = False
    placed_at: datetime | None = None
    batch: BetImport | None = None


OF_MONEY = ("odds", "stake", "side", "commission", "bookmaker")  # a change of these posts anew
OF_BET = ("market", "line", "outcome", "selection", "commence_time", "home_team", "away_team")
OF_NOTES = ("notes", "bet_type", "league", "sport_key", "final_score")
CORRECTABLE = (*OF_MONEY, *OF_BET, *OF_NOTES)


def place(
    new: NewBet,
    *,
    author: Author,
    idempotency_key: str | None = None,
    digest: str = "",
    is_history: bool = False,
) -> tuple[Bet, bool]:
    """Record a bet and take its stake from the account that pays.

    Args:
        new: The bet.
        author: Who places it and when.
        idempotency_key: A second call with the same key changes nothing.
        digest: Of the request; the same key with another digest is refused.
        is_history: It was made long ago: do not ask whether the account can pay.

    Returns:
        The bet, and whether this call made it.

    Raises:
        BetRefusedError: It cannot be, or the account cannot pay.
    """
    if idempotency_key and (known := _known(idempotency_key, digest)):
        return known, False
    bet = _unsaved(new, now=author.now)
    refuse_impossible(bet)
    bet.idempotency_key, bet.request_digest = idempotency_key or None, digest
    try:
        with transaction.atomic():
            _pay(bet, author, is_history=is_history)
    except (IntegrityError, BetRefusedError):  # refused, where the same request was paid for
        known = _known(idempotency_key, digest) if idempotency_key else None
        if known is None:
            raise
        return known, False
    return bet, True


def check(new: NewBet, *, now: datetime) -> None:
    """Pass if such a bet can be recorded.

    Raises:
        BetRefusedError: With one sentence for the first thing that is wrong.
    """
    refuse_impossible(_unsaved(new, now=now))


def record_history(news: list[NewBet], *, author: Author, idempotency_keys: list[str]) -> list[Bet]:
    """Record bets made long ago, all of them or none; accounts are not asked whether they can pay.

    Raises:
        BetRefusedError: One of them cannot be.
    """
    made = []
    for new, key in zip(news, idempotency_keys, strict=True):
        bet = _unsaved(new, now=author.now)
        refuse_impossible(bet)
        bet.idempotency_key = key
        made.append(bet)
    with transaction.atomic():
        accounts = {
            bookmaker: ledger.account_of(bookmaker, now=author.now)
            for bookmaker in {bet.bookmaker for bet in made if not bet.is_paper}
        }
        for bet in made:
            bet.account = accounts.get(bet.bookmaker) if not bet.is_paper else None
        posting.place(made, author)
    return made


def correct(bet_id: int, changes: Mapping[str, Any], *, author: Author) -> Bet:
    """Change what was written down about a bet; a settled one is paid anew, and all of it logged.

    A change of what was bet on, at what odds, takes the closing line's grade away, to be given
    anew. How a bet ended is changed by `settlement.rule`.

    Args:
        bet_id: A bet that was not cancelled.
        changes: New values by field name, of `CORRECTABLE`.
        author: Who corrects it, when and why.

    Raises:
        BetRefusedError: No such bet or field, or the bet could not be like that.
    """
    if unknown := set(changes) - set(CORRECTABLE):
        raise BetRefusedError(_("%(field)s cannot be changed.") % {"field": min(unknown)})
    with transaction.atomic():
        held, bet = _hold_one(bet_id)
        for name, value in changes.items():
            setattr(bet, name, value)
        bet.risk = _risk(bet)
        if not bet.is_paper and "bookmaker" in changes:
            bet.account = ledger.account_of(bet.bookmaker, now=author.now)
        refuse_impossible(bet)
        is_note = set(changes) <= set(OF_NOTES)
        if not is_note:
            for name, value in UNGRADED.items():
                setattr(bet, name, value)
            _rule_anew(bet, author)
        kind = BetChange.Kind.NOTED if is_note else BetChange.Kind.CORRECTED
        posting.write(posting.hold_mates(bet) | held, author, kind=kind)
    return bet


def cancel_many(bet_ids: list[int], *, author: Author) -> None:
    """Take bets back together; unknown and cancelled ones are passed over."""
    with transaction.atomic():
        held = posting.hold(bet_ids)
        for bet_id in set(bet_ids) & set(held):
            held[bet_id].bet.cancelled_at = author.now
        posting.write(held, author, kind=BetChange.Kind.CANCELLED)


def cancel(bet_id: int, *, author: Author) -> Bet:
    """Take a bet back as if it had never been made; the ledger shows both movements.

    Raises:
        BetRefusedError: No such bet.
    """
    with transaction.atomic():
        held, bet = _hold_one(bet_id)
        bet.cancelled_at = author.now
        posting.write(held, author, kind=BetChange.Kind.CANCELLED)
    return bet


def restore(bet_id: int, *, author: Author) -> Bet:
    """Undo a cancellation: the bet stands as it did, its money is posted again.

    Raises:
        BetRefusedError: No such cancelled bet.
    """
    with transaction.atomic():
        held = posting.hold([bet_id], are_cancelled=True)
        if bet_id not in held:
            raise BetRefusedError(_("There is no cancelled bet %(id)s.") % {"id": bet_id})
        bet = held[bet_id].bet
        bet.cancelled_at = None
        posting.write(held, author, kind=BetChange.Kind.REOPENED)
    return bet


def _rule_anew(bet: Bet, author: Author) -> None:
    """What was settled by its match's result ends as the corrected bet would have."""
    if bet.settled_by != Bet.SettledBy.AUTO or bet.match is None:
        return
    hours = timedelta(hours=SettlementSettings.current().postponed_void_hours)
    ruling = settlement.ruling_on(bet, bet.match, now=author.now, void_after=hours)
    if ruling is not None:
        posting.end(bet, ruling.ending, settled_by=Bet.SettledBy.AUTO, at=author.now)


def _hold_one(bet_id: int) -> tuple[dict[int, Held], Bet]:
    held = posting.hold([bet_id])
    if bet_id not in held:
        raise BetRefusedError(_("There is no bet %(id)s.") % {"id": bet_id})
    return held, held[bet_id].bet


def _unsaved(new: NewBet, *, now: datetime) -> Bet:
    given = {field.name: getattr(new, field.name) for field in fields(NewBet)}
    if new.commission is None:
        given["commission"] = new.bookmaker.commission
    if new.match is not None:
        given |= _of_match(new.match)
    if new.opportunity is not None:
        given |= _of_opportunity(new, new.opportunity)
    given["placed_at"] = new.placed_at or now
    bet = Bet(**given, updated_at=now)
    bet.risk = _risk(bet)
    return bet


def _of_match(match: Match) -> dict[str, Any]:
    return {
        "home_team": match.home_team,
        "away_team": match.away_team,
        "sport_key": match.sport.key,
        "league": match.sport.title,
        "commence_time": match.commence_time,
    }


def _of_opportunity(new: NewBet, opportunity: Opportunity) -> dict[str, Any]:
    """Whose fair probability selected the bet, unless the caller says otherwise."""
    claimed = new.edge_pct
    if claimed is None and opportunity.fair_probability is not None:
        kept = 1 - float(new.bookmaker.commission)
        net = 1 + kept * (float(new.odds) - 1)
        claimed = 100 * (opportunity.fair_probability * net - 1)
    return {
        "fair_probability": new.fair_probability or opportunity.fair_probability,
        "reference": new.reference or opportunity.reference,
        "edge_pct": claimed,
    }


def _risk(bet: Bet) -> Decimal:
    return liability(bet.stake, bet.odds) if bet.side == Bet.Side.LAY else bet.stake


def _pay(bet: Bet, author: Author, *, is_history: bool) -> None:
    if not bet.is_paper:
        bet.account = ledger.account_of(bet.bookmaker, now=author.now)
        if not is_history:
            ledger.lock(bet.account)
            try:
                ledger.refuse_beyond(bet.account, bet.risk)
            except ledger.LedgerRefusedError as refusal:
                raise BetRefusedError(str(refusal)) from refusal
    posting.place([bet], author)


def _known(key: str, digest: str) -> Bet | None:
    bet = Bet.objects.filter(idempotency_key=key).first()
    if bet is not None and bet.request_digest != digest:
        raise BetRefusedError(
            _("The idempotency key was used for another bet (%(id)s); use a new one.")
            % {"id": bet.pk}
        )
    return bet
