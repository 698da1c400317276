"""A season in the database, and backtests of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from odds.models import Quote
from strategies.models import Backtest
from tests.factories import make_bookmaker, make_match, make_sport

FIRST_DAY = datetime(2020, 9, 5, 15, tzinfo=UTC)
SEASON = {"since": date(2020, 9, 1), "until": date(2021, 5, 31)}


def make_season(matches=12):
    """Matches known from football-data alone, one a week; Bwin pays more than Pinnacle thinks.

    Home wins every other one.
    """
    sport = make_sport()
    pinnacle, bwin = make_bookmaker("pinnacle", kind="sharp"), make_bookmaker("bwin")
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
    for number in range(matches):
        kickoff = FIRST_DAY + timedelta(days=7 * number)
        match = make_match(
            sport=sport,
            provider_id=f"fd:{number}",
            commence_time=kickoff,
            status="completed",
            home_score=number % 2,
            away_score=0,
        )
        before, close = kickoff - timedelta(days=1), kickoff - timedelta(minutes=1)
        for bookmaker, odds, at in (
            (pinnacle, ("1.95", "3.60", "4.20"), before),
            (bwin, ("2.30", "3.30", "3.40"), before),
            (exchange, ("1.92", "3.90", "4.60"), close),
        ):
            home, draw, away = map(Decimal, odds)
            Quote.objects.create(
                match=match,
                bookmaker=bookmaker,
                market="h2h",
                line=Decimal(0),
                odds_1=home,
                odds_x=draw,
                odds_2=away,
                observed_at=at,
            )


def asked(**given):
    """An unsaved backtest of the season."""
    values = {
        "agent": "sharp_reference",
        "parameters": {},
        "sport_keys": ["soccer_epl"],
        "markets": ["h2h"],
    } | SEASON
    return Backtest(**values | given)
