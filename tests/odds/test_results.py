"""Results: which source is believed, what a correction changes, and what repeats say nothing."""

import threading
import time
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoAssertNumQueries

from odds import results
from odds.models import Match, MatchResult
from tests.factories import NOON, make_match

HAND, FOOTBALL_DATA, ODDS_API = "hand", "football_data", "odds_api"
MINUTE = timedelta(minutes=1)


def say(match: Match, source: str, home: int | None, away: int | None, **given: Any) -> bool:
    """One statement, completed at noon unless told otherwise."""
    return results.record(
        match.pk,
        **{
            "source": source,
            "status": "completed",
            "home_score": home,
            "away_score": away,
            "observed_at": NOON,
        }
        | given,
    )


def take_back(match: Match, *, after: timedelta) -> bool:
    return say(match, HAND, None, None, status="scheduled", observed_at=NOON + after)


def standing(match: Match) -> tuple[str, int | None, int | None]:
    match.refresh_from_db()
    return match.status, match.home_score, match.away_score


@pytest.mark.django_db
def test_a_result_is_a_fact_and_stands_in_the_match():
    match = make_match()

    changed = say(match, ODDS_API, 2, 1)

    fact = MatchResult.objects.get()
    assert changed
    assert standing(match) == ("completed", 2, 1)
    assert (fact.match, fact.source, fact.observed_at, str(fact)) == (match, ODDS_API, NOON, "2–1")


@pytest.mark.django_db
def test_saying_it_again_adds_nothing():
    match = make_match()
    say(match, ODDS_API, 2, 1)

    changed = say(match, ODDS_API, 2, 1, observed_at=NOON + MINUTE)

    assert not changed
    assert MatchResult.objects.count() == 1


@pytest.mark.django_db
def test_a_source_corrects_itself():
    match = make_match()
    say(match, ODDS_API, 2, 1)

    changed = say(match, ODDS_API, 2, 2, observed_at=NOON + MINUTE)

    assert changed
    assert standing(match) == ("completed", 2, 2)
    assert MatchResult.objects.count() == 2


@pytest.mark.django_db
def test_an_older_statement_that_comes_late_is_kept_and_not_believed():
    match = make_match()
    say(match, FOOTBALL_DATA, 2, 1)

    changed = say(match, FOOTBALL_DATA, 1, 1, observed_at=NOON - MINUTE)

    assert not changed
    assert standing(match) == ("completed", 2, 1)
    assert MatchResult.objects.count() == 2


@pytest.mark.django_db
def test_a_whole_history_said_again_adds_nothing():
    match = make_match()
    history = [(NOON, 1), (NOON + MINUTE, 2), (NOON + 2 * MINUTE, 1)]

    for _again in range(2):
        for observed_at, goals in history:
            say(match, FOOTBALL_DATA, goals, 0, observed_at=observed_at)

    assert MatchResult.objects.count() == 3
    assert standing(match) == ("completed", 1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations([HAND, FOOTBALL_DATA, ODDS_API])))
def test_a_person_is_believed_before_football_data_before_the_odds_api(order: tuple[str, ...]):
    match = make_match()
    goals = {HAND: 3, FOOTBALL_DATA: 2, ODDS_API: 1}
    rank = [ODDS_API, FOOTBALL_DATA, HAND]

    for minute, source in enumerate(order):
        before = [rank.index(earlier) for earlier in order[:minute]]
        changed = say(match, source, goals[source], 0, observed_at=NOON + minute * MINUTE)
        assert changed == (rank.index(source) > max(before, default=-1))

    assert standing(match) == ("completed", 3, 0)
    assert MatchResult.objects.count() == 3


@pytest.mark.django_db
def test_confirming_by_hand_is_recorded_and_changes_nothing():
    match = make_match()
    say(match, ODDS_API, 2, 1)

    changed = say(match, HAND, 2, 1, by="owner", note="seen it", observed_at=NOON + MINUTE)

    assert not changed
    assert MatchResult.objects.get(source=HAND).recorded_by == "owner"


@pytest.mark.django_db
def test_a_person_takes_back_all_that_was_said_until_then():
    match = make_match()
    say(match, ODDS_API, 2, 1)
    say(match, HAND, 5, 0, observed_at=NOON + MINUTE)

    changed = take_back(match, after=2 * MINUTE)

    assert changed
    assert standing(match) == ("scheduled", None, None)
    assert MatchResult.objects.count() == 3


