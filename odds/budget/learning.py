"""How many opportunities calls find, learned from those that opened and the calls that looked."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from odds.models import Collection, CurrentPlan, Match
from odds.planner.rates import (
    LEAD_EDGES,
    PRIOR_LIFETIME,
    Floats,
    Observation,
    Rates,
    lead_bins,
    watched_hours,
)
from odds.scores import PROVIDER_ID

LEARNED_FROM: Final = timedelta(days=90)
LONGEST_GAP: Final = 7 * 24.0  # hours before a sport's first call
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opportunity: whose sport, when a call first saw it, and how long it stayed open.

    `hours_open` is None while it is open.
    """

    sport: str
    seen_at: datetime
    kickoff: datetime
    hours_open: float | None = None


def learn(openings: Iterable[Opening], *, now: datetime) -> Rates:
    """Learn from the last ninety days, and plan by it from now on.

    Args:
        openings: Of that time; others are left out.
        now: The current instant.
    """
    since = now - LEARNED_FROM
    seen = [one for one in openings if since < one.seen_at <= now]
    lasted = [one.hours_open for one in seen if one.hours_open is not None]
    rates = Rates.learned(
        observations(seen, since=since, now=now), lifetimes=(sum(lasted), len(lasted))
    )
    CurrentPlan.objects.update_or_create(pk=1, defaults={"rates": asdict(rates)})
    return rates


def observations(
    openings: Iterable[Opening], *, since: datetime, now: datetime
) -> list[Observation]:
    """What the calls of this time watched and found, by sport, hour and hours to kick-off."""
    opened = _opened(openings)
    found = []
    for sport, watched in _watched(since, now).items():
        hours, bins = np.nonzero(watched)
        for hour, place in zip(hours.tolist(), bins.tolist(), strict=True):
            found.append(
                Observation(
                    sport=sport,
                    hour=hour,
                    hours_to_kickoff=LEAD_EDGES[place],
                    match_hours=float(watched[hour, place]),
                    opened=opened.get((sport, hour, place), 0),
                )
            )
    return found


def _opened(openings: Iterable[Opening]) -> dict[tuple[str, int, int], int]:
    counts: dict[tuple[str, int, int], int] = {}
    for one in openings:
        lead = (one.kickoff - one.seen_at).total_seconds() / HOUR
        if 0 <= lead < LEAD_EDGES[-1]:
            place = int(lead_bins(np.array([lead]))[0])
            key = (one.sport, one.seen_at.astimezone(UTC).hour, place)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _watched(since: datetime, now: datetime) -> dict[str, Floats]:
    """Match hours that each sport's calls saw, shape (24, bins of lead)."""
    calls: dict[str, list[float]] = {}
    stored = (
        Collection.objects.from_api().stored().filter(started_at__gt=since, started_at__lte=now)
    )
    for sport, at in stored.order_by("started_at").values_list("sport__key", "started_at"):
        calls.setdefault(sport, []).append(at.timestamp() / HOUR)
    kickoffs: dict[str, list[float]] = {}
    matches = Match.objects.filter(
        sport__key__in=calls, commence_time__gt=since, provider_id__regex=PROVIDER_ID
    )
    for sport, at in matches.order_by("commence_time").values_list("sport__key", "commence_time"):
        kickoffs.setdefault(sport, []).append(at.timestamp() / HOUR)
    return {
        sport: _match_hours(np.array(times), np.array(kickoffs.get(sport, [])))
        for sport, times in calls.items()
    }


def _match_hours(calls: Floats, kickoffs: Floats) -> Floats:
    gaps = np.diff(calls, prepend=calls[0] - LONGEST_GAP)
    seen = watched_hours(gaps, PRIOR_LIFETIME)
    edges = calls[:, None] + np.array(LEAD_EDGES)
    counts = np.diff(np.searchsorted(kickoffs, edges, side="left"), axis=1)
    hours = np.zeros((24, len(LEAD_EDGES) - 1))
    np.add.at(hours, (calls % 24).astype(np.intp), counts * seen[:, None])
    return hours
