"""Experiments: what both arms of a test came to since it began, and what that says.

Both arms judge the same snapshots. A match on which arm A had spoken before the test began was not
judged by both, and counts for neither. A verdict once reached stands.
"""

from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from betting.performance.running import Running, running_mean
from strategies.models import Improvement
from strategies.paired import Comparison, Plan, Verdict, compare, progress

# What both arms said while the test ran, of matches that were theirs from the beginning.
SAID_IN: Final = """
WITH arms AS (
    SELECT id AS improvement_id, ab_test_start, ab_test_end, version_a_id, arm, version_id
    FROM strategy_improvements
    CROSS JOIN LATERAL (VALUES ('a', version_a_id), ('b', version_b_id)) AS arms (arm, version_id)
    WHERE {tests}
), said AS (
    SELECT improvement_id, arm, match_id, result, profit, clv_status, clv_fair_pct
    FROM arms
    JOIN predictions USING (version_id)
    WHERE predicted_at >= ab_test_start
      AND (ab_test_end IS NULL OR predicted_at < ab_test_end)
      AND NOT EXISTS (
          SELECT FROM predictions earlier
          WHERE earlier.version_id = version_a_id AND earlier.match_id = predictions.match_id
            AND earlier.predicted_at < ab_test_start
      )
)
"""
SAID: Final = SAID_IN.format(tests="status = 'active'")
# A match counts for an arm once all its predictions on it are settled, and is won where they
# brought more than they cost together: one match has one say, whatever its markets.
COUNT: Final = f"""
{SAID}, matched AS (
    SELECT improvement_id, arm, match_id, sum(profit) AS profit
    FROM said
    GROUP BY improvement_id, arm, match_id
    HAVING bool_and(result NOT IN ('', 'void'))
), counted AS (
    SELECT improvement_id,
           count(match_id) FILTER (WHERE arm = 'a') AS matches_a,
           count(match_id) FILTER (WHERE arm = 'b') AS matches_b,
           count(match_id) FILTER (WHERE arm = 'a' AND profit > 0) AS wins_a,
           count(match_id) FILTER (WHERE arm = 'b' AND profit > 0) AS wins_b
    FROM arms
    LEFT JOIN matched USING (improvement_id, arm)
    GROUP BY improvement_id
)
UPDATE strategy_improvements
SET ab_test_matches_a = matches_a, ab_test_matches_b = matches_b,
    ab_test_wins_a = wins_a, ab_test_wins_b = wins_b
FROM counted
WHERE improvement_id = id
  AND (ab_test_matches_a, ab_test_matches_b, ab_test_wins_a, ab_test_wins_b)
      IS DISTINCT FROM (matches_a, matches_b, wins_a, wins_b)
"""  # noqa: S608 - made of constants
# By kick-off: the matches all of whose predictions, of both arms, have a timely closing line.
COMPARED: Final = """
SELECT improvement_id,
       sum(CASE arm WHEN 'b' THEN clv_fair_pct ELSE -clv_fair_pct END),
       sum(CASE arm WHEN 'b' THEN profit ELSE -profit END)
FROM said
JOIN matches ON matches.id = match_id
GROUP BY improvement_id, match_id, commence_time
HAVING bool_and(clv_status = 'graded')
ORDER BY improvement_id, commence_time, match_id
"""
DIFFERENCES: Final = SAID + COMPARED
DIFFERENCES_OF_ONE: Final = SAID_IN.format(tests="id = %(improvement)s") + COMPARED


def follow(*, now: datetime) -> int:
    """Bring the counters and the comparison of the tests that run up to date.

    The work is that of the predictions of the arms since their test began.

    Args:
        now: The current instant: when a verdict is reached.

    Returns:
        How many tests reached a verdict.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        cursor.execute(DIFFERENCES)
        rows = cursor.fetchall()
    reached = 0
    for improvement in Improvement.objects.filter(status=Improvement.Status.ACTIVE):
        own = np.array(
            [row[1:] for row in rows if row[0] == improvement.pk], dtype=np.float64
        ).reshape(-1, 2)
        reached += _write(improvement, own, now)
    return reached


def progress_of(improvement: Improvement) -> Running:
    """How a test's comparison stood after each match it compared; empty before it began.

    Kick-offs give the order, so that a match graded late takes its place in the middle.
    """
    if improvement.ab_test_start is None:
        return running_mean(np.empty(0))
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES_OF_ONE, {"improvement": improvement.pk})
        gains = np.array([gain for _id, gain, _profit in cursor.fetchall()], dtype=np.float64)
    return progress(gains, plan_of(improvement))


def plan_of(improvement: Improvement) -> Plan:
    """What was fixed when its test began."""
    return Plan(
        smallest_gain=improvement.plan_effect or 0.0,
        alpha=improvement.plan_alpha or 0.0,
        horizon=improvement.plan_horizon or 0,
    )


def _write(improvement: Improvement, own: Any, now: datetime) -> bool:
    """Store a comparison; whether it is the first to reach a verdict."""
    plan = plan_of(improvement)
    found = compare(own[:, 0], plan)
    profits = own[: plan.horizon, 1]
    settled = profits[~np.isnan(profits)]
    given = _columns(found) | {"profit_gain": float(settled.mean()) if len(settled) else None}
    is_new = not improvement.verdict and found.verdict is not Verdict.NONE
    if is_new:
        given |= {"verdict": found.verdict.value, "verdict_at": now}
    running = Improvement.objects.filter(pk=improvement.pk, status=Improvement.Status.ACTIVE)
    return bool(running.update(**given)) and is_new


def _columns(found: Comparison) -> dict[str, Any]:
    return {
        "paired_matches": found.matches,
        "clv_gain": found.gain,
        "clv_gain_low": found.low,
        "clv_gain_high": found.high,
    }
