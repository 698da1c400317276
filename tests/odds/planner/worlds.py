"""Situations for the planner: small ones by hand, and any by hypothesis."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from odds.planner.shapes import CallShape
from odds.planner.situation import (
    Account,
    AwaitedResult,
    KickOff,
    PlanSettings,
    Situation,
    SportState,
    SportTerms,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
RESET = datetime(2026, 4, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPORTS = ("first", "second", "third")


def shape(markets: int = 1) -> CallShape:
    """A call that costs as many credits as it has markets."""
    return CallShape(markets=("h2h", "totals", "spreads")[:markets], regions=("eu",))


def kickoffs(sport: str, *minutes: int, since: datetime = NOW) -> list[KickOff]:
    """One match at each of these minutes from now."""
    return [
        KickOff(match_id=f"{sport}-{place}", sport=sport, at=since + at * MINUTE)
        for place, at in enumerate(minutes)
    ]


def situation(
    coming: Sequence[KickOff],
    *,
    spendable: int = 100,
    reserve: int = 50,
    sports: Sequence[str] = SPORTS,
    now: datetime = NOW,
    resets_at: datetime = RESET,
    **given: object,
) -> Situation:
    """A situation in which everything until the reset is known, unless settings say otherwise."""
    settings = given.pop("settings", PlanSettings(known_ahead=31 * DAY))
    return Situation(
        now=now,
        kickoffs=coming,
        sports=[SportTerms(key=sport, shape=shape()) for sport in sports],
        account=Account(remaining=spendable + reserve, reserve=reserve, resets_at=resets_at),
        settings=settings,
        **given,
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Any situation, with kick-offs before now, in the windows, and beyond the reset."""
    minute = st.one_of(st.integers(-90, 90), st.integers(-40_000, 45_000))
    places = draw(st.lists(st.tuples(st.sampled_from((*SPORTS, "other")), minute), max_size=40))
    past = st.none() | st.integers(1, 3_000).map(lambda minutes: NOW - minutes * MINUTE)
    states = {
        sport: SportState(
            answered_at=draw(past), failed_at=draw(past), failures_in_a_row=draw(st.integers(0, 70))
        )
        for sport in SPORTS
        if draw(st.booleans())
    }
    awaited = draw(
        st.lists(
            st.tuples(st.sampled_from(SPORTS), st.integers(-6_000, 600), st.booleans()), max_size=8
        )
    )
    markets = draw(st.tuples(*[st.integers(1, 3)] * len(SPORTS)))
    return Situation(
        now=NOW,
        kickoffs=[
            KickOff(match_id=str(place), sport=sport, at=NOW + at * MINUTE)
            for place, (sport, at) in enumerate(places)
        ],
        sports=[
            SportTerms(key=sport, shape=shape(count))
            for sport, count in zip(SPORTS, markets, strict=True)
        ],
        account=Account(
            remaining=draw(st.integers(0, 400)), reserve=draw(st.integers(0, 60)), resets_at=RESET
        ),
        settings=PlanSettings(
            freshness=draw(st.floats(0, 1)),
            known_ahead=draw(st.integers(0, 30)) * DAY,
            minimum_interval=draw(st.sampled_from((10 * MINUTE, 2 * HOUR, 7 * HOUR))),
            has_scans=draw(st.booleans()),
        ),
        states=states,
        awaited=[
            AwaitedResult(
                match_id=f"result-{place}",
                sport=sport,
                kickoff=NOW + at * MINUTE,
                has_free_source=is_free,
            )
            for place, (sport, at, is_free) in enumerate(awaited)
        ],
        paused_until=draw(st.none() | st.integers(1, 300).map(lambda m: NOW + m * MINUTE)),
    )
