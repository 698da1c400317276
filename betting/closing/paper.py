"""Paper results: how prices nobody had to take would have ended, one unit on each.

Opportunities count at their first odds, whether bet on or refused, so that what the guards accept
can be held against what they refuse; whoever else keeps prices on paper names its columns. An
abandoned match gives the unit back, a postponed one waits. A score that was corrected or taken back
in the last days is followed.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Model

from betting.bets.rules import Ending, ending
from betting.bets.settlement import has_draw
from betting.closing.grades import Price, arbitrage_shares
from betting.detection.opportunities import ALWAYS_DRAWS
from betting.models import Opportunity
from odds.models import Bookmaker, Match

logger = logging.getLogger(__name__)

LOOKS_BACK: Final = timedelta(days=7)
MATCHES_AT_ONCE: Final = 1000
# What a unit wins, in units of its net odds - 1, or loses.
SHARES: Final = {
    Ending.WON: 1.0,
    Ending.HALF_WON: 0.5,
    Ending.PUSH: 0.0,
    Ending.VOID: 0.0,
    Ending.HALF_LOST: -0.5,
    Ending.LOST: -1.0,
}

# Where a result is in force and none was written; and wherever a result was stated lately, since
# it may have corrected another or taken it back.
MATCHES = """
SELECT DISTINCT match_id
FROM {table}
JOIN matches ON matches.id = match_id
WHERE {result} = '' AND matches.status IN ('completed', 'abandoned')
UNION
SELECT match_id FROM results WHERE observed_at > %(since)s
ORDER BY 1
"""
KEYS = """
SELECT DISTINCT market, line, outcome, matches.status, home_score, away_score
FROM {table}
JOIN matches ON matches.id = match_id
WHERE match_id = ANY (%(ids)s) AND outcome <> 'all'
"""
SETTLED_AT = ", {column} = CASE WHEN ended.result <> '' THEN %(now)s::timestamptz END"
CREATE_ENDINGS = """
CREATE TEMPORARY TABLE endings (
    market text, line numeric(6, 2), outcome text, status text, home_score int, away_score int,
    result text, share float8
) ON COMMIT DROP
"""
COPY_ENDINGS = "COPY endings FROM STDIN"
# The endings are joined once, whatever the planner believes of tables it has no statistics of.
SETTLE = """
WITH ended AS MATERIALIZED (
    SELECT {table}.id,
           CASE WHEN is_refunded THEN 'push' ELSE endings.result END AS result,
           CASE WHEN is_refunded THEN 0
                WHEN share > 0
                THEN share * ({odds}::float8 - 1) * (1 - coalesce(commission, 0)::float8)
                ELSE share END AS profit
    FROM {table}
    JOIN matches ON matches.id = match_id
    JOIN endings ON endings.market = {table}.market AND endings.line = {table}.line
     AND endings.outcome = {table}.outcome AND endings.status = matches.status
     AND endings.home_score IS NOT DISTINCT FROM matches.home_score
     AND endings.away_score IS NOT DISTINCT FROM matches.away_score
    LEFT JOIN bookmakers ON bookmakers.id = {bookmaker}_id
    CROSS JOIN LATERAL (
        SELECT match_id = ANY (%(tied)s) AND {table}.market = 'h2h' AS is_refunded
    ) AS tie
    WHERE match_id = ANY (%(ids)s) AND {odds} IS NOT NULL
)
UPDATE {table}
SET {result} = ended.result, {profit} = ended.profit{also}
FROM ended
WHERE ended.id = {table}.id AND {table}.{result} <> ended.result
"""

Key = tuple[str, Decimal, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperColumns:
    """Where a model keeps the price that was taken on paper, and how it ended.

    `settled_at` is empty where it does not keep when.
    """

    model: type[Model]
    odds: str
    bookmaker: str
    result: str
    profit: str
    settled_at: str = ""

    def sql(self, statement: str) -> str:
        """A statement with the names of the columns filled in."""
        return statement.format(
            table=self.model._meta.db_table,
            odds=self.odds,
            bookmaker=self.bookmaker,
            result=self.result,
            profit=self.profit,
            also=SETTLED_AT.format(column=self.settled_at) if self.settled_at else "",
        )


OPPORTUNITIES: Final = PaperColumns(
    model=Opportunity,
    odds="first_odds",
    bookmaker="first_bookmaker",
    result="paper_result",
    profit="paper_profit",
)


def settle_opportunities(now: datetime, *, since: datetime | None = None) -> int:
    """Write the paper results of opportunities whose match has ended, and correct earlier ones.

    Args:
        now: The current instant.
        since: Results stated later than this are looked at again; by default seven days.

    Returns:
        How many opportunities changed.
    """
    return settle_on_paper(OPPORTUNITIES, now, since=since)


def settle_on_paper(columns: PaperColumns, now: datetime, *, since: datetime | None = None) -> int:
    """Write the results of prices on paper whose match has ended, and correct earlier ones.

    Args:
        columns: Whose, and where they are kept.
        now: The current instant.
        since: Results stated later than this are looked at again; by default seven days.

    Returns:
        How many rows changed.
    """
    with connection.cursor() as cursor:
        given = {"since": now - LOOKS_BACK if since is None else since}
        cursor.execute(columns.sql(MATCHES), given)
        matches = [match_id for (match_id,) in cursor.fetchall()]
    changed = 0
    for start in range(0, len(matches), MATCHES_AT_ONCE):
        batch = matches[start : start + MATCHES_AT_ONCE]
        with transaction.atomic():
            changed += _settle_prices(columns, batch, now)
            changed += _settle_arbitrages(columns, batch, now)
    if changed:
        logger.info("%d %s settled on paper", changed, columns.model._meta.db_table)
    return changed


def paper_ending(
    market: str, outcome: str, line: Decimal, *, status: str, score: tuple[int, int] | None
) -> Ending | None:
    """How an opportunity ends; None while its match has no result.

    Args:
        market: The market.
        outcome: The side that would have been backed.
        line: The goals line or home's handicap.
        status: The match's.
        score: Home and away goals; None where unknown.
    """
    if status == Match.Status.ABANDONED:
        return Ending.VOID
    if status != Match.Status.COMPLETED or score is None:
        return None
    return ending(market, outcome, line, *score)


def _settle_prices(columns: PaperColumns, match_ids: Sequence[int], now: datetime) -> int:
    """Each market, line, outcome and score once by the rules, then all rows in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(columns.sql(KEYS), {"ids": list(match_ids)})
        keys = cursor.fetchall()
        cursor.execute(CREATE_ENDINGS)
        with cursor.copy(COPY_ENDINGS) as copy:
            for key in keys:
                copy.write_row((*key, *_result(key)))
        cursor.execute("ANALYZE endings")
        tied = _tied_without_draw(match_ids)
        given: dict[str, list[int] | datetime] = {"ids": list(match_ids), "tied": tied, "now": now}
        cursor.execute(columns.sql(SETTLE), given)
        changed: int = cursor.rowcount
        cursor.execute("DROP TABLE endings")
    return changed


