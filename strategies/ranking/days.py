"""Days: the sums of each version's predictions by match day, from which every record is made.

What changes a day's sums, and the index by which it is found: matches not long over or yet to
come, on which predictions are made, graded and settled (matches by kick-off); results stated or
corrected late (results by instant); and kick-offs that moved, which touch the day they left and
the day they went to. Those days are summed anew from all their predictions: matches by kick-off,
predictions by match. So the work is that of some weeks, however long the history.

A match graded more than a week after its kick-off without a new result, as closing lines captured
anew for all of history are, changes its day when everything is summed up again.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Sum

from betting.performance.measures import LOST, WON
from strategies.models import StrategyDay
from strategies.snapshots import Record

LOCK: Final = 7_368  # any number of our own: sums and rankings go one after the other
LOOKS_BACK: Final = timedelta(days=7)  # how late a match may be graded or settled; as they do

EVERY_DAY: Final = """
SELECT DISTINCT (commence_time AT TIME ZONE 'UTC')::date
FROM predictions
JOIN matches ON matches.id = match_id
UNION
SELECT DISTINCT day FROM strategy_days
ORDER BY 1
"""
# Days that hold sums count too: the last match on them may have moved away or be gone. A result
# on a match nobody predicted, such as those of an imported season, touches nothing.
TOUCHED_DAYS: Final = """
SELECT (commence_time AT TIME ZONE 'UTC')::date
FROM matches
WHERE commence_time >= %(since)s
UNION
SELECT day
FROM strategy_versions
CROSS JOIN LATERAL (
    SELECT day
    FROM strategy_days
    WHERE version_id = strategy_versions.id AND day >= (%(since)s AT TIME ZONE 'UTC')::date
    OFFSET 0
) AS summed
UNION
SELECT (commence_time AT TIME ZONE 'UTC')::date
FROM results
JOIN matches ON matches.id = results.match_id
WHERE observed_at >= %(since)s
  AND EXISTS (SELECT FROM predictions WHERE predictions.match_id = matches.id)
