"""Which matches to ask scores for, and that odds are collected as if nobody had asked."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from odds import gate, scores
from odds.api_status import status
from odds.models import Match
from tests.factories import NOON, make_collection, make_match, make_sport

HOUR = timedelta(hours=1)


def over(**given: Any) -> Match:
    """A match of four hours ago without a result."""
    return make_match(**{"commence_time": NOON - 4 * HOUR} | given)


def due(*matches: Match, **given: Any) -> dict[str, list[str]]:
    return scores.due_for_results(
        [match.pk for match in matches],
        **{"now": NOON, "after": 2 * HOUR, "interval": 6 * HOUR} | given,
    )


@pytest.mark.django_db
def test_matches_that_can_be_over_are_asked_for_sport_by_sport():
    serie_a = make_sport(key="soccer_italy_serie_a")
    first, second, third = over(commence_time=NOON - 5 * HOUR), over(), over(sport=serie_a)
    not_waited_for = over()

    wanted = due(first, second, third)

    assert wanted == {
        "soccer_epl": [first.provider_id, second.provider_id],
        "soccer_italy_serie_a": [third.provider_id],
    }
    assert not_waited_for.provider_id not in wanted["soccer_epl"]


@pytest.mark.parametrize(
    "given",
    [
        {"commence_time": NOON - 2 * HOUR + timedelta(seconds=1)},
        {"commence_time": NOON + HOUR},
        {"commence_time": NOON - timedelta(days=3)},
        {"status": "completed", "home_score": 1, "away_score": 0},
        {"status": "postponed"},
        {"status": "abandoned"},
        {"provider_id": "fd:E0:2026-11-21:leeds:fulham"},
    ],
    ids=["too early", "not begun", "too old", "known", "postponed", "abandoned", "not the API's"],
)
@pytest.mark.django_db
def test_matches_that_no_call_would_help_are_not_asked_for(given: dict[str, Any]):
    assert due(over(**given)) == {}


@pytest.mark.django_db
def test_a_sport_is_not_asked_again_within_the_interval():
    match = over()
    asked = make_collection(endpoint="scores", markets=[], started_at=NOON - 5 * HOUR)

    assert due(match) == {}
    assert due(match, interval=5 * HOUR) == {"soccer_epl": [match.provider_id]}
    assert due(over(sport=make_sport(key="basketball_nba"))) != {}
    asked.delete()
    make_collection(started_at=NOON)  # for odds: another matter
    assert due(match) != {}


@pytest.mark.django_db
def test_after_a_failure_the_wait_fits_it_and_never_exceeds_the_interval():
    match = over()
    call = {"endpoint": "scores", "markets": [], "status": "failed", "observed_at": None}

    make_collection(failure="unavailable", started_at=NOON - timedelta(seconds=19), **call)
    assert due(match) == {}
    assert due(match, now=NOON + timedelta(seconds=1)) != {}

    make_collection(failure="unavailable", started_at=NOON, **call)
    assert due(match, now=NOON + timedelta(seconds=39)) == {}
    assert due(match, now=NOON + timedelta(seconds=40)) != {}
    assert due(match, now=NOON + timedelta(seconds=30), interval=timedelta(seconds=30)) != {}

    make_collection(failure="wrong_key", started_at=NOON + HOUR, **call)
    assert due(match, now=NOON + HOUR + timedelta(minutes=9)) == {}
    assert due(match, now=NOON + HOUR + timedelta(minutes=10)) != {}


@pytest.mark.django_db
def test_nothing_is_asked_for_when_a_call_would_touch_the_reserve():
    match = over()
    make_collection(started_at=NOON - HOUR, credits_remaining=52, credits_used_this_month=448)
    assert due(match) != {}

    make_collection(started_at=NOON, credits_remaining=51, credits_used_this_month=449)

    assert due(match) == {}


@pytest.mark.django_db
def test_what_is_due_takes_four_queries_however_many_matches_wait(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    matches = [over(sport=make_sport(key=f"sport_{number % 5}")) for number in range(20)]

    with django_assert_num_queries(4):
        assert len(due(*matches)) == 5


@pytest.mark.django_db
def test_a_call_for_scores_does_not_move_the_schedule_of_odds():
    sport = make_sport(is_collected=True)
    make_collection(sport=sport, started_at=NOON)
    before = gate.due_at(sport, NOON, gate.terms_at(NOON))
    call = {"endpoint": "scores", "markets": [], "sport": sport}

    make_collection(started_at=NOON + HOUR, **call)
    stored = gate.due_at(sport, NOON, gate.terms_at(NOON))
    make_collection(
        started_at=NOON + 2 * HOUR, status="failed", failure="wrong_key", observed_at=None, **call
    )
    failed = gate.due_at(sport, NOON, gate.terms_at(NOON))

    assert before == stored == failed


@pytest.mark.django_db
def test_the_status_of_the_collector_is_about_odds():
    sport = make_sport(is_collected=True)
    make_collection(sport=sport, started_at=NOON - HOUR, matches_received=20)
    call = {"endpoint": "scores", "markets": [], "sport": sport, "credits_remaining": 478}
    make_collection(started_at=NOON - HOUR / 2, matches_received=1, **call)
    make_collection(
        started_at=NOON, status="failed", failure="unavailable", observed_at=None, **call
    )

    told = status(now=NOON)

    assert told["collector"]["status"] == "ok"
    assert told["collector"]["last_run"] == told["collector"]["last_success"] == NOON - HOUR
    assert told["collector"]["sports"][0]["matches"] == 20
    assert told["quota"]["remaining"] == 478  # a credit is a credit
