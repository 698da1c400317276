"""Paper results: how every opportunity would have ended, taken with one unit at its first odds.

Whether it was bet on or refused makes no difference, so that what the guards accept can be held
against what they refuse. An abandoned match gives the unit back, a postponed one waits. A score
that was corrected or taken back in the last days is followed.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.db.models import F

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
FROM opportunities
JOIN matches ON matches.id = match_id
WHERE paper_result = '' AND matches.status IN ('completed', 'abandoned')
UNION
SELECT match_id FROM results WHERE observed_at > %(since)s
ORDER BY 1
"""
KEYS = """
SELECT DISTINCT market, line, outcome, matches.status, home_score, away_score
FROM opportunities
JOIN matches ON matches.id = match_id
WHERE match_id = ANY (%(ids)s) AND outcome <> 'all'
"""
CREATE_ENDINGS = """
CREATE TEMPORARY TABLE endings (
    market text, line numeric(6, 2), outcome text, status text, home_score int, away_score int,
    result text, share float8
) ON COMMIT DROP
"""
COPY_ENDINGS = "COPY endings FROM STDIN"
SETTLE = """
UPDATE opportunities
SET paper_result = ended.result, paper_profit = ended.profit
FROM (
    SELECT opportunities.id,
           CASE WHEN is_refunded THEN 'push' ELSE result END AS result,
           CASE WHEN is_refunded THEN 0
                WHEN share > 0
                THEN share * (first_odds::float8 - 1) * (1 - coalesce(commission, 0)::float8)
                ELSE share END AS profit
    FROM opportunities
    JOIN matches ON matches.id = match_id
    JOIN endings ON endings.market = opportunities.market AND endings.line = opportunities.line
     AND endings.outcome = opportunities.outcome AND endings.status = matches.status
     AND endings.home_score IS NOT DISTINCT FROM matches.home_score
     AND endings.away_score IS NOT DISTINCT FROM matches.away_score
    LEFT JOIN bookmakers ON bookmakers.id = first_bookmaker_id
    CROSS JOIN LATERAL (
        SELECT match_id = ANY (%(tied)s) AND opportunities.market = 'h2h' AS is_refunded
    ) AS tie
    WHERE match_id = ANY (%(ids)s) AND first_odds IS NOT NULL
) AS ended
WHERE ended.id = opportunities.id AND opportunities.paper_result <> ended.result
"""

Key = tuple[str, Decimal, str, str, int | None, int | None]


def settle_opportunities(now: datetime, *, since: datetime | None = None) -> int:
    """Write the paper results of opportunities whose match has ended, and correct earlier ones.

    Args:
        now: The current instant.
        since: Results stated later than this are looked at again; by default seven days.

    Returns:
        How many opportunities changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, {"since": now - LOOKS_BACK if since is None else since})
        matches = [match_id for (match_id,) in cursor.fetchall()]
    changed = 0
    for start in range(0, len(matches), MATCHES_AT_ONCE):
        batch = matches[start : start + MATCHES_AT_ONCE]
        with transaction.atomic():
            changed += _settle_prices(batch) + _settle_arbitrages(batch)
    if changed:
        logger.info("%d opportunities settled on paper", changed)
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


def _settle_prices(match_ids: Sequence[int]) -> int:
    """Each market, line, outcome and score once by the rules, then all rows in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, {"ids": list(match_ids)})
        keys = cursor.fetchall()
        cursor.execute(CREATE_ENDINGS)
        with cursor.copy(COPY_ENDINGS) as copy:
            for key in keys:
                copy.write_row((*key, *_result(key)))
        cursor.execute(SETTLE, {"ids": list(match_ids), "tied": _tied_without_draw(match_ids)})
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


def _settle_arbitrages(match_ids: Sequence[int]) -> int:
    bookmakers = {row.key: row for row in Bookmaker.objects.all()}
    rows = Opportunity.objects.filter(match__in=match_ids, outcome="all").select_related("match")
    changed = []
    for row in rows:
        before = row.paper_result, row.paper_profit
        row.paper_result, row.paper_profit = _arbitrage_result(row, bookmakers)
        if (row.paper_result, row.paper_profit) != before:
            changed.append(row)
    return Opportunity.objects.bulk_update(changed, ["paper_result", "paper_profit"])


def _arbitrage_result(
    row: Opportunity, bookmakers: dict[str, Bookmaker]
) -> tuple[str, float | None]:
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


def _leg(leg: dict[str, object], row: Opportunity, bookmakers: dict[str, Bookmaker]) -> Price:
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
