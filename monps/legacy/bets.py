"""The original's bets among ours, as an import of bets: settled as told, each with its ledger rows.

A row is known by its table and id, so another run records nothing. The bets of one run are one
import, which can be undone in the admin. A chunk is one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from betting.api.bet_words import Selection, Teams, read_selection
from betting.bets import csv_format, placing, settlement
from betting.bets.bookmaker_names import bookmaker_named
from betting.bets.checks import BetRefusedError
from betting.bets.placing import NewBet
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.models import Bet, BetImport, BetMarket, Outcome
from monps.legacy.account import Ledger, RowError, rejection_of
from monps.legacy.bet_rows import ToldBet, instant, read_bet
from monps.legacy.names import Sports
from monps.legacy.odds import known_names
from monps.legacy.source import BET_TABLES, KnownMatch, Source
from odds.models import Match

CHUNK = 500  # bets in a transaction
HALF_CENT = Decimal("0.005")
REASON = "import of the original's bets"
TURNED = {Outcome.HOME.value: Outcome.AWAY.value, Outcome.AWAY.value: Outcome.HOME.value}


@dataclass(slots=True, kw_only=True)
class Place:
    """The match a bet was on: ours, or what the original's odds say of it."""

    match: Match | None
    teams: Teams
    sport: str
    commence_time: datetime | None


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of the import; its batch is made with the first bet."""

    source: Source
    ledger: Ledger
    sports: Sports
    zone: ZoneInfo
    author: Author
    batch: BetImport | None = None


def import_bets(
    source: Source, ledger: Ledger, *, now: datetime, advance: Callable[[int], object]
) -> None:
    """Record every bet of the original that is not recorded yet.

    Args:
        source: The original.
        ledger: Grows by what became of the rows.
        now: Nothing can have been bet after it.
        advance: Told of every number of rows that are dealt with.
    """
    run = Run(
        source=source,
        ledger=ledger,
        sports=known_names()[1],
        zone=ZoneInfo(source.zone),
        author=Author(now=now, reason=REASON),
    )
    for table in BET_TABLES:
        rows = source.rows(table)
        while chunk := list(islice(rows, CHUNK)):
            ledger.of(table).received += len(chunk)
            bets = _read(table, chunk, run)
            with transaction.atomic():
                _record(table, bets, run)
            advance(len(chunk))
    if run.batch is not None:
        kept = Bet.objects.filter(batch=run.batch)
        BetImport.objects.filter(pk=run.batch.pk).update(content="".join(csv_format.write(kept)))


def _read(table: str, chunk: Iterable[dict[str, Any]], run: Run) -> list[ToldBet]:
    bets = []
    for row in chunk:
        try:
            bet = read_bet(row, zone=run.zone, now=run.author.now)
        except RowError as error:
            run.ledger.reject(rejection_of(table, str(row.get("id") or ""), error))
        else:
            run.ledger.of(table).date(bet.placed_at)
            bets.append(bet)
    return bets


def _record(table: str, bets: list[ToldBet], run: Run) -> None:
    """Record those that can be and are not there; must be called inside a transaction."""
    keys = {f"legacy:{table}:{bet.row_id}": bet for bet in bets}
    there = set(
        Bet.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True)
    )
    run.ledger.of(table).unchanged += len(there)
    news: dict[str, NewBet] = {}
    fresh = {key: bet for key, bet in keys.items() if key not in there}
    places = _places(fresh.values(), run)
    for key, bet in fresh.items():
        try:
            news[key] = _new_bet(bet, places[bet.row_id], run)
        except RowError as error:
            run.ledger.reject(rejection_of(table, bet.row_id, error))
    if not news:
        return
    run.batch = run.batch or BetImport.objects.create(
        name=f"import_legacy: {run.source.name}"[:200],
        content="",
        uploaded_at=run.author.now,
        applied_at=run.author.now,
    )
    _post(table, {key: fresh[key] for key in news}, news, run)


def _places(bets: Iterable[ToldBet], run: Run) -> dict[str, Place]:
    """The match of each bet, by the id of its row; two queries for a chunk."""
    bets = list(bets)
    ids = {bet.match_id for bet in bets if bet.match_id}
    ours = Match.objects.select_related("sport").in_bulk(ids, field_name="provider_id")
    theirs = run.source.matches(sorted(ids - ours.keys()))
    return {bet.row_id: _place(bet, ours.get(bet.match_id), theirs, run) for bet in bets}


def _place(bet: ToldBet, match: Match | None, theirs: dict[str, KnownMatch], run: Run) -> Place:
    teams, sport, commence_time = bet.teams, bet.sport, bet.commence_time
    known = theirs.get(bet.match_id)
    if known is not None:
        teams = teams if teams.home else Teams(home=known.home, away=known.away)
        sport = sport or known.sport
        commence_time = commence_time or instant("commence_time", known.kickoff, run.zone)
    if match is not None:
        teams = teams if teams.home else Teams(home=match.home_team, away=match.away_team)
        commence_time = commence_time or match.commence_time
    return Place(match=match, teams=teams, sport=sport, commence_time=commence_time)


def _new_bet(bet: ToldBet, place: Place, run: Run) -> NewBet:
    """As it will be recorded.

    Raises:
        RowError: It cannot be.
    """
    if not place.teams.home or place.commence_time is None:
        raise RowError("match that is not known: its id alone says nothing", bet.match_id)
    selection = _selection(bet, place)
    try:
        new = NewBet(
            bookmaker=bookmaker_named(bet.bookmaker),
            match=place.match,
            home_team=place.teams.home,
            away_team=place.teams.away,
            sport_key=_sport_key(place.sport, run.sports),
            league=bet.league,
            commence_time=place.commence_time,
            market=selection.market,
            outcome=selection.outcome,
            line=selection.line,
            odds=bet.odds,
            stake=bet.stake,
            bet_type=bet.bet_type,
            agent_recommended=bet.agent_recommended,
            patron_score=bet.patron_score,
            patron_confidence=bet.patron_confidence,
            notes=bet.notes,
            placed_at=bet.placed_at,
        )
        placing.check(new, now=run.author.now)
    except BetRefusedError as refusal:
        raise RowError(str(refusal), f"{bet.words} @ {bet.odds} x {bet.stake}") from refusal
    return new


def _selection(bet: ToldBet, place: Place) -> Selection:
    """What was bet on, in the order in which the match is stored."""
    try:
        found = read_selection(bet.words, teams=place.teams, market=bet.market, line=bet.line)
    except BetRefusedError as refusal:
        raise RowError("selection that means nothing", bet.words) from refusal
    match, teams = place.match, place.teams
    if match is None or (teams.home, teams.away) != (match.away_team, match.home_team):
        return found
    outcome = TURNED.get(found.outcome, found.outcome)
    is_handicap = found.market == BetMarket.SPREADS
    line = Decimal(0) - found.line if is_handicap else found.line
    return Selection(market=found.market, outcome=outcome, line=line)


def _sport_key(name: str, sports: Sports) -> str:
    try:
        return sports.named(name)[0]
    except RowError:
        return name[:80]


def _post(table: str, bets: dict[str, ToldBet], news: dict[str, NewBet], run: Run) -> None:
    """Record and rule; what pays otherwise than the original said is told."""
    account = run.ledger.of(table)
    batched = [replace(new, batch=run.batch) for new in news.values()]
    made = placing.record_history(batched, author=run.author, idempotency_keys=list(news))
    rulings = {
        one.pk: Ruling(ending=bet.ending, final_score=bet.final_score, settled_at=bet.settled_at)
        for one, bet in zip(made, bets.values(), strict=True)
        if bet.ending
    }
    settlement.rule(rulings, author=run.author, settled_by=Bet.SettledBy.IMPORT)
    account.stored += len(made)
    profits = dict(Bet.objects.filter(pk__in=rulings).values_list("pk", "profit"))
    for one, bet in zip(made, bets.values(), strict=True):
        profit = profits.get(one.pk)
        if profit is not None and bet.profit is not None and abs(profit - bet.profit) > HALF_CENT:
            account.notes.append(
                f"{table} {bet.row_id} made {profit}, where the original said {bet.profit:.2f}."
            )
