"""Replays of made-up calendars; real ones are too slow for a test and are not in the repository."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odds.planner.forecast import listed_ahead
from odds.planner.planning import plan
from odds.planner.replay.calendars import (
    Fixture,
    Move,
    NoCalendarError,
    daily_refresh,
    moved,
    next_look,
    read_calendar,
)
from odds.planner.replay.measures import QUARTER, forecasts_of, losses_of, matches_of, months_of
from odds.planner.replay.original import POLICIES, run_fixed
from odds.planner.replay.provider import Answer, Conditions, Provider, month_start, next_month
from odds.planner.replay.running import Executor, Policy, run
from odds.planner.replay.scenarios import PLAIN, Scenario, busiest_days, play
from odds.planner.replay.tables import months_table, outcomes_table, sacrifices
from odds.planner.situation import Kind, PlanSettings, SportTerms
from tests.odds.planner.worlds import DAY, HOUR, MINUTE, shape

START = datetime(2026, 3, 1, tzinfo=UTC)
SPORTS = ("first", "second")
POLICY = Policy(
    sports=[SportTerms(key=sport, shape=shape()) for sport in SPORTS],
    reserve_percent=10,
    settings=PlanSettings(),
)


def fixture(name, at, *, sport="first", moves=(), listed=14 * DAY):
    return Fixture(
        match_id=name, sport=sport, listed_at=at - listed, first_kickoff=at, moves=tuple(moves)
    )


def weekends(count=4):
    """Ten matches a weekend in six slots, for each of two sports."""
    hours = (12, 14, 14, 14, 14, 16.5, 19, 38, 40, 43)
    return [
        fixture(f"{sport}-{week}-{place}", START + (week * 7 + 6) * DAY + hour * HOUR, sport=sport)
        for week in range(count)
        for sport in SPORTS
        for place, hour in enumerate(hours)
    ]


def measured(executor, calendar):
    matches = matches_of(calendar, executor.made)
    return matches, months_of(matches, executor.made)


def test_a_month_that_the_credits_cover_is_captured_whole_and_the_reserve_stays():
    calendar = weekends()

    executor = run(calendar, POLICY, Conditions(quota=200))

    matches, (month,) = measured(executor, calendar)
    assert all(match.is_within(QUARTER) for match in matches)
    assert month.closing_credits == month.slots == 4 * 2 * 7
    assert month.credits <= 180
    assert month.scans > 50


@settings(max_examples=5)
@given(st.integers(0, 1_000), st.sampled_from((20, 40, 500)))
def test_jumping_in_time_makes_the_calls_of_a_tick_each_minute(seed, quota):
    calendar = moved(weekends(1), share=0.5, seed=seed)
    conditions = Conditions(quota=quota, elsewhere=7, outages=[START + 7 * DAY])

    jumped = run(calendar, POLICY, conditions).made

    assert jumped == minute_by_minute(calendar, POLICY, conditions)


def minute_by_minute(calendar, policy, conditions):
    """A plain tick each minute: news, then a plan if there is cause, then whatever is due."""
    executor = Executor(policy=policy, provider=Provider(conditions=conditions))
    news = defaultdict(list)
    learned = [(one, *change) for one in calendar for change in one.learned()]
    for one, at, kickoff in learned:
        news[max(at, START)].append((one, kickoff))
    until = next_month(max(one.kickoff for one in calendar))
    now, pending = START, []
    while now < until:
        if now in news or now == daily_refresh(now):
            executor.learn(news.get(now, ()), now)
        if now == month_start(now):
            executor.remaining, executor.paused_until = executor.provider.remaining(now), None
        if now in news or now == month_start(now) or now == daily_refresh(now):
            is_played = any(at > now for at in executor.kickoffs.values())
            pending = list(executor.plan(now).calls) if is_played else []
        while pending and pending[0].at <= now:
            call = pending.pop(0)
            if now <= call.until and not executor.call(call, now):
                pending = list(executor.plan(now).calls)
        now += MINUTE
    return executor.made


def test_the_last_days_of_a_month_keep_credits_for_kick_offs_that_move():
    calendar = moved(weekends(), share=0.2, seed=5)

    executor = run(calendar, POLICY, Conditions(quota=130))

    matches, _months = measured(executor, calendar)
    losses = losses_of(matches, executor.made, executor.refusals)
    assert {loss.cause for loss in losses} <= {"moved", "too_late"}


def test_how_far_ahead_kick_offs_are_known_is_measured():
    leads = [6 * DAY] * 18 + [HOUR] * 2

    assert listed_ahead(leads, furthest=9 * DAY, believed=14 * DAY) == 6 * DAY
    assert listed_ahead(leads[:5], furthest=9 * DAY, believed=14 * DAY) == 9 * DAY
    assert listed_ahead([], furthest=40 * DAY, believed=14 * DAY) == 14 * DAY
    assert listed_ahead([], furthest=-DAY, believed=14 * DAY) == timedelta(0)


def test_lists_shorter_than_they_are_taken_to_be_do_not_starve_the_end_of_the_month():
    calendar = [replace(one, listed_at=one.first_kickoff - 5 * DAY) for one in weekends()]

    executor = run(calendar, POLICY, Conditions(quota=120))

    matches, _months = measured(executor, calendar)
    assert all(match.is_within(QUARTER) for match in matches)


def test_a_match_that_is_delayed_after_the_call_is_captured_by_a_second_call():
    at = START + 10 * DAY + 20 * HOUR
    delay = Move(listed_at=at - 3 * MINUTE, kickoff=at + 45 * MINUTE)
    calendar = [fixture("delayed", at, moves=[delay])]

    executor = run(calendar, POLICY, Conditions(quota=20))

    closing = [call.at for call in executor.made if call.kind == Kind.CLOSING]
    assert closing == [at - 5 * MINUTE, at + 40 * MINUTE]
    assert matches_of(calendar, executor.made)[0].lead == 5 * MINUTE


def test_a_day_of_outage_costs_its_matches_and_no_credits_and_is_named():
    calendar = weekends(2)
    day = START + 6 * DAY

    executor = run(calendar, POLICY, Conditions(quota=200, outages=[day]))

    matches, _months = measured(executor, calendar)
    losses = losses_of(matches, executor.made, executor.refusals)
    assert {loss.cause for loss in losses} == {"unavailable"}
    assert {loss.match.fixture.kickoff.date() for loss in losses} == {day.date()}
    failed = [call for call in executor.made if call.answer == Answer.UNAVAILABLE]
    assert sum(call.cost for call in failed) == 0
    tries = Counter(match_id for call in failed for match_id in call.match_ids)
    assert min(tries.values()) > 1  # again inside the window


def test_credits_spent_elsewhere_are_met_by_fewer_scans_not_fewer_closing_odds():
    calendar = weekends()

    alone = run(calendar, POLICY, Conditions(quota=200))
    shared = run(calendar, POLICY, Conditions(quota=200, elsewhere=60))

    (_, (before,)), (matches, (after,)) = measured(alone, calendar), measured(shared, calendar)
    assert all(match.is_within(QUARTER) for match in matches)
    assert after.scans < before.scans
    assert after.credits + 60 <= 180


def test_what_the_credits_do_not_cover_is_taken_from_the_last_sport_with_the_reason():
    calendar = weekends()

    executor = run(calendar, POLICY, Conditions(quota=40))

    matches, (month,) = measured(executor, calendar)
    losses = losses_of(matches, executor.made, executor.refusals)
    assert losses
    assert {loss.match.fixture.sport for loss in losses} == {"second"}
    assert {loss.cause for loss in losses} <= {"short", "kept"}
    assert month.scans == 0
    assert month.credits <= 36


def test_nothing_is_lost_without_a_reason():
    calendar = moved(weekends(), share=0.6, seed=3)
    executor = run(calendar, POLICY, Conditions(quota=40, outages=busiest_days(calendar)))

    matches, _months = measured(executor, calendar)
    losses = losses_of(matches, executor.made, executor.refusals)

    assert len(losses) == sum(not match.is_within(QUARTER) for match in matches)
    assert "unknown" not in {loss.cause for loss in losses}


@settings(max_examples=20)
@given(st.integers(0, 50))
def test_the_same_seed_moves_the_same_matches_about_as_many_as_asked_for(seed):
    calendar = weekends(20)

    one, other = (moved(calendar, share=0.2, seed=seed) for _ in range(2))

    assert one == other
    share = sum(bool(match.moves) for match in one) / len(one)
    assert 0.1 < share < 0.3
    for match in one:
        for move in match.moves:  # a delay may be listed late; nobody starts early unannounced
            assert move.kickoff > match.first_kickoff or move.listed_at < move.kickoff


def test_the_free_list_is_read_daily_and_every_five_minutes_near_a_kick_off():
    at = START + 20 * HOUR
    far = fixture("far", at, moves=[Move(listed_at=at - 5 * HOUR, kickoff=at + HOUR)])
    near = fixture("near", at, moves=[Move(listed_at=at - 61 * MINUTE, kickoff=at + HOUR)])

    assert [learned for learned, _kickoff in far.learned()][1] == START + 30 * HOUR
    assert [learned for learned, _kickoff in near.learned()][1] == at - 60 * MINUTE
    assert daily_refresh(START + 6 * HOUR) == START + 6 * HOUR
    assert next_look(at) == at


def test_the_originals_hours_ask_for_the_credits_its_contract_counts():
    calendar = [fixture("far", datetime(2026, 4, 30, 23, tzinfo=UTC), listed=70 * DAY)]
    unlimited = Conditions(quota=10_000)

    for policy, a_day in zip(POLICIES, (24, 18), strict=True):
        sports = ("first", "second", "third")
        listed = [
            Fixture(match_id=sport, sport=sport, listed_at=one.listed_at, first_kickoff=one.kickoff)
            for one in calendar
            for sport in sports
        ]
        calls = run_fixed(policy, listed, sports, unlimited)
        # 24 credits a day every three hours; 540 in 30 days at 10, 14 and 18 o'clock.
        assert sum(call.cost for call in calls) == a_day * 30
    out = run_fixed(POLICIES[0], listed, sports, Conditions(quota=500))
    assert sum(call.cost for call in out) == 500
    assert out[-1].answer == Answer.OUT_OF_CREDITS


def test_tables_show_every_scenario_and_what_it_cost():
    calendar = weekends(2)
    scarce = Scenario(name="scarce", quota=20)
    outcomes = [play(one, calendar, POLICY, quota=200, seed=1) for one in (PLAIN, scarce)]

    shown = [*months_table(outcomes[0].months), *outcomes_table(outcomes)]
    told = list(sacrifices(outcomes[0], outcomes[1], SPORTS))

    assert any("100.00%" in line for line in shown)
    assert any(line.startswith("scarce") for line in shown)
    assert "first" in told[1]
    assert any("short" in line and "second" in line for line in told)


def test_a_season_without_files_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(NoCalendarError, match=r"2024-2025_E0\.csv\.gz cannot be read"):
        read_calendar(tmp_path, [2024], known_days=14)


def test_a_plan_forecasts_to_the_credit_what_a_month_without_surprises_costs():
    calendar = weekends()
    policy = Policy(
        sports=POLICY.sports,
        reserve_percent=10,
        settings=PlanSettings(known_ahead=31 * DAY, has_scans=False),
    )
    known = [Fixture(match_id=one.match_id, sport=one.sport, listed_at=START - timedelta(days=9),
                     first_kickoff=one.first_kickoff) for one in calendar]  # fmt: skip
    executor = run(known, policy, Conditions(quota=200))

    first = Executor(policy=policy, provider=Provider(conditions=Conditions(quota=200)))
    first.remaining = 200
    first.learn([(one, one.first_kickoff) for one in known], START)
    forecast = plan(replace(first.situation(START), settings=policy.settings)).budget

    assert forecast.planned == sum(call.cost for call in executor.made)
    assert forecast.left_at_reset == 200 - executor.provider.used


def test_every_plan_of_a_month_foretells_what_its_calls_leave_whatever_becomes_known_or_moves():
    calendar = moved(weekends(6), share=0.3, seed=2)

    executor = run(calendar, POLICY, Conditions(quota=160, elsewhere=9))

    march = [(at, budget) for at, budget in executor.foretold if at.month == START.month]
    spent = sum(call.cost for call in executor.made if call.at.month == START.month)
    assert march[0][0] == START
    assert march[0][1].unknown_closings > 0  # not all was known when it was foretold
    assert {budget.left_at_reset for _at, budget in march} == {160 - spent - 9} == {16}
    assert march[-1][1].is_certain


def test_forecasts_are_counted_against_what_the_calls_of_their_month_cost():
    calendar = weekends(2)
    executor = run(calendar, POLICY, Conditions(quota=100))
    (_at, wrong), *others = executor.foretold
    told = [(START, replace(wrong, remaining=wrong.remaining + 1, is_certain=True)), *others]

    found = forecasts_of(told, executor.made, 100)

    assert found.first == (0, 1)
    assert found.certain[0] == found.certain[1] - 1
    assert found.all[1] == len(told)
