"""Two strategies match by match: what one got from each match more than the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from odds.fair_prices import Floats
from strategies.admin.courses import points_of
from strategies.api.agent_records import Columns
from strategies.paired import Comparison, Plan, compare, progress

ALPHA: Final = 0.05
# Nothing is to be decided here, so there is no smallest gain and no end.
UNPLANNED: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How much more the first got from a match, in points of fair CLV, now and after each match.

    `since` is when both were asked: matches of which either spoke before do not count.
    """

    since: datetime
    found: Comparison
    points: list[dict[str, Any]]


def pair_of(first: Columns, second: Columns, *, since: datetime) -> Pair:
    """Hold two strategies' predictions against each other.

    Args:
        first: One's predictions.
        second: The other's.
        since: From when on both were asked.
    """
    own = differences(first, second, since=since)
    plan = Plan(smallest_gain=0.0, alpha=ALPHA, horizon=UNPLANNED)
    return Pair(since=since, found=compare(own, plan), points=points_of(progress(own, plan)))


def differences(first: Columns, second: Columns, *, since: datetime) -> Floats:
    """The first's points of fair CLV less the second's on each match, in the order of kick-off.

    Only matches all of whose predictions, of both, a closing line graded, and none was made
    before `since`; who predicts nothing on a match gets 0 from it.
    """
    match = np.concatenate([first.match, second.match])
    clv = np.concatenate([first.clv_pct, -second.clv_pct])
    kickoff = np.concatenate([first.kickoff, second.kickoff])
    made_at = np.concatenate([first.predicted_at, second.predicted_at])
    counts = ~np.isnan(clv) & (made_at >= since.timestamp())
    ids, start, place = np.unique(match, return_index=True, return_inverse=True)
    is_whole = np.bincount(place, weights=~counts, minlength=len(ids)) == 0
    sums = np.bincount(place, weights=np.nan_to_num(clv), minlength=len(ids))
    order = np.lexsort((ids, kickoff[start]))
    in_order: Floats = sums[order][is_whole[order]]
    return in_order
