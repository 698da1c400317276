from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odds.planner.planning import plan
from odds.planner.plans import Reason
from odds.planner.situation import (
    Account,
    AwaitedResult,
    Kind,
    PlanSettings,
    SportState,
)
from tests.odds.planner.worlds import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    RESET,
    SPORTS,
    kickoffs,
    situation,
    situations,
)

WINDOW, LEAD = 15 * MINUTE, MINUTE
steady = settings(max_examples=60)  # not a test of the machine's speed


def captured(made):
    return sum(len(call.match_ids) for call in made.calls if call.kind == Kind.CLOSING)


@steady
@given(situations())
def test_calls_never_cost_more_than_can_be_spent(given_situation):
    made = plan(given_situation)

    account = given_situation.account
    cost = sum(call.cost for call in made.calls)
    budget = made.budget
    assert cost == budget.planned <= max(0, account.remaining - account.reserve)
    held = budget.unknown_closings + budget.later_scans
    assert cost + held <= max(0, account.remaining - account.reserve)
    assert min(budget.unknown_closings, budget.safety, budget.later_scans) >= 0
    assert budget.left_at_reset == account.remaining - cost - held


@steady
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_does_not_matter(given_situation, random):
    shuffled = [list(given_situation.kickoffs), list(given_situation.awaited)]
    for rows in shuffled:
        random.shuffle(rows)

    other = replace(given_situation, kickoffs=shuffled[0], awaited=shuffled[1])

    assert plan(other) == plan(given_situation)


@steady
@given(situations(), st.integers(1, 50))
def test_more_credits_never_capture_fewer_closing_odds(given_situation, more):
    account = given_situation.account
    richer = replace(given_situation, account=replace(account, remaining=account.remaining + more))

    assert captured(plan(richer)) >= captured(plan(given_situation))


@steady
@given(situations())
def test_every_coming_match_is_captured_planned_or_refused_with_a_reason_once(given_situation):
    made = plan(given_situation)

    told = Counter(
        match_id
        for one in (*made.calls, *made.not_planned)
        if one.kind == Kind.CLOSING
        for match_id in one.match_ids
    )
    expected = set()
    for one in given_situation.kickoffs:
        answered = given_situation.state_of(one.sport).answered_at
        if one.at > NOW and not (answered and one.at - WINDOW <= answered):
            expected.add(one.match_id)
    assert told == Counter(expected)


@steady
@given(situations())
def test_closing_calls_lie_in_the_window_of_each_of_their_matches(given_situation):
    by_id = {one.match_id: one for one in given_situation.kickoffs}
    start = max(NOW, given_situation.paused_until or NOW)

    for call in plan(given_situation).calls:
        if call.kind == Kind.CLOSING:
            assert start <= call.at <= call.until < RESET
            for match_id in call.match_ids:
                match = by_id[match_id]
                assert match.sport == call.sport
                assert match.at - WINDOW <= call.at <= call.until <= match.at - LEAD


@steady
@given(situations())
def test_scans_keep_the_minimum_interval_from_every_other_call_of_their_sport(given_situation):
    made = plan(given_situation)

    interval = given_situation.settings.minimum_interval
    for sport in SPORTS:
        calls = [c for c in made.calls if c.sport == sport and c.kind != Kind.RESULTS]
        answered = given_situation.state_of(sport).answered_at
        for one in calls:
            if one.kind == Kind.SCAN:
                others = [other.at for other in calls if other is not one]
                others += [answered] if answered else []
                assert all(abs(one.at - other) >= interval for other in others)
                assert NOW < one.at < RESET
                assert one.value > 0


@steady
@given(situations())
def test_whatever_is_said_makes_a_whole_sentence(given_situation):
    made = plan(given_situation)

    for one in (*made.calls, *made.not_planned):
        assert one.sentence.endswith(".")
        assert "%(" not in one.sentence


SLOTS = st.lists(st.integers(2, 70), max_size=4)


