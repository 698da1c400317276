"""Experiments: what both arms of a test have settled since it began."""

from typing import Final

from django.db import connection

# A match counts for an arm once all its predictions on it are settled, and is won where they
# brought more than they cost together: one match has one say, whatever its markets. Matches on
# which arm A had spoken before the test began were not judged by both from the same snapshots.
COUNT: Final = """
WITH arms AS (
    SELECT id AS improvement_id, ab_test_start, version_a_id, arm, version_id
    FROM strategy_improvements
    CROSS JOIN LATERAL (VALUES ('a', version_a_id), ('b', version_b_id)) AS arms (arm, version_id)
    WHERE status = 'active'
), matched AS (
    SELECT improvement_id, arm, match_id, sum(profit) AS profit
    FROM arms
    JOIN predictions USING (version_id)
    WHERE predicted_at >= ab_test_start
      AND NOT EXISTS (
          SELECT FROM predictions earlier
          WHERE earlier.version_id = version_a_id AND earlier.match_id = predictions.match_id
            AND earlier.predicted_at < ab_test_start
      )
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
"""


def count_matches() -> int:
    """Bring the counters of the tests that run up to date; how many changed.

    The work is that of the predictions of the arms since their test began.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        changed: int = cursor.rowcount
    return changed
