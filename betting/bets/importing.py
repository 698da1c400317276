"""Importing bets: look at a file first, then record all of its good rows or none, and undo it.

A row that was imported before, or stands there already, is passed over; so the same file may be
given again when it has grown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from betting.bets import bet_analytix, csv_format, placing, settlement
from betting.bets.bookmaker_names import bookmaker_named, find_bookmaker
from betting.bets.checks import BetRefusedError
from betting.bets.csv_format import BadRow, SeenBet, UnreadableFileError
from betting.bets.placing import NewBet
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.closing.clv import raw_clv
from betting.models import Bet, BetImport, ClvStatus
from odds.models import Bookmaker, Match

LONGEST_NAME = 60
LARGEST_FILE = 5_000_000  # bytes; some 20,000 bets


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a file would do: bets to record, rows that are there already, and bad ones."""

    format: str
    new: list[SeenBet] = field(default_factory=list)
    known: list[SeenBet] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    @property
    def staked(self) -> Decimal:
        """What the new bets stake together."""
        return sum((bet.stake for bet in self.new if not bet.is_paper), Decimal(0))


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, with or without its mark, else Windows' western encoding.

    Raises:
        UnreadableFileError: It is empty or too large.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(_("The file is larger than 5 MB; split it."))
    if not content.strip():
        raise UnreadableFileError(_("The file is empty."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def preview(text: str) -> Preview:
    """Read a file of either format and say what importing it would do; nothing is written.

    Raises:
        UnreadableFileError: No bet can be read from it.
    """
    if bet_analytix.is_ours(text):
        found, (seen, bad) = Preview(format="Bet-Analytix"), bet_analytix.read(text)
    else:
        found, (seen, bad) = Preview(format="MON_PS"), csv_format.read(text)
    found.bad = bad
    there = _there_already(seen)
    bookmakers = {name: find_bookmaker(name) for name in {bet.bookmaker for bet in seen}}
    for bet in seen:
        if bet.key in there:
            found.known.append(bet)
            continue
        there.add(bet.key)
        try:
            _check(bet, bookmakers[bet.bookmaker] or Bookmaker(title=bet.bookmaker))
        except BetRefusedError as reason:
            text_of = f"{bet.home_team} · {bet.outcome} @ {bet.odds}"
            found.bad.append(BadRow(number=bet.number, reason=str(reason), text=text_of))
        else:
            found.new.append(bet)
    found.bad.sort(key=lambda row: row.number)
    return found


def _check(bet: SeenBet, bookmaker: Bookmaker) -> None:
    if bookmaker.kind == Bookmaker.Kind.AGGREGATE or len(bet.bookmaker) > LONGEST_NAME:
        raise BetRefusedError(
            _("%(name)s is not a bookmaker one can bet with.") % {"name": bet.bookmaker[:60]}
        )
    placing.check(_new_bet(bet, bookmaker, {}), now=bet.placed_at)


def apply(batch: BetImport, *, author: Author) -> int:
    """Record the good rows of an uploaded file, settled where it says how they ended.

    Returns:
        How many bets are new.

    Raises:
        BetRefusedError: It was applied already, or a bet cannot be; nothing is written.
        UnreadableFileError: No bet can be read from the file.
    """
    with transaction.atomic():
        claimed = BetImport.objects.filter(pk=batch.pk, applied_at=None)
        if not claimed.update(applied_at=author.now):
            raise BetRefusedError(_("This file was imported already."))
        seen = preview(batch.content).new
        bookmakers = {name: bookmaker_named(name) for name in {bet.bookmaker for bet in seen}}
        matches = Match.objects.select_related("sport").in_bulk(
            {bet.match_id for bet in seen if bet.match_id}, field_name="provider_id"
        )
        made = placing.record_history(
            [_new_bet(bet, bookmakers[bet.bookmaker], matches, batch=batch) for bet in seen],
            author=author,
            idempotency_keys=[bet.key for bet in seen],
        )
        rulings = {
            bet.pk: Ruling(
                ending=told.result,
                final_score=told.final_score,
                dead_heat_ways=told.dead_heat_ways,
                settled_at=told.settled_at,
            )
            for bet, told in zip(made, seen, strict=True)
            if told.result
        }
        settlement.rule(rulings, author=author, settled_by=Bet.SettledBy.IMPORT)
        _keep_closing_odds(made, seen, now=author.now)
    return len(made)


def undo(batch: BetImport, *, author: Author) -> int:
    """Cancel every bet that came with a file.

    Returns:
        How many were cancelled.

    Raises:
        BetRefusedError: It was not applied, or was undone already.
    """
    with transaction.atomic():
        claimed = BetImport.objects.filter(pk=batch.pk, applied_at__isnull=False, undone_at=None)
        if not claimed.update(undone_at=author.now):
            raise BetRefusedError(_("There is nothing to undo."))
        ids = list(Bet.objects.kept().filter(batch=batch).values_list("pk", flat=True))
        placing.cancel_many(ids, author=author)
    return len(ids)


def _there_already(seen: list[SeenBet]) -> set[str]:
    """Keys of those imported before, and of bets entered otherwise that are the same."""
    keys = {bet.key for bet in seen}
    kept = Bet.objects.kept()
    there = {
        str(key)
        for key in kept.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True)
    }
    if not seen:
        return there
    of_these_days = kept.filter(
        placed_at__range=(min(bet.placed_at for bet in seen), max(bet.placed_at for bet in seen))
    )
    for bet in of_these_days.select_related("bookmaker").iterator():
        there |= {_key_of(bet, name) for name in (bet.bookmaker.key, bet.bookmaker.title)}
    return there


def _key_of(bet: Bet, bookmaker: str) -> str:
    return SeenBet(
        number=0,
        placed_at=bet.placed_at,
        home_team=bet.home_team,
        away_team=bet.away_team,
        commence_time=bet.commence_time,
        market=bet.market,
        outcome=bet.outcome,
        selection=bet.selection,
        line=bet.line,
        side=bet.side,
        bookmaker=bookmaker,
        odds=bet.odds,
        stake=bet.stake,
    ).key


def _new_bet(
    bet: SeenBet,
    bookmaker: Bookmaker,
    matches: dict[str, Match],
    *,
    batch: BetImport | None = None,
) -> NewBet:
    return NewBet(
        bookmaker=bookmaker,
        match=matches.get(bet.match_id),
        batch=batch,
        **{
            name: getattr(bet, name)
            for name in (
                *("home_team", "away_team", "sport_key", "league", "commence_time", "market"),
                *("outcome", "line", "selection", "side", "odds", "stake", "commission"),
                *("bet_type", "is_paper", "reference", "fair_probability", "edge_pct", "notes"),
                "placed_at",
            )
        },
    )


def _keep_closing_odds(made: list[Bet], seen: list[SeenBet], *, now: datetime) -> None:
    """The other tool's closing odds give a raw CLV; without a margin known, no fair one."""
    graded = []
    for bet, told in zip(made, seen, strict=True):
        if told.closing_odds is not None:
            bet.closing_odds = told.closing_odds
            bet.clv_pct = 100 * float(raw_clv(float(told.odds), float(told.closing_odds)))
            bet.clv_status, bet.graded_at = ClvStatus.MISSING, now
            graded.append(bet)
    Bet.objects.bulk_update(
        graded, ["closing_odds", "clv_pct", "clv_status", "graded_at"], batch_size=500
    )