@steady
@given(st.tuples(SLOTS, SLOTS), st.integers(0, 5))
def test_no_other_choice_of_calls_captures_more_by_the_sports_priority(minutes, credits_left):
    sports = ("first", "second")
    coming = [
        one for sport, at in zip(sports, minutes, strict=True) for one in kickoffs(sport, *at)
    ]

    made = plan(situation(coming, spendable=credits_left, sports=sports))

    per_sport = Counter()
    for call in made.calls:
        if call.kind == Kind.CLOSING:
            per_sport[call.sport] += len(call.match_ids)
    ours = tuple(per_sport[sport] for sport in sports)
    assert ours == best_by_priority(minutes, credits_left)


def best_by_priority(minutes, calls):
    """The most matches of the first sport, then of the second, by trying every set of calls."""
    first, second = (
        [most_covered(kick_offs, n) for n in range(calls + 1)] for kick_offs in minutes
    )
    return max((first[one], second[calls - one]) for one in range(calls + 1))


def most_covered(kick_offs, calls):
    instants = every_last_instant(kick_offs)
    sets = combinations(instants, min(calls, len(instants)))
    return max(covers(kick_offs, chosen) for chosen in sets)


def every_last_instant(kick_offs):
    """A call can be put off to the last instant of one of its matches without losing any."""
    return sorted({at - 1 for at in kick_offs})


def covers(kick_offs, calls):
    return sum(any(at - 15 <= call <= at - 1 for call in calls) for at in kick_offs)


def test_one_call_captures_kick_offs_a_few_minutes_apart_and_leaves_room_to_try_again():
    made = plan(situation(kickoffs("first", 600, 610), settings=PlanSettings(has_scans=False)))

    (call,) = made.calls
    assert call.match_ids == ("first-0", "first-1")
    assert call.at == NOW + 595 * MINUTE  # covers the second from 595 on
    assert call.until == NOW + 599 * MINUTE
    assert call.numbers["matches"] == 2


def test_what_a_call_captured_is_not_asked_for_again_unless_the_kick_off_moves():
    answered = {"first": SportState(answered_at=NOW - 5 * MINUTE)}
    off = PlanSettings(has_scans=False)

    assert not plan(situation(kickoffs("first", 5), states=answered, settings=off)).calls
    (again,) = plan(situation(kickoffs("first", 30), states=answered, settings=off)).calls

    assert again.kind == Kind.CLOSING


def test_after_a_failure_the_window_is_used_to_try_again():
    failed = {"first": SportState(failed_at=NOW, failures_in_a_row=9)}

    (call,) = plan(
        situation(kickoffs("first", 4), states=failed, settings=PlanSettings(has_scans=False))
    ).calls

    assert (call.at, call.until) == (NOW + MINUTE, NOW + 3 * MINUTE)


def test_a_pause_costs_only_the_windows_that_close_in_it():
    made = plan(
        situation(
            kickoffs("first", 20, 40),
            paused_until=NOW + 25 * MINUTE,
            settings=PlanSettings(has_scans=False),
        )
    )

    assert [call.match_ids for call in made.calls] == [("first-1",)]
    refused = [(one.reason, one.match_ids) for one in made.not_planned if one.match_ids]
    assert refused == [(Reason.PAUSED, ("first-0",))]


def test_a_kick_off_a_few_seconds_away_is_too_late():
    made = plan(situation(kickoffs("first", 0, since=NOW + timedelta(seconds=30))))

    assert Reason.TOO_LATE in {one.reason for one in made.not_planned}
    assert not [call for call in made.calls if call.kind == Kind.CLOSING]


def test_kick_offs_after_the_reset_wait_for_its_credits():
    minutes = int((RESET - NOW) / MINUTE)
    made = plan(situation(kickoffs("first", minutes, minutes + 1, minutes + 60)))

    # At the reset itself the call is made before; a minute later it would be made at the reset.
    assert [call.match_ids for call in made.calls if call.kind == Kind.CLOSING] == [("first-0",)]
    (waiting,) = (one for one in made.not_planned if one.reason == Reason.AFTER_RESET)
    assert waiting.match_ids == ("first-1", "first-2")


