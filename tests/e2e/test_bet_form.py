"""A person in a real browser records a bet: what it would pay, and that it is recorded once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from betting.models import Bet, Opportunity
from tests.e2e import test_pages
from tests.factories import make_bookmaker, make_match, make_opportunity

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

chromium, complaints, page = test_pages.chromium, test_pages.complaints, test_pages.page
BOTH = pytest.mark.parametrize(
    "page", [test_pages.DESKTOP, test_pages.PHONE], indirect=True, ids=["desktop", "phone"]
)


@pytest.fixture
def found() -> Opportunity:
    User.objects.create_superuser("owner", password="a good password")
    make_bookmaker("betfair_ex_eu", title="Betfair", commission=Decimal("0.05"))
    now = timezone.now()
    return make_opportunity(
        match=make_match(
            home_team="Lens", away_team="Lille", commence_time=now + timedelta(hours=5)
        ),
        best_bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True),
        first_seen_at=now,
    )


def opened(page: Page, found: Opportunity) -> Page:
    test_pages.sign_in(page)
    page.goto(f"/admin/betting/bet/add/?opportunity={found.pk}")
    return page


def sums(page: Page) -> dict[str, str]:
    shown = page.locator("[data-sum]").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.dataset.sum, one.textContent]))"
    )
    return {name: text.replace("\xa0", " ") for name, text in shown.items()}


@BOTH
def test_what_the_bet_would_pay_follows_what_is_typed(
    page: Page, found: Opportunity, complaints: list[str]
) -> None:
    opened(page, found)

    page.locator("#id_stake").fill("10")
    back = sums(page)
    page.locator("#id_odds").fill("2.10")
    shorter = sums(page)
    page.locator("#id_bookmaker").select_option(label="Betfair")
    page.locator("#id_side").select_option("lay")
    laid = sums(page)

    # 2.30 × 10; fair 0.45: 0.45 × 2.30 − 1 = 3.5 %. At 2.10: 21, −5.5 %. Laid at 2.10 with 5 %
    # commission: 11 at risk, 10 − 0.50 to gain, and no edge of the back bet is told.
    assert back == {"payout": "23,00 €", "profit": "+13,00 €", "risk": "−10,00 €", "edge": "+3,5 %"}
    assert (shorter["payout"], shorter["edge"]) == ("21,00 €", "−5,5 %")
    assert laid == {"payout": "20,50 €", "profit": "+9,50 €", "risk": "−11,00 €", "edge": "–"}
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []


def test_a_line_is_asked_for_where_the_market_has_one(page: Page, found: Opportunity) -> None:
    opened(page, found)

    expect(page.locator("#id_line")).to_be_hidden()
    page.locator("#id_wager").select_option("totals:over")
    expect(page.locator("#id_line")).to_be_visible()
    page.locator("#id_wager").select_option("other:other")

    expect(page.locator("#id_line")).to_be_hidden()
    expect(page.locator("#id_selection")).to_be_visible()


def test_a_double_click_records_one_bet(
    page: Page, found: Opportunity, complaints: list[str]
) -> None:
    opened(page, found)
    page.locator("#id_stake").fill("10")

    page.locator("#bet-form button[type=submit]").dblclick()
    # Not `wait_for_url`: the second click may give up the first one's navigation.
    expect(page).to_have_url(re.compile(r"/change/$"))

    assert Bet.objects.count() == 1
    assert complaints == []


def test_a_match_is_found_by_typing_a_part_of_its_name(page: Page, found: Opportunity) -> None:
    test_pages.sign_in(page)
    page.goto("/admin/betting/bet/add/")

    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").fill("lil")
    page.locator(".select2-results__option", has_text="Lens – Lille").click()

    expect(page.locator("#id_match")).to_have_value(str(found.match_id))
