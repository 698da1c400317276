"""The list of opportunities in a real browser: it stays live, and a bet is placed from it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from betting.models import Bet, Opportunity
from odds.models import Match
from tests.betting.looks import FOUND, detect_at, look, make_bookmakers
from tests.e2e import test_pages
from tests.factories import make_account, make_bookmaker, make_match, make_opportunity

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

chromium, complaints, page = test_pages.chromium, test_pages.complaints, test_pages.page
BOTH = pytest.mark.parametrize(
    "page", [test_pages.DESKTOP, test_pages.PHONE], indirect=True, ids=["desktop", "phone"]
)
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
HIDE = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })"


@pytest.fixture
def match() -> Match:
    User.objects.create_superuser("owner", password="a good password")
    make_account("1000")
    return make_match(
        home_team="Lens", away_team="Lille", commence_time=timezone.now() + timedelta(hours=5)
    )


@pytest.fixture
def found(match: Match) -> Opportunity:
    return make_opportunity(
        match=match,
        best_bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True),
        price_seen_at=timezone.now(),
    )


def opened(page: Page, query: str = "") -> Page:
    test_pages.sign_in(page)
    page.goto(f"/admin/betting/opportunity/{query}")
    page.wait_for_load_state("networkidle")
    return page


@BOTH
def test_it_shows_what_came_meanwhile_and_keeps_what_was_unfolded(
    page: Page, match: Match, found: Opportunity, complaints: list[str]
) -> None:
    opened(page, "?odds_min=1.5")
    unfold = page.locator("#opportunities .data-row [role=button]").first
    unfold.focus()
    page.keyboard.press("Enter")
    expect(unfold).to_have_attribute("aria-expanded", "true")
    panel = page.locator(f"#why-{found.pk}")
    expect(panel.locator(".mp-lead")).to_be_visible()

    make_opportunity(match=match, outcome="away", edge_pct=1.0, price_seen_at=timezone.now())
    page.evaluate(LOOK_AGAIN)

    expect(page.locator("#opportunities .data-row")).to_have_count(2)
    expect(panel.locator(".mp-lead")).to_be_visible()
    expect(page.locator("[data-why]:visible")).to_have_count(1)
    expect(page.locator("#opportunities [aria-expanded=true]")).to_have_count(1)
    assert page.url.endswith("?odds_min=1.5")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []


def test_a_hidden_page_asks_for_nothing(page: Page, found: Opportunity) -> None:
    opened(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(HIDE)

    page.evaluate(LOOK_AGAIN)
    page.wait_for_timeout(300)

    assert asked == []


def test_a_failed_refresh_leaves_the_list_and_says_so(page: Page, found: Opportunity) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=500, body="down")

    opened(page)
    page.route("**/admin/betting/opportunity/", fail)
    page.evaluate(LOOK_AGAIN)

    expect(page.locator("#opportunities-stale")).to_be_visible()
    expect(page.locator("#opportunities .data-row")).to_have_count(1)


def test_the_countdown_runs_and_an_old_price_turns_orange(page: Page, found: Opportunity) -> None:
    opened(page)
    clock = page.locator("#opportunities time[data-countdown]")
    age = page.locator("#opportunities time[data-age]")
    expect(clock).not_to_have_class("mp-countdown is-soon")

    page.evaluate("const now = Date.now(); Date.now = () => now + 4.5 * 36e5")
    page.evaluate(f"{HIDE}; {LOOK_AGAIN}")

    expect(clock).to_have_class("mp-countdown is-soon")
    expect(age).to_have_class("mp-age is-old")
    expect(age).to_contain_text("4 h")


@pytest.mark.parametrize("page", [test_pages.PHONE], indirect=True, ids=["phone"])
def test_the_whole_panel_fits_a_phone(page: Page, complaints: list[str]) -> None:
    User.objects.create_superuser("owner", password="a good password")
    now = timezone.now()
    make_bookmakers()
    look(FOUND, at=now - timedelta(seconds=30), kick_off=now + timedelta(hours=3))
    detect_at(now)
    test_pages.sign_in(page)
    page.goto(f"/admin/betting/opportunity/{Opportunity.objects.get(kind='value').pk}/change/")

    expect(page.locator(".mp-guards li")).to_have_count(6)
    expect(page.locator(".mp-why tbody tr")).to_have_count(3 + 5)  # references, bookmakers
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []


@BOTH
def test_a_bet_is_placed_in_the_dialog_once(
    page: Page, found: Opportunity, complaints: list[str]
) -> None:
    opened(page)
    page.locator("[data-bet-dialog]").click()
    dialog = page.locator("#bet-dialog")
    expect(dialog).to_be_visible()

    dialog.locator("#id_stake").fill("10")
    expect(dialog.locator("[data-sum=payout]")).to_have_text("23,00\xa0€")
    dialog.locator("button[type=submit]").dblclick()

    link = dialog.locator(".mp-placed a")
    expect(link).to_be_visible()
    bet = Bet.objects.get()
    assert link.get_attribute("href") == f"/admin/betting/bet/{bet.pk}/change/"
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    dialog.locator(".mp-placed button").click()
    expect(dialog).to_be_hidden()
    assert complaints == []


def test_a_refused_bet_stays_in_the_dialog_and_its_sums_still_run(
    page: Page, found: Opportunity, complaints: list[str]
) -> None:
    opened(page)
    page.locator("[data-bet-dialog]").click()
    dialog = page.locator("#bet-dialog")
    dialog.locator("#id_stake").fill("0")
    dialog.locator("button[type=submit]").click()

    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.locator("#id_stake").fill("20")
    expect(dialog.locator("[data-sum=payout]")).to_have_text("46,00\xa0€")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert not Bet.objects.exists()
    assert complaints == []
