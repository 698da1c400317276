"""The list of opportunities: its filters, its running times, its bands, and what a row unfolds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from betting.admin.clock_text import countdown, price_age
from betting.admin.opportunity_filters import days_of
from betting.models import Opportunity
from odds.models import Match
from tests.betting.bet_desk import a_reader
from tests.betting.looks import EVEN, FOUND, detect_at, look, make_bookmakers
from tests.factories import make_bookmaker, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db

LIST = "/admin/betting/opportunity/"
HOUR = timedelta(hours=1)


def listed(client: Client, query: str = "") -> list[Opportunity]:
    return list(client.get(LIST + query).context["cl"].result_list)


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return str(page.content.decode())


@pytest.fixture
def detected() -> list[Opportunity]:
    """5 % above Pinnacle's even prices, found just now in a match that begins in three hours."""
    make_bookmakers()
    now = timezone.now()
    look(FOUND, at=now - timedelta(seconds=30), kick_off=now + 3 * HOUR)
    detect_at(now)
    return list(Opportunity.objects.filter(kind="value"))


def test_numbers_narrow_down_by_edge_and_by_odds(desk: Client, coming: Match) -> None:
    small = make_opportunity(match=coming, edge_pct=2.0, best_odds=Decimal("1.80"))
    large = make_opportunity(match=coming, outcome="away", edge_pct=4.5, best_odds=Decimal("3.10"))

    assert listed(desk, "?edge_min=2") == [large, small]
    assert listed(desk, "?edge_min=2.1") == [large]
    assert listed(desk, "?edge_min=2,1") == [large]
    assert listed(desk, "?odds_max=2") == [small]
    assert listed(desk, "?odds_min=1.8&odds_max=3.09") == [small]
    assert listed(desk, "?odds_min=4") == []


@pytest.mark.parametrize("typed", ["abc", "nan", "inf", "1e99", "--1"])
def test_what_is_no_number_filters_nothing_and_says_so(
    desk: Client, found: Opportunity, typed: str
) -> None:
    page = desk.get(LIST, {"edge_min": typed})

    assert list(page.context["cl"].result_list) == [found]
    assert f"“{typed}” is not a number, so it filters nothing." in page.content.decode()