def _tied_without_draw(match_ids: Sequence[int]) -> list[int]:
    """Matches that ended level in sports whose match winner has no draw."""
    tied = Match.objects.filter(
        pk__in=match_ids, status=Match.Status.COMPLETED, home_score=F("away_score")
    ).exclude(sport__key__startswith=ALWAYS_DRAWS)
    return [match.pk for match in tied.select_related("sport") if not has_draw(match)]


def _result(key: Key) -> tuple[str, float | None]:
    market, line, outcome, status, home, away = key
    score = None if home is None or away is None else (home, away)
    found = paper_ending(market, outcome, line, status=status, score=score)
    return (found.value, SHARES[found]) if found else ("", None)


def _settle_arbitrages(columns: PaperColumns, match_ids: Sequence[int], now: datetime) -> int:
    bookmakers = {row.key: row for row in Bookmaker.objects.all()}
    rows = columns.model._default_manager.filter(match__in=match_ids, outcome="all")
    changed = []
    for row in rows.select_related("match"):
        found = _arbitrage_result(row, bookmakers)
        if found != (getattr(row, columns.result), getattr(row, columns.profit)):
            setattr(row, columns.result, found[0])
            setattr(row, columns.profit, found[1])
            changed.append(row)
    written = [columns.result, columns.profit]
    if columns.settled_at:
        written.append(columns.settled_at)
        for row in changed:
            setattr(row, columns.settled_at, now if getattr(row, columns.result) else None)
    return columns.model._default_manager.bulk_update(changed, written)


def _arbitrage_result(row: Any, bookmakers: dict[str, Bookmaker]) -> tuple[str, float | None]:
    """The profit of a unit shared over the legs, and the best of their endings."""
    match = row.match
    legs = [_leg(leg, row, bookmakers) for leg in row.legs]
    score = None
    if match.home_score is not None and match.away_score is not None:
        score = match.home_score, match.away_score
    endings = [
        paper_ending(row.market, leg.outcome, row.line, status=match.status, score=score)
        for leg in legs
    ]
    known = [one for one in endings if one]
    if not legs or len(known) < len(legs):
        return "", None
    best = max(known, key=lambda one: SHARES[one])
    return best.value, sum(_gains(legs, known))


def _leg(leg: dict[str, object], row: Any, bookmakers: dict[str, Bookmaker]) -> Price:
    bookmaker = bookmakers.get(str(leg["bookmaker"]))
    return Price(
        market=row.market,
        line=float(row.line),
        outcome=str(leg["outcome"]),
        odds=float(str(leg["odds"])),
        commission=float(bookmaker.commission) if bookmaker else 0.0,
        selected_by="",
        operator=bookmaker.operator if bookmaker else "",
    )


def _gains(legs: Sequence[Price], endings: Sequence[Ending]) -> Iterable[float]:
    for leg, part, how in zip(legs, arbitrage_shares(legs), endings, strict=True):
        share = SHARES[how]
        yield part * share * (leg.net_odds - 1 if share > 0 else 1)
