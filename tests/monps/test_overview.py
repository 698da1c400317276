"""The first page: what it proposes, what it lists, and that it asks no more with more history."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from betting.models import Bet, StakingSettings
from monps import overview
from odds.models import Bookmaker, Sport
from tests.factories import (
    NOON,
    make_account,
    make_bet,
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_ENGLISH = {"accept-language": "en"}


def playable() -> Bookmaker:
    return make_bookmaker("winamax_fr", is_playable=True)


def shown(client: Client) -> str:
    return client.get("/admin/", headers=IN_ENGLISH).content.decode()


def test_the_three_values_with_the_highest_expected_edge_are_proposed() -> None:
    match = make_match(commence_time=NOON + 2 * HOUR)
    for line, claimed, expected in ((1.5, 9, 2), (2.5, 8, 4), (3.5, 3, 3), (4.5, 2, 1)):
        make_opportunity(
            match=match, market="totals", outcome="over", line=line,
            best_bookmaker=playable(), edge_pct=claimed, shrunk_edge_pct=expected,
        )  # fmt: skip

    best = overview.read(NOON).best

    assert [one.found.shrunk_edge_pct for one in best] == [4, 3, 2]


@pytest.mark.parametrize(
    "given",
    [
        {"best_bookmaker": "betclic_fr"},
        {"kind": "spread"},
        {"rejection": "stale"},
        {"closed_at": NOON, "closing": "expired"},
        {"begins": NOON},
    ],
    ids=["not playable", "a spread", "rejected", "closed", "kicked off"],
)
def test_only_open_values_where_the_user_can_bet_are_proposed(given: dict[str, Any]) -> None:
    match = make_match(commence_time=given.pop("begins", NOON + HOUR))
    bookmaker = given.pop("best_bookmaker", None)
    at = make_bookmaker(bookmaker) if bookmaker else playable()
    make_opportunity(match=match, best_bookmaker=at, **given)
    make_opportunity(outcome="away", match=make_match(), best_bookmaker=playable())

    best = overview.read(NOON).best

    assert [one.found.outcome for one in best] == ["away"]


def test_values_are_counted_by_where_they_can_be_had() -> None:
    match = make_match()
    make_opportunity(match=match, outcome="home", best_bookmaker=playable())
    make_opportunity(match=match, outcome="draw")
    make_opportunity(match=match, outcome="away", rejection="stale")
    make_opportunity(match=match, outcome="home", kind="spread")

    on_offer = overview.read(NOON).on_offer

    assert (on_offer.number, on_offer.playable, on_offer.rejected) == (2, 1, 1)


@pytest.mark.parametrize(("minutes", "is_old"), [(9, False), (11, True)])
def test_a_price_seen_long_ago_asks_for_another_look(minutes: int, is_old: bool) -> None:
    seen_at = NOON - timedelta(minutes=minutes)
    make_opportunity(best_bookmaker=playable(), price_seen_at=seen_at)

    assert overview.read(NOON).best[0].is_old is is_old


def test_how_old_a_price_may_be_is_a_setting() -> None:
    StakingSettings.objects.create(old_price_minutes=12)
    make_opportunity(best_bookmaker=playable(), price_seen_at=NOON - timedelta(minutes=11))
    assert not overview.read(NOON).best[0].is_old

    StakingSettings.objects.update(old_price_minutes=10)
    assert overview.read(NOON).best[0].is_old


def test_five_active_bets_are_listed_the_next_to_begin_first() -> None:
    make_account("1000", at=NOON - DAY)
    for hours in (5, 1, 4, 2, 6, -1):
        make_bet(match=make_match(commence_time=NOON + hours * HOUR))
    make_bet("won", match=make_match(commence_time=NOON - 2 * HOUR))
    make_bet(match=make_match(commence_time=NOON), is_paper=True)

    page = overview.read(NOON)

    begin = [(one.bet.commence_time - NOON) / HOUR for one in page.bets]
    assert begin == [-1, 1, 2, 4, 5]
    assert [one.has_begun for one in page.bets] == [True, False, False, False, False]
    assert page.figures.pending == 6


def test_a_proposal_leads_to_its_form_for_who_may_bet(desk: Client) -> None:
    match = make_match(commence_time=timezone.now() + HOUR)
    found = make_opportunity(match=match, best_bookmaker=playable())
    form = f"{reverse('admin:betting_bet_add')}?opportunity={found.pk}"
    looker = User.objects.create(username="looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_opportunity"))
    other = Client()
    other.force_login(looker)

    assert f'href="{form}"' in shown(desk)
    assert f'href="{form}"' not in shown(other)
    assert desk.get(form).status_code == 200


def no_sport() -> None:
    Sport.objects.all().delete()


def no_match() -> None:
    make_sport(is_collected=True)


def nothing_playable() -> None:
    make_sport(is_collected=True)
    make_opportunity(match=make_match(commence_time=timezone.now() + HOUR))


def nothing_found() -> None:
    make_sport(is_collected=True)
    make_match(commence_time=timezone.now() + HOUR)


@pytest.mark.parametrize(
    ("make", "said", "name"),
    [
        (no_sport, "Nothing is collected yet", "odds_sport"),
        (no_match, "No coming match is known", "odds_collection"),
        (nothing_playable, "No value where you can bet", "odds_bookmaker"),
        (nothing_found, "No value on offer right now", "betting_detectionsettings"),
    ],
)
def test_without_a_proposal_the_page_says_why_and_leads_on(
    desk: Client, make: Callable[[], None], said: str, name: str
) -> None:
    make()

    page = shown(desk)

    assert said in page
    assert f'class="mp-button" href="{reverse(f"admin:{name}_changelist")}"' in page


def test_the_way_in_leads_to_the_first_page_by_the_sign_in(desk: Client) -> None:
    assert desk.get("/", follow=True).redirect_chain == [("/admin/", 302)]

    stranger = Client().get("/", follow=True)

    assert stranger.request["PATH_INFO"] == reverse("admin:login")
    assert stranger.status_code == 200


def test_what_is_refreshed_is_asked_for_by_the_page_while_it_is_seen(desk: Client) -> None:
    page = shown(desk)

    assert 'hx-trigger="every 60s [!document.hidden]' in page
    assert page.count('id="overview"') == 1


def make_history(number: int) -> None:
    """As many of everything, old and new."""
    now = timezone.now()
    sports = [make_sport(key=f"soccer_{index}", is_collected=True) for index in range(3)]
    for index in range(number):
        begins = now + HOUR * (index - number // 2) + HOUR / 2
        match = make_match(commence_time=begins, sport=sports[index % 3])
        make_opportunity(match=match, best_bookmaker=playable(), price_seen_at=now)
        make_quote("2.0", "3.5", "4.0", match=match, seen_at=now)
        make_collection(sport=sports[index % 3], started_at=now - HOUR * (index + 1))
        make_bet("won" if index % 2 else "", match=match, at=now - HOUR, placed_at=now - HOUR)


def test_the_page_asks_no_more_with_more_history_and_reads_no_quotes(desk: Client) -> None:
    make_account("1000", at=timezone.now() - DAY)
    counts = []
    for number in (4, 20):
        make_history(number)
        with CaptureQueriesContext(connection) as queries:
            shown(desk)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 35
    assert Bet.objects.count() == 24
    asked = " ".join(query["sql"] for query in queries.captured_queries)
    assert '"opportunities"' in asked
    assert [name for name in ("quotes", "latest_quotes") if f'"{name}"' in asked] == []
