"""What opportunities brought on paper: those bet on, and those that were left."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from betting.models import ClvStatus, Ending, Opportunity
from betting.performance.measures import (
    bootstrap_yield,
    by_match,
    confidence_sequence,
    yield_of,
)
from betting.performance.totals import in_percent

BET_ON, LEFT, OUT_OF_REACH = "bet", "left", "out_of_reach"
KINDS: Final = (BET_ON, LEFT, OUT_OF_REACH)
MOST_ROWS: Final = 20_000  # opportunities, the newest ones; the page says when there were more
# A bet belongs to the opportunity it was placed for, or to the same price on the same match.
READ: Final = """
WITH newest AS MATERIALIZED (
    SELECT id, match_id, market, line, outcome, kind, rejection, paper_result, paper_profit,
           clv_status, clv_fair_pct, coalesce(first_bookmaker_id, best_bookmaker_id) AS bookmaker_id
    FROM opportunities
    WHERE first_seen_at >= %(since)s AND first_seen_at < %(until)s
    ORDER BY first_seen_at DESC, id DESC
    LIMIT %(most)s
), judged AS (
    SELECT match_id, paper_profit, is_playable,
           CASE clv_status WHEN %(graded)s THEN clv_fair_pct END AS clv,
           EXISTS (
               SELECT FROM bets
               WHERE NOT is_paper AND cancelled_at IS NULL AND bets.match_id = newest.match_id
                 AND (opportunity_id = newest.id
                      OR (bets.market = newest.market AND bets.line = newest.line
                          AND bets.outcome = newest.outcome))
           ) AS is_bet
    FROM newest
    JOIN bookmakers ON bookmakers.id = bookmaker_id
    WHERE newest.kind = %(value)s AND rejection = '' AND paper_result NOT IN ('', %(void)s)
)
SELECT CASE WHEN is_bet THEN 'bet' WHEN is_playable THEN 'left' ELSE 'out_of_reach' END AS chosen,
       match_id, floor(date_part('epoch', commence_time) / 86400),
       count(*), sum(paper_profit), count(clv), avg(clv),
       (SELECT count(*) FROM newest)
FROM judged
JOIN matches ON matches.id = match_id
GROUP BY chosen, match_id, commence_time
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """Values of one kind, one unit each at the first odds; `None` where undefined.

    Attributes:
        kind: `bet`, `left` (at a bookmaker the user can bet with) or `out_of_reach`.
        found: How many, settled and not void.
        profit: Units.
        graded: Matches behind the CLV.
    """

    kind: str
    found: int
    profit: float
    yield_pct: float | None
    yield_interval: tuple[float, float] | None
    graded: int
    clv_pct: float | None
    clv_interval: tuple[float, float] | None

    @property
    def yield_tone(self) -> str:
        """A colour only where the interval leaves out 0."""
        return _tone(self.yield_interval)

    @property
    def clv_tone(self) -> str:
        """The same of the closing line value."""
        return _tone(self.clv_interval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The kinds, and whether only the newest matches were read."""

    rows: list[OnPaper]
    is_cut: bool
    most: int = MOST_ROWS


def on_paper(since: datetime | None, *, now: datetime) -> Missed:
    """What values first seen in the period brought on paper; one query."""
    given: dict[str, Any] = {
        "value": Opportunity.Kind.VALUE,
        "void": Ending.VOID,
        "graded": ClvStatus.GRADED,
        "since": since or datetime(1990, 1, 1, tzinfo=UTC),
        "until": now,
        "most": MOST_ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, given)
        rows = cursor.fetchall()
    own: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for row in rows:
        own[row[0]].append(row[1:-1])
    is_cut = bool(rows) and rows[0][-1] == MOST_ROWS
    return Missed(rows=[_summed(kind, own[kind]) for kind in KINDS], is_cut=is_cut)


def _summed(kind: str, rows: list[Any]) -> OnPaper:
    match, day, found, profit, graded, clv = np.array(rows, dtype=np.float64).reshape(-1, 6).T
    days, place = np.unique(day, return_inverse=True)
    interval = bootstrap_yield(
        np.bincount(place, weights=profit, minlength=len(days)).astype(np.float64),
        np.bincount(place, weights=found, minlength=len(days)).astype(np.float64),
    )
    is_graded = graded > 0
    matches, mean, variance = by_match(clv[is_graded], match[is_graded].astype(np.intp))
    return OnPaper(
        kind=kind,
        found=int(found.sum()),
        profit=float(profit.sum()),
        yield_pct=in_percent(yield_of(float(profit.sum()), float(found.sum()))),
        yield_interval=None if interval is None else (100 * interval[0], 100 * interval[1]),
        graded=matches,
        clv_pct=mean,
        clv_interval=confidence_sequence(matches, mean, variance),
    )


def _tone(ends: tuple[float, float] | None) -> str:
    if ends is None:
        return ""
    return "mp-good" if ends[0] > 0 else "mp-bad" if ends[1] < 0 else ""
