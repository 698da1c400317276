"""The quotes of a file into history: copied as columns, compared and stored by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from odds.binary_copy import binary_copy
from odds.football_data.match_rows import Place
from odds.football_data.prices import PriceBlock

MARKETS = ("h2h", "totals", "spreads")
EPOCH = 946_684_800  # 2000-01-01 UTC, from which PostgreSQL counts
MICROSECONDS = 1_000_000

CREATE_INCOMING = """
CREATE TEMPORARY TABLE imported_quotes (
    position integer, match_id integer, bookmaker_id smallint, market smallint,
    is_closing smallint, is_known smallint, line double precision, odds_1 double precision,
    odds_x double precision, odds_2 double precision, observed_at timestamptz
) ON COMMIT DROP
"""
COPY_INCOMING = "COPY imported_quotes FROM STDIN (FORMAT BINARY)"

# What the numbers copied mean; a draw that is not offered comes as NaN.
TOLD = """
SELECT position, match_id, bookmaker_id, (%(markets)s::text[])[market + 1] AS market,
       is_closing = 1 AS is_closing, line::numeric(6, 2) AS line,
       odds_1::numeric(8, 3) AS odds_1,
       CASE WHEN odds_x <> 'NaN' THEN odds_x::numeric(8, 3) END AS odds_x,
       odds_2::numeric(8, 3) AS odds_2, observed_at
FROM imported_quotes
"""
INSERT = """
INSERT INTO quotes (
    match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2, observed_at
)
SELECT match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2, observed_at
"""
STORE_OF_NEW = f"{INSERT} FROM ({TOLD} WHERE is_known = 0) AS told"

# A file has one line for each bookmaker, market and moment, so another line contradicts it. A price
# of before kick-off has no exact instant: where MON_PS looked itself at that time or later (and saw
# the quote or saw it withdrawn), its own history stands. What the file says of the close is exact.
STORE_OF_KNOWN = f"""
WITH told AS MATERIALIZED (
    {TOLD} WHERE is_known = 1
), known AS MATERIALIZED (
    SELECT DISTINCT ON (match_id, bookmaker_id, market, observed_at) *
    FROM quotes
    WHERE match_id = ANY(%(known)s) AND num_nonnulls(odds_1, odds_x, odds_2) > 0
), withdrawn AS MATERIALIZED (
    SELECT match_id, bookmaker_id, market, max(observed_at) AS observed_at
    FROM quotes
    WHERE match_id = ANY(%(known)s) AND num_nonnulls(odds_1, odds_x, odds_2) = 0
    GROUP BY match_id, bookmaker_id, market
), judged AS (
    SELECT told.*,
           CASE
               WHEN known.match_id IS NOT NULL AND (
                   known.line, known.odds_1, known.odds_x, known.odds_2
               ) IS NOT DISTINCT FROM (told.line, told.odds_1, told.odds_x, told.odds_2)
               THEN 'known'
               WHEN known.match_id IS NOT NULL THEN 'contradicts'
               WHEN NOT told.is_closing AND withdrawn.observed_at >= told.observed_at THEN 'own'
               WHEN NOT told.is_closing AND EXISTS (
                   SELECT FROM latest_quotes own
                   WHERE own.match_id = told.match_id
                     AND own.bookmaker_id = told.bookmaker_id
                     AND own.market = told.market AND own.seen_at >= told.observed_at
               ) THEN 'own'
               ELSE 'stored'
           END AS verdict
    FROM told
    LEFT JOIN known USING (match_id, bookmaker_id, market, observed_at)
    LEFT JOIN withdrawn USING (match_id, bookmaker_id, market)
), stored AS (
    {INSERT} FROM judged WHERE verdict = 'stored'
)
SELECT position, verdict, count(*) FROM judged GROUP BY position, verdict
"""  # noqa: S608 (built of the two constants above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of some quotes of one match: stored, known, contradicts or own."""

    position: int
    verdict: str
    count: int


def store_quotes(
    blocks: Sequence[PriceBlock], places: Sequence[Place], bookmakers: dict[str, int]
) -> list[Verdict]:
    """Store what is new; must be called inside a transaction.

    Args:
        blocks: The prices of a file.
        places: The row of each of its matches.
        bookmakers: Ids by key.
    """
    if not blocks:
        return []
    known = [place.match_id for place in places if not place.is_new]
    columns = _columns(blocks, _Matches(places), bookmakers)
    given: dict[str, list[str] | list[int]] = {"markets": list(MARKETS), "known": known}
    rows: list[tuple[int, str, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(CREATE_INCOMING)
        with cursor.copy(COPY_INCOMING) as copy:
            copy.write(binary_copy(columns))
        cursor.execute(STORE_OF_NEW, given)
        if known:
            cursor.execute("ANALYZE imported_quotes")
            cursor.execute(STORE_OF_KNOWN, given)
            rows = cursor.fetchall()
        cursor.execute("DROP TABLE imported_quotes")
    of_new = np.bincount(columns["position"][columns["is_known"] == 0])
    rows += [(position, "stored", int(count)) for position, count in enumerate(of_new) if count]
    return [Verdict(position=row[0], verdict=row[1], count=row[2]) for row in rows]


class _Matches:
    """The rows of a file's matches as arrays, by position in the file."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.ids = np.array([place.match_id for place in places], dtype=np.int32)
        self.is_known = np.array([not place.is_new for place in places], dtype=np.int16)
        self.is_swapped = np.array([place.is_swapped for place in places], dtype=np.bool_)
        instants = [[place.collected_at, place.closed_at] for place in places]
        seconds = [[int(at.timestamp()) - EPOCH for at in pair] for pair in instants]
        self.microseconds = np.array(seconds, dtype=np.int64).reshape(-1, 2) * MICROSECONDS


def _columns(
    blocks: Sequence[PriceBlock], matches: _Matches, bookmakers: dict[str, int]
) -> dict[str, NDArray[Any]]:
    counts = [len(block.match) for block in blocks]

    def of_blocks(values: Sequence[int]) -> NDArray[np.int16]:
        return np.repeat(np.array(values, dtype=np.int16), counts)

    position = np.concatenate([block.match for block in blocks])
    market = of_blocks([MARKETS.index(block.market) for block in blocks])
    is_closing = of_blocks([int(block.is_closing) for block in blocks])
    line = np.concatenate([block.handicap for block in blocks])
    odds = np.concatenate([block.odds for block in blocks])
    turned = matches.is_swapped[position] & (market != MARKETS.index("totals"))
    odds[turned] = odds[turned, ::-1]
    line[turned] = 0.0 - line[turned]
    return {
        "position": position.astype(np.int32),
        "match_id": matches.ids[position],
        "bookmaker_id": of_blocks([bookmakers[block.source.key] for block in blocks]),
        "market": market,
        "is_closing": is_closing,
        "is_known": matches.is_known[position],
        "line": line,
        "odds_1": odds[:, 0],
        "odds_x": odds[:, 1],
        "odds_2": odds[:, 2],
        "observed_at": matches.microseconds[position, is_closing],
    }
