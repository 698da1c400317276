"""The results of a file: what it says that football-data.co.uk has not said before."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from odds.football_data.match_rows import Place
from odds.football_data.reading import ListedMatch
from odds.models import Match, MatchResult
from odds.results import record_many

SOURCE = MatchResult.Source.FOOTBALL_DATA

# The newest thing said by the site or taken back by a person; a score that repeats it adds nothing.
NEWS = """
SELECT position, said.status IS NOT NULL
FROM unnest(%(positions)s::int[], %(ids)s::int[], %(home)s::int[], %(away)s::int[])
    AS told (position, match_id, home, away)
LEFT JOIN LATERAL (
    SELECT status, home_score, away_score
    FROM results
    WHERE results.match_id = told.match_id
      AND (source = %(source)s OR status = 'scheduled')
    ORDER BY observed_at DESC, id DESC
    LIMIT 1
) AS said ON true
WHERE (said.status, said.home_score, said.away_score)
    IS DISTINCT FROM ('completed', told.home, told.away)
"""
INSERT_FIRST = """
INSERT INTO results (
    match_id, source, status, home_score, away_score, observed_at, recorded_by, note
)
SELECT match_id, %(source)s, 'completed', home, away, %(now)s, '', ''
FROM unnest(%(ids)s::int[], %(home)s::int[], %(away)s::int[]) AS told (match_id, home, away)
"""


def store_results(
    listed: Sequence[ListedMatch], places: Sequence[Place], *, now: datetime
) -> tuple[set[int], set[int]]:
    """Record the scores of a file; must be called inside a transaction.

    Returns:
        The positions of results heard for the first time, and of those that correct an earlier one.
    """
    told = {
        position: match.score[::-1] if places[position].is_swapped else match.score
        for position, match in enumerate(listed)
        if match.score is not None
    }
    # Nothing can have been said of a new match, and it was inserted with its score.
    first = {position for position in told if places[position].is_new}
    _insert_first([(places[p].match_id, *told[p]) for p in first], now)
    news = _news({p: score for p, score in told.items() if p not in first}, places)
    record_many(
        MatchResult(
            match_id=places[position].match_id,
            source=SOURCE,
            status=Match.Status.COMPLETED,
            home_score=told[position][0],
            away_score=told[position][1],
            observed_at=now,
        )
        for position in news
    )
    corrected = {position for position, is_correction in news.items() if is_correction}
    return first | (news.keys() - corrected), corrected


def _insert_first(rows: list[tuple[int, int, int]], now: datetime) -> None:
    ids, home, away = ([row[i] for row in rows] for i in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_FIRST, {"source": SOURCE, "now": now, "ids": ids, "home": home, "away": away}
        )


def _news(told: dict[int, tuple[int, int]], places: Sequence[Place]) -> dict[int, bool]:
    """The positions that say something new, each with whether it corrects what was said."""
    with connection.cursor() as cursor:
        cursor.execute(
            NEWS,
            {
                "positions": list(told),
                "ids": [places[position].match_id for position in told],
                "home": [home for home, _away in told.values()],
                "away": [away for _home, away in told.values()],
                "source": SOURCE,
            },
        )
        return dict(cursor.fetchall())
