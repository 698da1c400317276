"""What a look no longer found: quotes withdrawn since the look before, written into history.

A row of `quotes` without any odds says that from its instant on the bookmaker offered nothing
there. With these rows, what was on offer at any past instant is told by history alone: the last
row up to then of each bookmaker, market and line.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from odds.models import Market

# Bounded by the kick-off: a match that began longer ago than this is over, and left alone. A look
# older than one known withdraws nothing: what it lacks may have been seen since. Matches come as an
# array, not by a join, which takes minutes where PostgreSQL believes tables that grow to be empty.
WITHDRAW = """
WITH looked_at AS MATERIALIZED (
    SELECT id
    FROM matches
    WHERE sport_id = ANY (%(sports)s) AND commence_time > %(now)s - interval '12 hours'
      AND (%(matches)s::int[] IS NULL OR id = ANY (%(matches)s::int[]))
), gone AS (
    UPDATE latest_quotes SET is_offered = false
    WHERE match_id = ANY (ARRAY (SELECT id FROM looked_at)) AND market = ANY (%(markets)s)
      AND is_offered AND seen_at < %(now)s
      AND NOT EXISTS (
          SELECT FROM latest_quotes newer
          WHERE newer.match_id = ANY (ARRAY (SELECT id FROM looked_at))
            AND newer.market = ANY (%(markets)s) AND newer.seen_at > %(now)s
      )
    RETURNING *
), stored AS (
    INSERT INTO quotes (match_id, bookmaker_id, market, line, observed_at, source_updated_at)
    SELECT match_id, bookmaker_id, market, line, %(now)s, source_updated_at
    FROM gone
    RETURNING market
)
SELECT market, count(*) FROM stored GROUP BY market
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the source was asked for: of that, whatever its answer lacks is not on offer.

    `is_whole_sport` is false where the answer was to hold some matches only, such as that to a
    question about one match; it then says nothing of the others.
    """

    sport_key: str
    markets: Collection[str]
    is_whole_sport: bool = True


def markets_looked_at(seen: Iterable[str], asked: Asked | None) -> list[str]:
    """The markets an answer tells about: those seen and asked for.

    An exchange's lay prices come unasked with the match winner, so their lack says as much.
    """
    markets = {*seen, *(asked.markets if asked else ())}
    if Market.H2H in markets:
        markets.add(Market.H2H_LAY)
    return sorted(markets)


def withdraw_unseen(
    *,
    sport_ids: list[int],
    markets: list[str],
    match_ids: list[int] | None,
    observed_at: datetime,
) -> Counter[str]:
    """Withdraw what a look did not find, after what it found was stored.

    Args:
        sport_ids: The sports looked at.
        markets: The markets looked at.
        match_ids: The only matches looked at; None where it was all of those sports.
        observed_at: When it was looked.

    Returns:
        How many quotes of each market were withdrawn.
    """
    if not sport_ids or not markets:
        return Counter()
    given: dict[str, list[int] | list[str] | datetime | None] = {
        "sports": sport_ids,
        "markets": markets,
        "matches": match_ids,
        "now": observed_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, given)
        return Counter(dict(cursor.fetchall()))
