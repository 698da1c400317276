"""A match up to its kick-off and beyond: looks stored as the collector stores them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from betting.closing.capture import Captured, capture, pending_match_ids
from betting.closing.grading import grade_bets
from betting.models import Bet, ClosingLine
from odds.models import Bookmaker, Match, MatchResult, Quote
from odds.parsing import SeenMatch, SeenQuote, Snapshot
from odds.storage import store_snapshot
from tests.factories import NOON, make_bet, make_bookmaker, make_collection, make_sport

TENNIS = "tennis_atp"  # two outcomes keep the arithmetic short
KICK_OFF = NOON + timedelta(hours=6)
MINUTE = timedelta(minutes=1)
LATER = KICK_OFF + 5 * MINUTE
SOFT = ("soft0", "soft1", "soft2", "soft3")
# Everyone holds both sides to be even, each with a margin of its own.
PINNACLE = {"pinnacle": (1.95, 1.95)}
EXCHANGE = {"betfair_ex_eu": (1.98, 1.98)}
BOOKS = {"soft0": (1.90, 1.90), "soft1": (1.91, 1.91), "soft2": (1.92, 1.92), "soft3": (1.93, 1.93)}
ALL = PINNACLE | EXCHANGE | BOOKS
# The home side is the favourite, for each reference a little differently.
HOME = {
    "pinnacle": (1.80, 2.10),
    "betfair_ex_eu": (1.90, 2.06),
    "soft0": (1.70, 2.10),
    "soft1": (1.72, 2.08),
    "soft2": (1.74, 2.06),
    "soft3": (1.76, 2.04),
}


def make_bookmakers() -> None:
    """Pinnacle, an exchange that keeps 5 %, and four soft bookmakers of an operator each."""
    make_bookmaker("pinnacle", kind=Bookmaker.Kind.SHARP)
    make_bookmaker("betfair_ex_eu", kind=Bookmaker.Kind.EXCHANGE, commission=Decimal("0.05"))
    for key in SOFT:
        make_bookmaker(key, operator=key)


def look(quotes: dict[str, tuple[float, ...]], *, before: float = 10, **given: Any) -> Match:
    """Store what a collection saw so many minutes before kick-off, and its row unless told."""
    kick_off: datetime = given.get("kick_off", KICK_OFF)
    at: datetime = given.get("at", kick_off - before * MINUTE)
    match, sport = given.get("match", "match"), given.get("sport", TENNIS)
    market, line = given.get("market", "h2h"), given.get("line", 0.0)
    seen = SeenMatch(
        provider_id=match,
        sport_key=sport,
        sport_title=sport,
        commence_time=kick_off,
        home_team="Ann",
        away_team="Bea",
    )
    snapshot = Snapshot(matches=[seen])
    for key, odds in quotes.items():
        snapshot.quotes.append(
            SeenQuote(
                provider_id=match,
                bookmaker_key=key,
                bookmaker_title=key,
                market=market,
                line=line,
                odds=odds if len(odds) == 3 else (odds[0], None, odds[1]),
                source_updated_at=at,
            )
        )
        snapshot.received[market] += 1
    with transaction.atomic():
        store_snapshot(snapshot, observed_at=at)
        if given.get("is_collected", True):
            make_collection(sport=make_sport(key=sport), started_at=at, markets=[market])
    return Match.objects.get(provider_id=match)


def import_quote(match: Match, key: str, *odds: float, before: float = 1, **given: Any) -> None:
    """A quote as an import of football-data.co.uk leaves it: in history only."""
    first, draw, second = odds if len(odds) == 3 else (odds[0], None, odds[1])
    Quote.objects.create(
        match=match,
        bookmaker=make_bookmaker(key),
        market=given.get("market", "h2h"),
        line=Decimal(str(given.get("line", 0))),
        odds_1=first,
        odds_x=draw,
        odds_2=second,
        observed_at=match.commence_time - before * MINUTE,
        source_updated_at=None,
    )


def state_result(match: Match, home: int, away: int, *, at: datetime, **given: Any) -> MatchResult:
    """A result in force, stated by football-data.co.uk."""
    status = given.get("status", Match.Status.COMPLETED)
    Match.objects.filter(pk=match.pk).update(status=status, home_score=home, away_score=away)
    return MatchResult.objects.create(
        match=match,
        source=given.get("source", MatchResult.Source.FOOTBALL_DATA),
        status=status,
        home_score=home,
        away_score=away,
        observed_at=at,
    )


def capture_pending(now: datetime = LATER) -> Captured:
    """What the task does at this instant."""
    return capture(pending_match_ids(now), now=now)


def line_of(reference: str, **given: Any) -> ClosingLine:
    """The only closing line of this reference."""
    return ClosingLine.objects.get(reference=reference, **given)


def references() -> set[str]:
    """Who left a line."""
    return set(ClosingLine.objects.filter(missing="").values_list("reference", flat=True))


def missing() -> list[tuple[str, Decimal, str]]:
    """What is missing, and why."""
    rows = ClosingLine.objects.exclude(missing="").order_by("market", "line")
    return list(rows.values_list("market", "line", "missing"))


def bet_on(match: Match, **given: Any) -> Bet:
    """A bet at 2.10 with a bookmaker that is none of the references."""
    given = {"bookmaker": make_bookmaker("winamax_fr"), "odds": "2.10"} | given
    return make_bet(match=match, **given)


def after_grading(bet: Bet, now: datetime = LATER) -> Bet:
    """The bet as it stands when its match was captured and it was graded."""
    capture_pending(now)
    grade_bets(now)
    bet.refresh_from_db()
    return bet
