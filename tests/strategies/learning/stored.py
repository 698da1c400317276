"""A strategy's record in the database, and the history that it is made of."""

from datetime import timedelta
from decimal import Decimal

import numpy as np

from odds.devig import fair_probabilities
from odds.models import Match, Quote
from strategies.models import Prediction
from tests.factories import (
    NOON,
    make_bookmaker,
    make_sport,
    make_strategy,
)

SHARP = ("1.95", "3.60", "4.20")
SMALL, LARGE = 2.5, 7.0  # percent: what a price claims over the sharp bookmaker's


def make_record(matches=160, *, clv_small=-4.0, clv_large=4.0, spread=1.0, version=None):
    """One match a day until yesterday; a price on home claims a small or a large edge in turns.

    The exchange closes without a margin, so that the fair CLV of a price is what is asked for,
    give or take the spread.
    """
    version = version or make_strategy()
    random = np.random.default_rng(7)
    books = make_bookmaker("pinnacle", kind="sharp"), make_bookmaker("bwin")
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
    fair = fair_probabilities(np.array([[float(odds) for odds in SHARP]]))[0, 0]
    sport = make_sport()
    matches_made, quotes, predictions = [], [], []

    def quote(match, bookmaker, odds, at):
        home, draw, away = (Decimal(str(one)) for one in odds)
        quotes.append(
            Quote(
                match=match,
                bookmaker=bookmaker,
                market="h2h",
                line=Decimal(0),
                odds_1=home,
                odds_x=draw,
                odds_2=away,
                observed_at=at,
            )
        )

    for number in range(matches):
        kickoff = NOON - timedelta(days=matches - number)
        is_small = number % 2 == 0
        edge = SMALL if is_small else LARGE
        odds = round((1 + edge / 100) / fair, 3)
        clv = (clv_small if is_small else clv_large) + random.normal(0, spread)
        closing = (1 + clv / 100) / odds
        match = Match(
            sport=sport,
            home_team=f"Home {number}",
            away_team=f"Away {number}",
            provider_id=f"fd:{version.pk}-{number}",
            commence_time=kickoff,
            status="completed",
            home_score=number % 3,
            away_score=1,
        )
        matches_made.append(match)
        is_won = number % 3 == 2
        day_before = kickoff - timedelta(days=1)
        quote(match, books[0], SHARP, day_before)
        quote(match, books[1], (odds, 3.3, 3.4), day_before)
        other = round(2 / (1 - closing), 3)
        close = (round(1 / closing, 3), other, other)
        quote(match, exchange, close, kickoff - timedelta(minutes=1))
        predictions.append(
            Prediction(
                version=version,
                match=match,
                market="h2h",
                line=Decimal(0),
                outcome="home",
                bookmaker=books[1],
                odds=Decimal(str(odds)),
                probability=fair,
                edge_pct=edge,
                kelly=0.01,
                reference="pinnacle",
                predicted_at=day_before,
                clv_status="graded",
                clv_fair_pct=clv,
                graded_at=kickoff,
                result="won" if is_won else "lost",
                profit=odds - 1 if is_won else -1.0,
                settled_at=kickoff,
            )
        )
    for rows in (matches_made, quotes, predictions):
        type(rows[0]).objects.bulk_create(rows)
    return version
