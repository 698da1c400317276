"""The page Budget API: what its calendar, its numbers and its slider say, and what it costs."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from betting.models import ClosingLine
from monps.budget import calendar, page, purchases, slider, text
from monps.budget.page import BudgetPage
from odds.budget import situation as budget_situation
from odds.budget import stored
from odds.models import Collection, Match, PlannedCall, PlannerSettings, Sport
from odds.planner import planning
from odds.planner.plans import NotPlanned, Reason
from odds.planner.situation import Kind
from tests.factories import (
    NOON,
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_sport,
)

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WINDOW = 15 * MINUTE
IN_ENGLISH = {"accept-language": "en"}


@pytest.fixture
def league() -> Sport:
    """A collected sport, with the planner on."""
    PlannerSettings.objects.create(pk=1, is_on=True)
    return make_sport(title="Premier League", is_collected=True)


def put_in_force(now: datetime = NOON) -> None:
    stored.save(planning.plan(budget_situation.read(now)), fingerprint="")


def read(now: datetime = NOON, **given: str) -> BudgetPage:
    return page.read(now, page.asked(given, now))


def shown(client: Client, **query: str) -> str:
    answer = client.get(reverse("budget"), query, headers=IN_ENGLISH)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def parts_of(found: BudgetPage, on: date) -> list[tuple[str, str, int, int]]:
    (day,) = [day for week in found.month.weeks for day in week if day.on == on]
    return [(part.kind, part.state, part.number, part.cost) for part in day.parts]


def missed(sport: Sport, at: datetime = NOON - HOUR) -> PlannedCall:
    return PlannedCall.objects.create(
        sport=sport, kind="closing", endpoint="odds", at=at, until=at + WINDOW,
        kickoff=at + WINDOW, cost=0, match_ids=["one"], reason="not_running", status="missed",
        planned_at=at - DAY, ended_at=at + WINDOW,
    )  # fmt: skip


def test_a_day_counts_its_calls_by_kind_and_adds_up_their_credits(league: Sport) -> None:
    make_collection(sport=league, reason="closing", started_at=NOON - 4 * HOUR, credits_used=2)
    make_collection(sport=league, reason="closing", started_at=NOON - 3 * HOUR, credits_used=2)
    make_collection(sport=league, reason="scan", started_at=NOON - 2 * HOUR, credits_used=1)
    make_collection(sport=league, endpoint="scores", reason="results", credits_used=2)
    make_collection(sport=league, endpoint="events", reason="kickoffs", credits_used=0)
    make_collection(sport=league, source="replay", reason="replay")
    missed(league)

    assert parts_of(read(), NOON.date()) == [
        ("closing", "made", 2, 4),
        ("results", "made", 1, 2),
        ("scan", "made", 1, 1),
        ("closing", "missed", 1, 0),
    ]


def test_a_day_begins_at_midnight_in_the_users_zone(league: Sport) -> None:
    # 23:30 UTC on the 20th is 00:30 on the 21st in Paris, in winter.
    make_collection(sport=league, started_at=datetime.fromisoformat("2026-11-20T23:30:00Z"))

    with override_settings(TIME_ZONE="Europe/Paris"), timezone.override("Europe/Paris"):
        found = read(day="2026-11-21")

    assert parts_of(found, date(2026, 11, 21)) == [("scan", "made", 1, 1)]
    assert len(found.calls) == 1


def test_weeks_go_from_monday_to_sunday_and_only_days_of_the_month_have_calls(
    league: Sport,
) -> None:
    make_collection(sport=league, started_at=NOON.replace(month=10, day=31))

    weeks = read().month.weeks

    assert all([day.on.weekday() for day in week] == list(range(7)) for week in weeks)
    assert sum(day.is_inside for week in weeks for day in week) == 30
    assert sum(len(day.parts) for week in weeks for day in week) == 0
    assert [day.on for week in weeks for day in week if day.is_today] == [NOON.date()]


def test_planned_calls_are_those_of_the_plan_in_force(league: Sport) -> None:
    make_match(sport=league, commence_time=NOON + DAY)
    put_in_force()

    found = read(day="2026-11-22")

    (closing,) = [call for call in found.calls if call.kind == Kind.CLOSING]
    assert closing.state == calendar.PLANNED
    assert timedelta(0) < NOON + DAY - closing.at <= WINDOW
    assert "Premier League" in closing.reason
    assert "22 Nov 2026" in closing.reason
    planned = PlannedCall.objects.filter(status="planned")
    assert found.outlook.planned == sum(call.cost for call in planned)


def test_numbers_are_the_accounts_when_calls_were_made_since_the_plan(league: Sport) -> None:
    make_match(sport=league, commence_time=NOON + DAY)
    put_in_force()
    make_collection(sport=league, credits_remaining=300, credits_used_this_month=200)

    outlook = read(NOON + MINUTE).outlook

    assert outlook.remaining == 300
    assert outlook.left_at_reset == 300 - outlook.planned - outlook.unknown - outlook.later


def test_the_chart_ends_at_the_reset_with_what_is_expected_to_be_left(league: Sport) -> None:
    make_match(sport=league, commence_time=NOON + DAY)
    make_collection(sport=league, credits_remaining=400)
    put_in_force()

    found = read()

    assert found.chart is not None
    planned = found.chart["planned"]
    assert planned[0][1] == 400
    assert planned[-1] == (found.chart["end"], found.outlook.left_at_reset)
    assert planned[-2][1] == pytest.approx(found.outlook.left_at_reset, abs=0.5)
    assert [at for at, _left in planned] == sorted(at for at, _left in planned)
    assert [left for _at, left in planned] == sorted((one[1] for one in planned), reverse=True)


def test_a_call_bought_what_came_after_it_and_before_the_next(league: Sport) -> None:
    first = make_collection(sport=league, started_at=NOON, quotes_received=9, quotes_stored=9)
    second = make_collection(sport=league, started_at=NOON + 10 * MINUTE)
    match = make_match(sport=league, commence_time=NOON + 20 * MINUTE)
    other = make_match(sport=make_sport(key="other"), commence_time=NOON + 20 * MINUTE)
    make_opportunity(match=match, first_seen_at=NOON + MINUTE)
    make_opportunity(match=match, first_seen_at=NOON + MINUTE, outcome="away", rejection="stale")
    make_opportunity(match=match, first_seen_at=NOON + 11 * MINUTE, outcome="draw")
    make_opportunity(match=other, first_seen_at=NOON + MINUTE)
    make_opportunity(match=match, first_seen_at=NOON + 2 * HOUR, market="totals", outcome="over")

    bought = purchases.read([second, first], window=WINDOW)

    assert (bought[first.pk].opportunities, bought[first.pk].quotes_changed) == (1, 9)
    assert bought[second.pk].opportunities == 1


def test_a_closing_is_captured_by_the_call_that_last_saw_it_inside_the_window(
    league: Sport,
) -> None:
    kickoff = NOON + 10 * MINUTE
    early = make_collection(sport=league, started_at=kickoff - HOUR)
    late = make_collection(sport=league, started_at=NOON)
    for seen in (early, late, late):
        match = make_match(sport=league, commence_time=kickoff)
        for reference in ("pinnacle", "consensus"):
            ClosingLine.objects.create(
                match=match, market="h2h", reference=reference, source="quotes",
                fair_1=0.4, fair_x=0.3, fair_2=0.3, seen_at=seen.observed_at, kickoff_at=kickoff,
                minutes_before_kickoff=(kickoff - seen.started_at) / MINUTE, captured_at=kickoff,
            )  # fmt: skip

    bought = purchases.read([early, late], window=WINDOW)

    assert bought[late.pk].closings == 2
    assert bought[early.pk].closings == 0


def test_failed_and_missed_calls_say_so(league: Sport) -> None:
    make_collection(
        sport=league, status="failed", failure="unavailable", observed_at=None, credits_used=None
    )
    missed(league)

    found = {call.state: call for call in read().calls}

    assert found["made"].outcome == "Unavailable"
    assert found["missed"].outcome == "Missed"
    assert "not running" in found["missed"].reason


def test_refusals_of_one_reason_are_one_sentence_with_the_first_kick_off() -> None:
    def refused(hours: int, *match_ids: str, sport: str = "epl") -> NotPlanned:
        kickoff = NOON + hours * HOUR
        numbers: dict[str, Any] = {
            "kickoff": kickoff, "matches": len(match_ids), "lead": MINUTE, "until": kickoff,
        }  # fmt: skip
        return NotPlanned(
            sport=sport, kind=Kind.CLOSING, reason=Reason.TOO_LATE, numbers=numbers,
            match_ids=match_ids,
        )  # fmt: skip

    told = text.refusals(
        [refused(5, "b", "c"), refused(2, "a"), refused(1, "d", sport="other")], {"epl": "League"}
    )

    assert len(told) == 2
    assert "League at 21 Nov 2026, 15:00 (matches: 1)" in told[0].sentence  # Paris: UTC + 1
    assert told[0].more == "1 more kick-off for the same reason (matches: 2)."
    assert told[1].more == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (0.0123, "0.012"), (0.5, "0.5"), (9.96, "10"), (13.24, "13.2"), (120.4, "120")],
)
def test_expectations_have_two_digits_or_more(value: float, said: str) -> None:
    assert text.expected(value) == said


def test_the_slider_shows_both_sides_and_saves_nothing(desk: Client, league: Sport) -> None:
    for hours in range(2, 40, 3):
        make_match(sport=league, commence_time=timezone.now() + hours * HOUR)

    told = shown(desk, position="4")

    assert "Save “Fresher odds”" in told
    assert "Balanced" in told
    assert PlannerSettings.current().freshness_percent == 50


def test_the_two_sides_of_the_slider_differ_by_its_position_only(league: Sport) -> None:
    make_match(sport=league, commence_time=NOON + DAY)
    situation = budget_situation.read(NOON)

    same = slider.read(situation, chosen=0.5, titles={})
    other = slider.read(situation, chosen=1.0, titles={})

    assert not same.is_changed
    assert same.saved == same.chosen
    assert other.is_changed
    assert other.saved.closings == other.chosen.closings == 1


def test_saving_the_slider_is_confirmed_and_undone_by_moving_back(
    desk: Client, league: Sport
) -> None:
    address = reverse("budget")

    saved = desk.post(address, {"position": "4"}, headers=IN_ENGLISH, follow=True)

    assert PlannerSettings.current().freshness_percent == 100
    assert "to undo, move back to Balanced" in saved.content.decode()
    desk.post(address, {"position": "2"})
    assert PlannerSettings.current().freshness_percent == 50
    assert PlannerSettings.current().is_on


@pytest.mark.parametrize("position", ["", "5", "-1", "2.5", "²", "9" * 400])
def test_a_position_that_does_not_exist_is_refused(
    desk: Client, league: Sport, position: str
) -> None:
    told = desk.post(reverse("budget"), {"position": position}, headers=IN_ENGLISH, follow=True)

    assert "Nothing was saved" in told.content.decode()
    assert PlannerSettings.current().freshness_percent == 50


def test_who_may_only_look_cannot_save_and_who_may_not_sees_nothing(league: Sport) -> None:
    guest = User.objects.create(username="guest", is_staff=True)
    client = Client()
    client.force_login(guest)
    assert client.get(reverse("budget")).status_code == 403

    guest.user_permissions.add(Permission.objects.get(codename="view_collection"))

    assert "Save “" not in shown(client, position="4")
    assert client.post(reverse("budget"), {"position": "4"}).status_code == 403
    assert PlannerSettings.current().freshness_percent == 50


@pytest.mark.parametrize(
    "query",
    [
        {"day": "2026-02-30"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"month": "2026-13"},
        {"month": "x"}, {"day": "\x00"}, {"position": "x"}, {"month": "2000-01"},
    ],
)  # fmt: skip
def test_an_address_with_nonsense_opens_the_page(desk: Client, query: dict[str, str]) -> None:
    shown(desk, **query)


def test_another_month_opens_at_its_first_day_and_has_no_plan(league: Sport) -> None:
    make_match(sport=league, commence_time=NOON + DAY)
    put_in_force()
    make_collection(sport=league, started_at=NOON.replace(month=10, day=1))

    found = read(month="2026-10")

    assert found.day == date(2026, 10, 1)
    assert found.month.cost == 1
    assert found.month.after == date(2026, 11, 1)
    assert read().month.after is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ODDS_API_KEY": ""}, "There is no key for The Odds API"),
        ({"ODDS_API_KEY": "key"}, "No sport is collected"),
    ],
)
def test_an_empty_page_says_what_to_do(desk: Client, given: dict[str, str], said: str) -> None:
    with override_settings(**given):
        assert said in shown(desk)


def test_without_sports_all_credits_are_expected_to_be_left() -> None:
    outlook = read().outlook

    assert outlook.left_at_reset == outlook.remaining == 500


def test_without_kick_offs_it_says_so(desk: Client, league: Sport) -> None:
    with override_settings(ODDS_API_KEY="key"):
        assert "No kick-off is known yet" in shown(desk)


def test_on_the_simulated_market_it_says_that_nothing_is_planned(desk: Client) -> None:
    make_match(sport=make_sport(is_collected=True), commence_time=timezone.now() + DAY)

    with override_settings(ODDS_API_KEY="key", SIMULATED=True):
        assert "shows what would be planned" in shown(desk)
    assert not PlannedCall.objects.exists()


def test_it_is_shown_in_french(desk: Client, league: Sport) -> None:
    make_match(sport=league, commence_time=timezone.now() + 2 * HOUR)
    with translation.override(None):
        answer = desk.get(reverse("budget"), headers={"accept-language": "fr"})

    assert answer.status_code == 200
    assert 'lang="fr"' in answer.content.decode()


def test_it_asks_the_database_no_more_with_more_history(desk: Client, league: Sport) -> None:
    def grow(days: int) -> None:
        now = timezone.now()
        for number in range(days):
            sport = make_sport(key=f"sport_{days}_{number}", is_collected=True)
            make_bookmaker(f"book_{days}_{number}")
            make_match(sport=sport, commence_time=now + (number + 1) * HOUR)
            begun = make_match(sport=sport, commence_time=now - (number + 1) * MINUTE)
            call = make_collection(sport=sport, reason="closing", started_at=now - number * MINUTE)
            make_opportunity(match=begun, first_seen_at=call.started_at)
            row = missed(sport, at=now - (number + 1) * MINUTE)
            PlannedCall.objects.filter(pk=row.pk).update(collection=call)
        PlannedCall.objects.filter(status="planned").delete()
        put_in_force(now)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shown(desk, position="4")
        return len(captured)

    grow(2)
    few = queries()
    grow(9)

    assert Collection.objects.count() == 11
    assert Match.objects.count() == 22
    assert queries() == few