def test_credits_are_kept_for_higher_priority_kick_offs_that_are_not_known_yet():
    coming = kickoffs("first", 600) + kickoffs("second", 700, 900)
    halfway = PlanSettings(known_ahead=7 * DAY)

    made = plan(situation(coming, spendable=6, sports=SPORTS[:2], settings=halfway))

    assert [call.sport for call in made.calls if call.kind == Kind.CLOSING] == ["first"]
    assert {one.reason for one in made.not_planned if one.sport == "second"} >= {Reason.KEPT}
    everything = plan(situation(coming, spendable=6, sports=SPORTS[:2]))
    assert captured(everything) == 3


def test_a_month_start_leaves_credits_for_its_unknown_end():
    start = RESET - 31 * DAY
    known = kickoffs("first", *(1_100 + 1_440 * day for day in range(14)), since=start)

    made = plan(
        situation(
            known,
            spendable=60,
            sports=("first",),
            now=start,
            settings=PlanSettings(known_ahead=14 * DAY),
        )
    )

    # A slot a day so far, so about 17 more in the 17 days to come.
    assert made.budget.closings == 14
    assert 15 <= made.budget.unknown_closings <= 18
    assert made.budget.safety > 0
    assert made.budget.later_scans > 0
    assert made.budget.scans > 0


def test_results_are_paid_for_only_without_a_free_source_and_together():
    awaited = [
        AwaitedResult(match_id=name, sport=sport, kickoff=NOW + at, has_free_source=is_free)
        for name, sport, at, is_free in (
            ("early", "first", -4 * HOUR, False),
            ("late", "first", 2 * HOUR, False),
            ("free", "second", -4 * HOUR, True),
            ("old", "third", -4 * DAY, False),
        )
    ]

    made = plan(situation([], awaited=awaited))

    (call,) = made.calls
    assert (call.kind, call.match_ids, call.cost) == (Kind.RESULTS, ("early", "late"), 2)
    assert call.at == NOW + 5 * HOUR  # three hours after the later one
    assert {one.reason: one.match_ids for one in made.not_planned} == {
        Reason.FREE_SOURCE: ("free",),
        Reason.TOO_OLD: ("old",),
    }


def test_closing_odds_come_before_results_and_results_before_scans():
    awaited = [
        AwaitedResult(match_id="r", sport="first", kickoff=NOW - 5 * HOUR, has_free_source=False)
    ]
    coming = kickoffs("first", 600)

    def kinds(credits_left):
        return {
            call.kind
            for call in plan(situation(coming, spendable=credits_left, awaited=awaited)).calls
        }

    assert kinds(0) == set()
    assert kinds(1) == {Kind.CLOSING}
    assert kinds(3) == {Kind.CLOSING, Kind.RESULTS}
    assert kinds(4) == {Kind.CLOSING, Kind.RESULTS}  # the fourth in case the kick-off moves
    assert kinds(5) == {Kind.CLOSING, Kind.RESULTS, Kind.SCAN}


def test_the_slider_spreads_scans_over_more_sports():
    busy = kickoffs("first", *range(2_000, 4_000, 100), 9_000)
    coming = busy + kickoffs("second", 3_000)

    def scans(freshness):
        chosen = PlanSettings(freshness=freshness, known_ahead=31 * DAY)
        made = plan(situation(coming, spendable=30, sports=SPORTS[:2], settings=chosen))
        return Counter(call.sport for call in made.calls if call.kind == Kind.SCAN)

    assert scans(0)["second"] > scans(1)["second"]
    assert scans(0).total() == scans(1).total()


def test_credits_that_differ_from_the_forecast_change_the_plan_and_nothing_else_does():
    coming = kickoffs("first", 600, 800, 1_000)
    given_situation = situation(coming, spendable=10)

    before = plan(given_situation)
    after = plan(
        replace(given_situation, account=Account(remaining=52, reserve=50, resets_at=RESET))
    )

    assert plan(given_situation) == before
    assert captured(before) == 3
    assert captured(after) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"resets_at": NOW}, "reset lies ahead"),
        ({"sports": ("first", "first")}, "named once"),
    ],
)
def test_a_situation_that_cannot_be_is_refused_in_a_sentence(change, message):
    with pytest.raises(ValueError, match=message):
        situation([], **change)