def test_a_typed_number_keeps_the_other_filters(desk: Client, found: Opportunity) -> None:
    page = text_of(desk, f"{LIST}?kind=all&odds_min=1.5&p=1")

    form = page.partition('class="mp-bounds"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="kind" value="all">' in form
    assert '<input type="hidden" name="odds_min" value="1.5">' in form
    assert 'name="edge_min" value=""' in form
    assert 'name="p"' not in form


@pytest.mark.parametrize(
    ("now", "period", "first", "after"),
    [
        # Paris is one hour ahead of UTC in winter, two in summer.
        ("2026-11-21T12:00", "today", "2026-11-20T23:00", "2026-11-21T23:00"),
        ("2026-11-21T23:30", "today", "2026-11-21T23:00", "2026-11-22T23:00"),
        ("2026-11-21T12:00", "tomorrow", "2026-11-21T23:00", "2026-11-22T23:00"),
        # 21 November 2026 is a Saturday: its week ends with the 22nd.
        ("2026-11-21T12:00", "week", "2026-11-20T23:00", "2026-11-22T23:00"),
        ("2026-11-23T12:00", "week", "2026-11-22T23:00", "2026-11-29T23:00"),
        # The days on which the clocks change have 25 and 23 hours.
        ("2026-10-25T12:00", "today", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-03-29T12:00", "today", "2026-03-28T23:00", "2026-03-29T22:00"),
    ],
)
def test_days_are_the_users(now: str, period: str, first: str, after: str) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert days_of(period, utc(now)) == (utc(first), utc(after))


def test_a_period_lists_what_begins_in_it(desk: Client) -> None:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    first = make_opportunity(match=make_match(commence_time=now + timedelta(seconds=20)))
    make_opportunity(match=make_match(commence_time=midnight + timedelta(days=40)))
    next_day = make_opportunity(
        match=make_match(commence_time=midnight + timedelta(days=1, hours=12))
    )

    assert next_day in listed(desk, "?when=tomorrow")
    assert first not in listed(desk, "?when=tomorrow")
    assert len(listed(desk, "?when=all")) == 3
    assert len(listed(desk, "?when=nonsense")) == 3
    assert len(listed(desk, "?when=week")) < 3


def test_a_sport_lists_its_leagues_and_another_one_forgets_the_league(desk: Client) -> None:
    later = timezone.now() + HOUR
    league = make_sport(key="soccer_epl", title="EPL", group="Soccer", is_collected=True)
    court = make_sport(key="tennis_atp", title="ATP", group="Tennis", is_collected=True)
    football = make_opportunity(match=make_match(sport=league, commence_time=later))
    tennis = make_opportunity(match=make_match(sport=court, commence_time=later))

    page = desk.get(f"{LIST}?group=Soccer&sport=soccer_epl")

    assert listed(desk, "?group=Soccer") == [football]
    assert listed(desk, "?group=Tennis") == [tennis]
    specs = {spec.parameter_name: spec for spec in page.context["cl"].filter_specs}
    assert [key for key, _title in specs["sport"].lookup_choices] == ["soccer_epl"]
    links = {
        str(choice["display"]): choice["query_string"]
        for choice in specs["group"].choices(page.context["cl"])
    }
    assert links == {"All": "?", "Football": "?group=Soccer", "Tennis": "?group=Tennis"}


def test_bookmakers_that_offer_something_can_be_chosen_the_playable_first(
    desk: Client, coming: Match
) -> None:
    make_bookmaker("idle", title="Idle")
    make_opportunity(match=coming, best_bookmaker=make_bookmaker("a", title="Another"))
    make_opportunity(
        match=coming,
        outcome="away",
        best_bookmaker=make_bookmaker("w", title="Winamax", is_playable=True),
    )

    page = desk.get(LIST)

    specs = {spec.parameter_name: spec for spec in page.context["cl"].filter_specs}
    assert specs["bookmaker"].lookup_choices == [("w", "Winamax ★"), ("a", "Another")]


def test_counting_the_choices_breaks_nothing(desk: Client, found: Opportunity) -> None:
    assert desk.get(f"{LIST}?_facets=True").status_code == 200


@pytest.mark.parametrize(
    ("left", "words", "is_soon"),
    [
        (timedelta(seconds=-1), "kicked off", True),
        (timedelta(seconds=59), "in &lt; 1 min", True),
        (timedelta(minutes=59, seconds=59), "in 59 min", True),
        (timedelta(hours=1), "in 1 h 00", False),
        (timedelta(hours=47, minutes=59), "in 47 h 59", False),
        (timedelta(hours=48), "in 2 d", False),
    ],
)
def test_the_countdown_is_red_in_the_last_hour(
    left: timedelta, words: str, *, is_soon: bool
) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with translation.override("en"):
        written = countdown(now + left, now)

    assert f">{words}</time>" in written
    assert ("is-soon" in written) is is_soon
    assert f'datetime="{(now + left).isoformat()}"' in written


def test_an_old_price_is_marked() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    old = timedelta(minutes=10)

    assert "is-old" not in price_age(now - old, now, old=old)
    assert "is-old" in price_age(now - old - timedelta(seconds=1), now, old=old)


def test_the_list_refreshes_its_own_part_and_keeps_its_address(
    desk: Client, found: Opportunity
) -> None:
    page = text_of(desk, f"{LIST}?kind=all&odds_min=1.5")

    assert 'hx-get="/admin/betting/opportunity/?kind=all&amp;odds_min=1.5"' in page
    assert 'hx-trigger="every 30s [!document.hidden]' in page
    assert 'hx-select="#opportunities"' in page


def test_a_row_says_what_other_methods_would_claim(
    desk: Client, detected: list[Opportunity]
) -> None:
    (row,) = listed(desk)

    # Pinnacle holds both sides to be even, and no method can see that otherwise.
    assert row == detected[0]
    assert row.band == pytest.approx((0.05, 0.05))  # type: ignore[attr-defined]
    assert "methods +5.0%" in text_of(desk, LIST)


def test_a_skewed_market_has_a_band(desk: Client) -> None:
    make_bookmakers()
    now = timezone.now()
    skewed = dict.fromkeys(("soft0", "soft1", "soft2"), (1.45, 2.50))
    quotes = skewed | {"pinnacle": (1.50, 2.60), "brave": (1.70, 2.10)}
    look(quotes, at=now - timedelta(seconds=30), kick_off=now + 3 * HOUR)
    detect_at(now)

    row: Any = next(row for row in listed(desk) if row.outcome == "home")

    first, second = 1 / 1.50, 1 / 2.60
    assert row.band[0] == pytest.approx(first / (first + second) * 1.70 - 1)
    assert row.band[0] < row.edge_pct / 100 <= row.band[1] + 1e-12


def test_the_panel_explains_the_price_with_its_numbers(
    desk: Client, detected: list[Opportunity]
) -> None:
    page = text_of(desk, f"{LIST}{detected[0].pk}/why/")

    assert "<html" not in page
    assert "Claimed edge: 50.000% × 2.10 − 1 = +5.00%" in page
    assert "Expected after shrinkage: 50% × +5.00% = +2.50%" in page
    assert "5 bookmakers offer the outcome, at least 3 are needed" in page
    assert "it is the reference" in page
    assert "failed" not in page
    assert "The market has moved" not in page


def test_the_panel_says_which_guard_refused(desk: Client) -> None:
    make_bookmakers()
    now = timezone.now()
    look(
        FOUND,
        at=now - timedelta(seconds=30),
        kick_off=now + 3 * HOUR,
        source_ages={"brave": timedelta(minutes=45)},
    )
    detect_at(now)
    (row,) = listed(desk, "?show=rejected")

    page = text_of(desk, f"{LIST}{row.pk}/why/")

    assert "Its own update was 45 min old when seen; at most 30 are allowed." in page
    assert page.count('class="is-failed"') == 1
    assert "Bookmaker&#x27;s update too old" in text_of(desk, f"{LIST}?show=rejected")


def test_the_panel_says_that_the_market_has_moved_since(
    desk: Client, detected: list[Opportunity]
) -> None:
    now = timezone.now()
    look(EVEN | {"brave": (2.06, 1.80)}, at=now, kick_off=now + 3 * HOUR)

    page = text_of(desk, f"{LIST}{detected[0].pk}/why/")

    assert "The market has moved since the last detection" in page
    assert "Claimed edge: 50.000% × 2.06 − 1 = +3.00%" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"closing": "withdrawn"}, "It is over, and the market has moved on."),
        ({}, "This price is no longer offered"),
    ],
)
def test_where_there_is_nothing_to_explain_the_panel_says_why(
    desk: Client, found: Opportunity, given: dict[str, str], sentence: str
) -> None:
    if given:
        Opportunity.objects.update(closed_at=timezone.now(), **given)

    assert sentence in text_of(desk, f"{LIST}{found.pk}/why/")