@pytest.mark.django_db
def test_after_a_result_was_taken_back_a_source_that_says_it_again_is_believed_again():
    match = make_match()
    say(match, HAND, 5, 0)
    say(match, ODDS_API, 2, 1)
    take_back(match, after=MINUTE)

    changed = say(match, ODDS_API, 2, 1, observed_at=NOON + 2 * MINUTE)

    assert changed
    assert standing(match) == ("completed", 2, 1)


@pytest.mark.django_db
def test_taking_back_twice_is_said_once():
    match = make_match()
    say(match, ODDS_API, 2, 1)
    take_back(match, after=MINUTE)

    assert not take_back(match, after=2 * MINUTE)
    assert MatchResult.objects.count() == 2


@pytest.mark.django_db
def test_an_abandoned_match_may_keep_its_score_and_a_postponed_one_has_none():
    match = make_match()

    say(match, HAND, 1, 0, status="abandoned")
    assert standing(match) == ("abandoned", 1, 0)

    say(match, HAND, None, None, status="postponed", observed_at=NOON + MINUTE)
    assert standing(match) == ("postponed", None, None)


@pytest.mark.parametrize(
    ("home", "away", "status", "source", "why"),
    [
        (1, None, "completed", HAND, "both scores or none"),
        (None, 0, "abandoned", HAND, "both scores or none"),
        (None, None, "completed", ODDS_API, "completed match needs both scores"),
        (-1, 0, "completed", HAND, "whole number from 0 to 9999"),
        (0, 10_000, "completed", HAND, "whole number from 0 to 9999"),
        (1, 0, "postponed", HAND, "has no score"),
        (1, 0, "scheduled", HAND, "has no score"),
        (None, None, "scheduled", ODDS_API, "Only a person"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_true_is_refused_and_leaves_nothing(
    home: int | None, away: int | None, status: str, source: str, why: str
):
    match = make_match()

    with pytest.raises(results.ResultRefusedError, match=why):
        say(match, source, home, away, status=status)

    assert not MatchResult.objects.exists()
    assert standing(match) == ("scheduled", None, None)


@pytest.mark.django_db
def test_a_result_of_no_match_is_refused():
    with pytest.raises(Match.DoesNotExist, match="no match with the id 404"):
        results.record(
            404, source=HAND, status="completed", home_score=1, away_score=0, observed_at=NOON
        )


def statement(match: Match, home: int, **given: Any) -> MatchResult:
    said = {"source": FOOTBALL_DATA, "status": "completed", "away_score": 0, "observed_at": NOON}
    return MatchResult(match=match, home_score=home, **said | given)


@pytest.mark.django_db
def test_many_are_recorded_in_as_many_queries_as_one(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    matches = [make_match() for _ in range(50)]

    with django_assert_num_queries(6):  # a savepoint around four
        new, changed = results.record_many(statement(match, 1) for match in matches)
    again, unchanged = results.record_many(statement(match, 1) for match in matches)

    assert len(new) == len(changed) == 50
    assert (again, unchanged) == ([], set())


@pytest.mark.django_db
def test_repeats_and_corrections_inside_one_batch_are_told_apart():
    match = make_match()

    new, _changed = results.record_many(
        [
            statement(match, 3, observed_at=NOON + 2 * MINUTE),
            statement(match, 1),
            statement(match, 1, observed_at=NOON + MINUTE),
        ]
    )

    assert [one.home_score for one in new] == [1, 3]
    assert standing(match) == ("completed", 3, 0)


@pytest.mark.django_db
def test_one_statement_that_cannot_be_true_keeps_the_whole_batch_out():
    match = make_match()

    with pytest.raises(results.ResultRefusedError):
        results.record_many([statement(match, 1), statement(make_match(), -1)])

    assert not MatchResult.objects.exists()


def wait_for_a_lock() -> None:
    """Until another session waits for this one."""
    with connection.cursor() as cursor:
        for _attempt in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_waits_and_then_sees_what_the_first_said():
    match = make_match()

    def write() -> None:
        say(match, ODDS_API, 1, 0)
        connections.close_all()

    second = threading.Thread(target=write)
    with transaction.atomic():
        say(match, HAND, 3, 0)
        second.start()
        wait_for_a_lock()
    second.join()

    assert standing(match) == ("completed", 3, 0)
    assert MatchResult.objects.count() == 2
    connections.close_all()
