"""The original's looks into our history, each in a transaction of its own, at its own time.

A look that is stored has its row among the collections, written with it; so a run that was killed
goes on where it stopped, and another run stores nothing. A look says what was on offer in the
matches it shows; of others it says nothing, for some collectors left matches out.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from monps.legacy.account import Ledger, Rejection, RowError, rejection_of
from monps.legacy.looks import Key, Look, key_of, looks
from monps.legacy.names import Bookmakers, Sports
from monps.legacy.odds_rows import MARKETS, SeenRow, read_row
from monps.legacy.source import Source
from odds.catalogue import DEFAULT_SPORTS, known_bookmakers
from odds.collector import account_for
from odds.football_data.leagues import LEAGUES
from odds.models import Bookmaker, Collection, Match, Quote, Sport
from odds.parsing import SeenQuote
from odds.storage import store_snapshot
from odds.tally import Tally
from odds.withdrawals import Asked

TABLES = {market: table for table, market in MARKETS.items()}


def known_names() -> tuple[Bookmakers, Sports]:
    """Who and what is meant, by the rows of ours and by the catalogue; ours come first."""
    catalogued = {key: row.title for key, row in known_bookmakers().items()}
    sports = {league.sport_key: league.title for league in LEAGUES.values()} | DEFAULT_SPORTS
    ours = Bookmaker.objects.exclude(kind=Bookmaker.Kind.AGGREGATE).order_by("pk")
    stored = dict(ours.values_list("key", "title"))
    return (
        Bookmakers((stored | {k: t for k, t in catalogued.items() if k not in stored}).items()),
        Sports((sports | dict(Sport.objects.values_list("key", "title"))).items()),
    )


def import_odds(
    source: Source, ledger: Ledger, *, now: datetime, advance: Callable[[int], object]
) -> None:
    """Store every look of the original that is not stored yet.

    Args:
        source: The original.
        ledger: Grows by what became of the rows.
        now: Nothing can have been collected after it.
        advance: Told of every number of rows that are dealt with.
    """
    for look in looks(_read(source, ledger, now=now, advance=advance)):
        _count(look, _stored(look, ledger), ledger)
        advance(look.size)


def _read(
    source: Source, ledger: Ledger, *, now: datetime, advance: Callable[[int], object]
) -> Iterator[SeenRow]:
    """The rows that say something; the others are rejected on the way."""
    bookmakers, sports = known_names()
    for row in source.odds():
        account = ledger.of(row.table)
        account.received += 1
        try:
            seen = read_row(row, bookmakers=bookmakers, sports=sports, now=now)
        except RowError as error:
            ledger.reject(rejection_of(row.table, row.row_id or "", error))
            advance(1)
            continue
        account.date(seen.collected_at)
        account.after_kickoff += seen.collected_at > seen.match.commence_time
        yield seen


def _stored(look: Look, ledger: Ledger) -> Tally:
    """Store a look and account for it; one that is stored already has stored nothing now."""
    known = Collection.objects.filter(
        sport__key=look.sport_key,
        source=Collection.Source.REPLAY,
        started_at=look.observed_at,
        quotes_received=len(look.quotes),
        quotes_rejected=0,
    )
    if known.exists():
        return Tally()
    asked = Asked(
        sport_key=look.sport_key,
        markets={quote.market for quote in look.quotes.values()},
        is_whole_sport=False,
    )
    with transaction.atomic():
        tally = store_snapshot(look.snapshot(), observed_at=look.observed_at, asked=asked)
        _keep_account(look, tally)
    if tally.rejected:
        for rejection in _contradicted(look, reason=next(iter(tally.rejected))[1]):
            ledger.reject(rejection)
    return tally


def _keep_account(look: Look, tally: Tally) -> None:
    sport = Sport.objects.get(key=look.sport_key)
    told = {"sport": sport, "source": Collection.Source.REPLAY, "started_at": look.observed_at}
    if Collection.objects.filter(**told).exists():
        return
    collection = Collection(
        **told,
        reason=Collection.Reason.REPLAY,
        markets=sorted(tally.received),
        status=Collection.Status.STORED,
        finished_at=look.observed_at,
        observed_at=look.observed_at,
    )
    account_for(collection, tally)
    collection.save()


def _count(look: Look, tally: Tally, ledger: Ledger) -> None:
    for rejection in look.rejected:
        ledger.reject(rejection)
    for table, _row_id in look.repeated:
        ledger.of(table).unchanged += 1
    for market, number in Counter(quote.market for quote in look.quotes.values()).items():
        account = ledger.of(TABLES[market])
        rejected = sum(n for (of, _why), n in tally.rejected.items() if of == market)
        account.stored += tally.stored[market]
        account.unchanged += number - tally.stored[market] - rejected
        account.withdrawn += tally.withdrawn[market]


def _contradicted(look: Look, *, reason: str) -> Iterator[Rejection]:
    """The rows of a stored look that differ from what was known of its time."""
    matches = Match.objects.in_bulk(list(look.matches), field_name="provider_id")
    history = Quote.objects.filter(
        match__in=matches.values(), observed_at__lte=look.observed_at, market__in=TABLES
    )
    series = ("match_id", "bookmaker_id", "market", "line")
    known: dict[Key, tuple[float | None, ...]] = {
        (provider_id, bookmaker, market, float(line)): tuple(
            None if one is None else float(one) for one in odds
        )
        for provider_id, bookmaker, market, line, *odds in history.order_by(*series, "-observed_at")
        .distinct(*series)
        .values_list(
            *("match__provider_id", "bookmaker__key", "market", "line"),
            *("odds_1", "odds_x", "odds_2"),
        )
    }
    for key, quote in look.quotes.items():
        match = matches[quote.provider_id]
        is_swapped = look.matches[quote.provider_id].home_team == match.away_team
        if known.get(key) != _as_stored(quote, is_swapped=is_swapped):
            table, row_id = look.rows[key]
            yield Rejection(table=table, row_id=row_id, reason=reason, detail=str(key_of(quote)[1]))


def _as_stored(quote: SeenQuote, *, is_swapped: bool) -> tuple[float | None, ...]:
    return quote.odds[::-1] if is_swapped and quote.market != "totals" else quote.odds