def test_the_panel_is_for_those_who_may_look(found: Opportunity) -> None:
    stranger = a_reader("view_bet")

    assert stranger.get(f"{LIST}{found.pk}/why/").status_code == 403
    assert Client().get(f"{LIST}{found.pk}/why/").status_code == 302


def test_an_unknown_one_has_no_panel(desk: Client) -> None:
    assert desk.get(f"{LIST}999/why/").status_code == 404


def queries_of(client: Client, address: str) -> int:
    text_of(client, address)  # session and content types are warm then
    with CaptureQueriesContext(connection) as asked:
        text_of(client, address)
    return len(asked)


def test_more_opportunities_ask_no_more_questions(
    desk: Client, detected: list[Opportunity]
) -> None:
    few = queries_of(desk, f"{LIST}?kind=all")
    later = timezone.now() + HOUR
    for number in range(8):
        match = make_match(sport=make_sport(key=f"soccer_{number}"), commence_time=later)
        make_opportunity(match=match, best_bookmaker=make_bookmaker(f"b{number}"))

    assert queries_of(desk, f"{LIST}?kind=all") == few
    assert few <= 12


def test_the_panel_asks_few_questions(desk: Client, detected: list[Opportunity]) -> None:
    assert queries_of(desk, f"{LIST}{detected[0].pk}/why/") <= 8