UNION
SELECT (moment AT TIME ZONE 'UTC')::date
FROM match_changes
JOIN matches ON matches.id = match_changes.match_id
CROSS JOIN LATERAL (VALUES
    (CASE kind WHEN 'kickoff' THEN before::timestamptz END), (commence_time)
) AS moments (moment)
WHERE kind = 'kickoff' AND observed_at >= %(since)s
ORDER BY 1
"""
# Day by day through the index: a join would be planned as if a ninth of all matches were meant.
MATCHES_ON: Final = """
SELECT id
FROM unnest(%(days)s::date[]) AS days (day)
CROSS JOIN LATERAL (
    SELECT id
    FROM matches
    WHERE commence_time >= day::timestamp AT TIME ZONE 'UTC'
      AND commence_time < (day + 1)::timestamp AT TIME ZONE 'UTC'
    OFFSET 0
) AS played
"""
# A match counts by the mean CLV of its predictions. Sums in a fixed order, so that summing twice
# gives the same to the last bit.
SUM_UP: Final = """
WITH by_match AS (
    SELECT version_id, match_id, count(*) AS predictions,
           sum(CASE result {won} ELSE 0 END) AS won,
           sum(CASE result {lost} ELSE 0 END) AS lost,
           count(*) FILTER (WHERE result NOT IN ('', 'void')) AS risk,
           coalesce(sum(profit ORDER BY predictions.id) FILTER (WHERE result <> 'void'), 0)
               AS profit,
           count(clv_fair_pct) FILTER (WHERE clv_status = 'graded') AS graded,
           avg(clv_fair_pct ORDER BY predictions.id) FILTER (WHERE clv_status = 'graded') AS clv,
           avg(clv_pct ORDER BY predictions.id) FILTER (WHERE clv_status = 'graded') AS raw_clv
    FROM predictions
    WHERE match_id = ANY (%(matches)s)
    GROUP BY version_id, match_id
), summed AS (
    SELECT version_id, (commence_time AT TIME ZONE 'UTC')::date AS day,
           sum(predictions) AS predictions, sum(won) AS won, sum(lost) AS lost,
           sum(risk) AS risk, sum(profit ORDER BY match_id) AS profit,
           sum(graded) AS graded, count(clv) AS graded_matches,
           coalesce(sum(clv ORDER BY match_id), 0) AS clv_sum,
           coalesce(sum(clv * clv ORDER BY match_id), 0) AS clv_squares,
           coalesce(sum(raw_clv ORDER BY match_id), 0) AS raw_clv_sum
    FROM by_match
    JOIN matches ON matches.id = match_id
    GROUP BY version_id, day
), gone AS (
    DELETE FROM strategy_days
    USING strategy_versions
    WHERE strategy_days.version_id = strategy_versions.id AND day = ANY (%(days)s::date[])
      AND NOT EXISTS (
          SELECT FROM summed
          WHERE summed.version_id = strategy_days.version_id AND summed.day = strategy_days.day
      )
    RETURNING 1
), written AS (
    INSERT INTO strategy_days AS stored (
        version_id, day, predictions, won, lost, risk, profit, graded, graded_matches,
        clv_sum, clv_squares, raw_clv_sum
    )
    SELECT version_id, day, predictions, won, lost, risk, profit, graded, graded_matches,
           clv_sum, clv_squares, raw_clv_sum
    FROM summed
    ORDER BY version_id, day
    ON CONFLICT (version_id, day) DO UPDATE SET
        predictions = excluded.predictions, won = excluded.won, lost = excluded.lost,
        risk = excluded.risk, profit = excluded.profit, graded = excluded.graded,
        graded_matches = excluded.graded_matches, clv_sum = excluded.clv_sum,
        clv_squares = excluded.clv_squares, raw_clv_sum = excluded.raw_clv_sum
    WHERE (stored.predictions, stored.won, stored.lost, stored.risk, stored.profit, stored.graded,
           stored.graded_matches, stored.clv_sum, stored.clv_squares, stored.raw_clv_sum)
        IS DISTINCT FROM
          (excluded.predictions, excluded.won, excluded.lost, excluded.risk, excluded.profit,
           excluded.graded, excluded.graded_matches, excluded.clv_sum, excluded.clv_squares,
           excluded.raw_clv_sum)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""


def sum_up(since: datetime | None) -> int:
    """Sum the days anew that may have changed since an instant; others are left alone.

    Args:
        since: When it was last done; seven days more are looked at, since results and grades are
            dated before they are stored. `None` for every day there is.

    Returns:
        How many sums of a version and a day are new, other or gone.
    """
    with transaction.atomic():
        lock()
        days = touched_days(since)
        with connection.cursor() as cursor:
            cursor.execute(sum_up_sql(), {"days": days, "matches": matches_on(days)})
            (changed,) = cursor.fetchone() or (0,)
    return int(changed)


def touched_days(since: datetime | None) -> list[date]:
    """The UTC match days whose sums may have changed since an instant; all of them without one."""
    with connection.cursor() as cursor:
        if since is None:
            cursor.execute(EVERY_DAY)
        else:
            cursor.execute(TOUCHED_DAYS, {"since": _start_of_day(since - LOOKS_BACK)})
        return [day for (day,) in cursor.fetchall()]


def matches_on(days: Sequence[date]) -> list[int]:
    """The matches that kick off on these UTC days."""
    with connection.cursor() as cursor:
        cursor.execute(MATCHES_ON, {"days": list(days)})
        return [match_id for (match_id,) in cursor.fetchall()]


def sum_up_sql() -> str:
    """The statement that sums days anew, with the share of a bet that each ending wins or loses."""
    cases = {
        name: " ".join(f"WHEN '{ending}' THEN {share}" for ending, share in shares.items())
        for name, shares in (("won", WON), ("lost", LOST))
    }
    return SUM_UP.format(**cases)


def lock() -> None:
    """Wait until no other transaction sums or ranks, and keep others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def read_records(version_ids: Sequence[int], *, before: date) -> Mapping[str, Record]:
    """What versions' graded predictions on matches before a day were worth.

    Args:
        version_ids: The versions.
        before: Days from this one on do not count.

    Returns:
        By the version's id as text; CLV as a fraction.
    """
    rows = StrategyDay.objects.filter(version__in=version_ids, day__lt=before).values("version")
    sums = rows.annotate(n=Sum("graded_matches"), total=Sum("clv_sum"), squares=Sum("clv_squares"))
    return {
        str(row["version"]): Record.of_sums(row["n"], row["total"] / 100, row["squares"] / 100**2)
        for row in sums.order_by()
    }


def _start_of_day(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
