"""Arms: what the arms of a running test brought since it began, and whose a match is.

Everything is counted from the predictions themselves whenever it is asked: nothing is kept, and no
settlement counts twice.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Min

from odds.models import Match
from strategies.models import ExperimentSettings, Improvement, Prediction
from strategies.traffic import Sample, Split, is_for_b

# Whose a match is rests on what was settled that long before an arm first spoke of it: by then a
# settlement that runs is stored, and a score that was wrong is as a rule corrected.
SETTLED_BEFORE: Final = timedelta(days=3)
# The matches of `strategies.experiments`, once everything either arm said of them is settled and
# nothing is void; of one match an arm gets the sum of its profits, or 0 where it says nothing.
BROUGHT: Final = """
WITH said AS (
    SELECT match_id, version_id, result, profit, settled_at
    FROM predictions
    WHERE version_id IN (%(a)s, %(b)s) AND predicted_at >= %(start)s
      AND NOT EXISTS (
          SELECT FROM predictions earlier
          WHERE earlier.version_id = %(a)s AND earlier.match_id = predictions.match_id
            AND earlier.predicted_at < %(start)s
      )
), brought AS (
    SELECT coalesce(sum(profit) FILTER (WHERE version_id = %(a)s), 0) AS a,
           coalesce(sum(profit) FILTER (WHERE version_id = %(b)s), 0) AS b
    FROM said
    GROUP BY match_id
    HAVING bool_and(
        result NOT IN ('', 'void')
        AND settled_at < coalesce(%(before)s::timestamptz, 'infinity')
    )
)
SELECT count(*), avg(a), var_pop(a), avg(b), var_pop(b), avg(b - a), var_pop(b - a)
FROM brought
"""


class Arm(enum.StrEnum):
    """A is the version in force, B the same with the change."""

    A = "a"
    B = "b"


class Because(enum.StrEnum):
    """Why a match is an arm's, or nobody's yet."""

    OFF = "off"
    EARLIER = "earlier"
    UNSPOKEN = "unspoken"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose real stakes a match gets; `None` while no arm has said anything of it."""

    arm: Arm | None
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How real stakes are shared between the arms of a test that runs."""

    is_split: bool
    split: Split

    @property
    def share(self) -> float:
        """B's share of the matches; nothing while real stakes are not split."""
        return self.split.share if self.is_split else 0.0


def read_traffic(improvement: Improvement) -> Traffic:
    """How real stakes are shared now; two queries.

    Args:
        improvement: One that is in test.
    """
    return Traffic(
        is_split=ExperimentSettings.current().splits_real_stakes, split=read_split(improvement)
    )


def read_split(improvement: Improvement, *, before: datetime | None = None) -> Split:
    """What both arms brought; one query over what they said since the test began.

    Args:
        improvement: One that is in test.
        before: Only matches that were settled by then; all where it is not given.
    """
    given = {
        "a": improvement.version_a_id,
        "b": improvement.version_b_id,
        "start": improvement.ab_test_start,
        "before": before,
    }
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT, given)
        matches, *figures = cursor.fetchone()
    a, b, difference = (
        Sample(matches=matches, mean=figures[at] or 0.0, variance=figures[at + 1] or 0.0)
        for at in (0, 2, 4)
    )
    return Split(a=a, b=b, difference=difference)


def assign(improvement: Improvement, match: Match, *, is_split: bool) -> Assignment:
    """Whose real stakes a match gets; asked again it says the same, whatever was settled since.

    The share it is drawn by is that of what was settled three days before an arm first spoke of
    the match, which is past by the time anyone can stake on it and moves no more.

    Args:
        improvement: One that is in test.
        match: The match.
        is_split: Whether real stakes are split at all.
    """
    if not is_split:
        return Assignment(arm=Arm.A, because=Because.OFF)
    arms = [improvement.version_a_id, improvement.version_b_id]
    said = Prediction.objects.filter(version__in=arms, match=match)
    first, start = said.aggregate(first=Min("predicted_at"))["first"], improvement.ab_test_start
    if first is None or start is None:
        return Assignment(arm=None, because=Because.UNSPOKEN)
    if first < start:
        return Assignment(arm=Arm.A, because=Because.EARLIER)
    share = read_split(improvement, before=first - SETTLED_BEFORE).share
    arm = Arm.B if is_for_b(improvement.pk, match.provider_id, share) else Arm.A
    return Assignment(arm=arm, because=Because.DRAWN)
