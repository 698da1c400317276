"""The blind bettor: every outcome of every match, one unit, no selection at all.

Nobody who bets blindly has an edge, so a measure of skill that praises him is wrong. Raw closing
line value does: the best of many prices is longer than Pinnacle's closing odds on average, and he
loses all the same. Closing line value against the fair closing price does not.

Read from history as football-data.co.uk gave it: prices of before kick-off, Pinnacle's at the
close, and results.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from betting.closing.clv import fair_clv, raw_clv
from odds.devig import Method, fair_probabilities

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

CLOSER: Final = "pinnacle"
POLICIES: Final = {
    "market_max": "best price of the market",
    "bet365": "Bet365",
    "market_average": "average price",
}

READ: Final = """
SELECT matches.id, bookmakers.key, odds_1::float8, odds_x::float8, odds_2::float8,
       CASE WHEN home_score > away_score THEN 0 WHEN home_score = away_score THEN 1 ELSE 2 END
FROM matches
JOIN sports ON sports.id = matches.sport_id
JOIN quotes ON quotes.match_id = matches.id
JOIN bookmakers ON bookmakers.id = quotes.bookmaker_id
WHERE sports.key = ANY(%(sports)s)
  AND matches.provider_id LIKE 'fd:%%'
  AND matches.status = 'completed'
  AND matches.commence_time >= %(since)s AND matches.commence_time < %(until)s
  AND quotes.market = 'h2h' AND num_nulls(odds_1, odds_x, odds_2) = 0
  AND CASE WHEN bookmakers.key = %(closer)s
           THEN observed_at = matches.commence_time - interval '1 minute'
           ELSE bookmakers.key = ANY(%(policies)s)
                AND observed_at < matches.commence_time - interval '1 minute'
      END
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A table of matches; home, draw and away in columns of odds.

    Attributes:
        taken: Odds before kick-off by policy, each of shape (n, 3); NaN where there were none.
        closing: Pinnacle's closing odds, shape (n, 3); NaN where there were none.
        won: Which outcome happened, 0 to 2, shape (n,).
    """

    taken: dict[str, Floats]
    closing: Floats
    won: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindRow:
    """What a policy came to; fractions.

    `yield_error` is the standard error of `realised`, over matches: of a match's three bets one
    wins and two lose, so it is about half that of as many independent bets (which is what the
    published rows give). `raw_beat` and `fair_beat` are the shares of bets with a CLV above 0.
    """

    bets: int
    realised: float
    yield_error: float | None
    raw: float
    raw_beat: float
    fair: float
    fair_beat: float


# All 22 leagues, 2019 to 2025: METHODS section 6.
PUBLISHED: Final = {
    "market_max": BlindRow(
        bets=98_629,
        realised=-0.0247,
        yield_error=0.0051,
        raw=0.0228,
        raw_beat=0.620,
        fair=-0.0199,
        fair_beat=0.420,
    ),
    "bet365": BlindRow(
        bets=98_631,
        realised=-0.0729,
        yield_error=0.0047,
        raw=-0.0293,
        raw_beat=0.354,
        fair=-0.0691,
        fair_beat=0.209,
    ),
    "market_average": BlindRow(
        bets=98_630,
        realised=-0.0748,
        yield_error=0.0047,
        raw=-0.0309,
        raw_beat=0.336,
        fair=-0.0706,
        fair_beat=0.187,
    ),
}


def read_prices(sport_keys: Sequence[str], *, since: datetime, until: datetime) -> Prices:
    """The imported matches of these sports that kicked off from `since` to before `until`."""
    with connection.cursor() as cursor:
        cursor.execute(
            READ,
            {
                "sports": list(sport_keys),
                "since": since,
                "until": until,
                "closer": CLOSER,
                "policies": list(POLICIES),
            },
        )
        rows = cursor.fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.intp)
    matches, match = np.unique(ids, return_inverse=True)
    keys = np.array([row[1] for row in rows], dtype=np.str_)
    odds = np.array([row[2:5] for row in rows], dtype=np.float64).reshape(-1, 3)
    won = np.zeros(len(matches), dtype=np.intp)
    won[match] = [row[5] for row in rows]

    def offered(key: str) -> Floats:
        table = np.full((len(matches), 3), np.nan)
        table[match[keys == key]] = odds[keys == key]
        return table

    return Prices(
        taken={policy: offered(policy) for policy in POLICIES}, closing=offered(CLOSER), won=won
    )


def grade(taken: Floats, closing: Floats, won: Integers) -> BlindRow | None:
    """What one unit on every outcome came to.

    Args:
        taken: Decimal odds before kick-off, shape (n, 3).
        closing: Pinnacle's closing odds, shape (n, 3).
        won: Which outcome happened, shape (n,).

    Returns:
        The row over the matches that have both prices, or None where none has.
    """
    probabilities = fair_probabilities(closing, Method.POWER)
    usable = ~np.isnan(taken).any(axis=1) & ~np.isnan(probabilities).any(axis=1)
    if not usable.any():
        return None
    taken, closing, probabilities = taken[usable], closing[usable], probabilities[usable]
    profit = np.where(won[usable, None] == np.arange(3), taken, 0) - 1
    raw, fair = raw_clv(taken, closing), fair_clv(taken, probabilities)
    return BlindRow(
        bets=profit.size,
        realised=float(profit.mean()),
        yield_error=_error_over_matches(profit),
        raw=float(raw.mean()),
        raw_beat=float((raw > 0).mean()),
        fair=float(fair.mean()),
        fair_beat=float((fair > 0).mean()),
    )


def _error_over_matches(profit: Floats) -> float | None:
    """Standard error of the mean of all bets, each match (row) being one observation."""
    count = len(profit)
    if count < 2:
        return None
    return float(profit.mean(axis=1).std(ddof=1) / np.sqrt(count))
