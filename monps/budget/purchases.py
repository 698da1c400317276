"""What calls brought: quotes that changed, opportunities that opened, closing lines captured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from odds.models import Collection

# Detection follows a call at once; what opens later than this came with a call not listed.
DETECTED_WITHIN: Final = timedelta(hours=1)

# Closing lines are found by their kick-offs, which have an index, and told apart by the look that
# they were seen at. Those last seen before the closing window are not what the call was for.
BOUGHT = """
SELECT
    call.id,
    (
        SELECT count(*)
        FROM opportunities JOIN matches ON matches.id = match_id
        WHERE matches.sport_id = call.sport_id AND rejection = ''
          AND first_seen_at >= call.at AND first_seen_at < call.until
    ),
    (
        SELECT count(DISTINCT match_id)
        FROM closing_lines AS line JOIN matches ON matches.id = match_id
        WHERE matches.sport_id = call.sport_id AND line.source = 'quotes' AND line.missing = ''
          AND line.seen_at = call.observed_at
          AND kickoff_at >= call.observed_at
          AND kickoff_at <= call.observed_at + %(window)s
    )
FROM unnest(
    %(ids)s::bigint[], %(sports)s::int[], %(at)s::timestamptz[], %(until)s::timestamptz[],
    %(observed)s::timestamptz[]
) AS call (id, sport_id, at, until, observed_at)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What one call brought."""

    quotes_changed: int = 0
    opportunities: int = 0
    closings: int = 0


def read(calls: Sequence[Collection], *, window: timedelta) -> dict[int, Bought]:
    """By the id of each stored call for odds; one query however many there are.

    An opportunity belongs to the last of these calls for its sport before it opened.

    Args:
        calls: Of a day or so, in any order.
        window: The longest time before the kick-off at which odds count as closing ones.
    """
    stored = sorted(
        (one for one in calls if one.status == Collection.Status.STORED and one.observed_at),
        key=lambda one: one.started_at,
        reverse=True,
    )
    if not stored:
        return {}
    later: dict[int, datetime] = {}
    until = []
    for call in stored:
        end = call.started_at + DETECTED_WITHIN
        until.append(min(end, later.get(call.sport_id, end)))
        later[call.sport_id] = call.started_at
    given: dict[str, Any] = {
        "ids": [call.pk for call in stored],
        "sports": [call.sport_id for call in stored],
        "at": [call.started_at for call in stored],
        "until": until,
        "observed": [call.observed_at for call in stored],
        "window": window,
    }
    with connection.cursor() as cursor:
        cursor.execute(BOUGHT, given)
        counts = {pk: (opened, closings) for pk, opened, closings in cursor.fetchall()}
    return {
        call.pk: Bought(
            quotes_changed=call.quotes_stored,
            opportunities=counts[call.pk][0],
            closings=counts[call.pk][1],
        )
        for call in stored
    }
