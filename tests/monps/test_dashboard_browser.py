"""The first page in a real browser: it refreshes itself, keeps its charts, and admits failing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests import chromium as browsers
from tests.factories import make_account, make_bet, make_bookmaker, make_match, make_opportunity

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
IS_PAINTED = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    .data.some((value, index) => index % 4 === 3 && value > 0)"""

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

chromium = browsers.chromium


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console called an error."""
    return []


@pytest.fixture
def page(
    chromium: Browser, live_server: LiveServer, complaints: list[str], request: Any
) -> Iterator[Page]:
    """The first page of a bettor with a past, an active bet and a value on offer."""
    now = timezone.now()
    make_account("1000", at=now - timedelta(days=9))
    for days in (3, 2, 1):
        at = now - timedelta(days=days)
        make_bet("won" if days % 2 else "lost", settled_at=at, at=at)
    make_bet(match=make_match(commence_time=now + timedelta(hours=3)), at=now)
    playable = make_bookmaker("winamax_fr", is_playable=True)
    coming = make_match(commence_time=now + timedelta(hours=2))
    make_opportunity(match=coming, best_bookmaker=playable, first_seen_at=now)
    owner = User.objects.create(username="owner", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(owner)
    size: Any = getattr(request, "param", DESKTOP)
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport=size)
    context.set_default_timeout(30_000)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/admin/")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


@pytest.mark.parametrize("page", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
def test_both_charts_are_drawn_and_nothing_hangs_over_the_edge(
    page: Page, complaints: list[str]
) -> None:
    assert [canvas.evaluate(IS_PAINTED) for canvas in page.locator("canvas").all()] == [True] * 2
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []


def test_it_shows_what_happened_meanwhile_and_keeps_what_was_open(
    page: Page, complaints: list[str]
) -> None:
    page.get_by_text("The numbers behind it").click()
    page.locator("#bankroll-canvas").evaluate("node => { node.marked = true }")
    expect(page.locator("#card-4 strong")).to_have_text("1")

    make_bet(match=make_match(commence_time=timezone.now() + timedelta(hours=1)))
    page.evaluate(LOOK_AGAIN)

    expect(page.locator("#card-4 strong")).to_have_text("2")
    expect(page.get_by_text("Graded by a closing line", exact=True)).to_be_visible()
    assert page.locator("#bankroll-canvas").evaluate("node => node.marked") is True
    assert page.locator("#bankroll-canvas canvas").evaluate(IS_PAINTED)
    assert complaints == []


def test_the_ring_is_drawn_anew_when_its_numbers_change(page: Page, complaints: list[str]) -> None:
    make_bet("lost")
    page.evaluate(LOOK_AGAIN)

    expect(page.locator("#endings-words li b")).to_have_text(["2", "2", "1"])
    page.wait_for_function(
        """() => Chart.getChart(document.querySelector("#endings-canvas canvas"))
            .data.datasets[0].data.join() === "2,2,1" """
    )
    assert complaints == []


def test_a_hidden_page_asks_for_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hide = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => {} })"
    page.evaluate(hide.replace("{}", "true"))

    page.evaluate(LOOK_AGAIN)
    page.wait_for_timeout(300)
    assert asked == []

    page.evaluate(hide.replace("{}", "false"))
    with page.expect_response("**/admin/"):
        page.evaluate(LOOK_AGAIN)


def test_a_failed_refresh_leaves_the_page_and_says_so(page: Page) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=500, body="down")

    page.route("**/admin/", fail)
    page.evaluate(LOOK_AGAIN)

    expect(page.get_by_role("status")).to_contain_text("could not be refreshed")
    expect(page.locator("#card-1")).to_be_visible()


def test_who_was_signed_out_meanwhile_is_led_to_the_sign_in(page: Page) -> None:
    Session.objects.all().delete()

    page.evaluate(LOOK_AGAIN)

    expect(page.locator("#id_username")).to_be_visible()
