"""axe-core on the pages: what the sidebar and the tabs lead to, and what those pages lead to."""

from collections.abc import Iterable
from urllib.parse import urljoin

import pytest
from django.http import HttpRequest
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, expect

from monps import navigation
from tests.e2e.flows.axe import findings
from tests.e2e.flows.conftest import AS_A_STRANGER, DESKTOP, ON_A_PHONE, PHONE
from tests.e2e.flows.watch import Watch
from tests.monps.test_error_pages import PAGES as ERROR_PAGES

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

PARTS = ["", "Strategies", "Collecting", "Running", "Settings"]
SWAGGER = "/api/docs/"  # a page of another project, for developers
BETTING, STRATEGIES = "/admin/betting/", "/admin/strategies/"
LISTED_APART = (
    f"{BETTING}opportunity/?show=rejected&kind=all",
    f"{BETTING}opportunity/?kind=spread",
    f"{BETTING}bet/?show=pending",
    f"{BETTING}betimport/",
    f"{BETTING}ledgerentry/",
    "/admin/odds/teamalias/",
    f"{STRATEGIES}nightlyrun/",
    "/admin/auth/group/",
)
FORMS = (
    f"{BETTING}bet/add/",
    f"{BETTING}betimport/add/",
    f"{STRATEGIES}backtest/add/?agent=sharp_reference",
    f"{STRATEGIES}proof/add/",
    f"{STRATEGIES}improvement/add/",
    "/admin/auth/user/add/",
    "/admin/odds/teamalias/add/",
)
MAIN = (
    "/admin/",
    f"{BETTING}opportunity/",
    f"{BETTING}bet/",
    f"{BETTING}account/",
    "/admin/odds/match/",
    "/admin/analyses/",
    "/admin/odds/budget/",
    f"{STRATEGIES}strategy/",
    "/admin/compare/",
    f"{STRATEGIES}improvement/",
    "/admin/system/",
)
FIRST_ROW = "#result_list a[href*='/change/']"


def request() -> HttpRequest:
    return RequestFactory().get("/")


def part_of_sidebar(title: str) -> list[str]:
    """The addresses of one part of the sidebar, in which the pages of another kind are left out."""
    with translation.override("en"):
        [part] = [one for one in navigation.sidebar(request()) if one.get("title", "") == title]
    return [item["link"] for item in part["items"] if item["link"] != SWAGGER]


def all_findings(page: Page, addresses: Iterable[str]) -> list[str]:
    """Of these pages, and of what the first row of each list leads to."""
    found = []
    for address in addresses:
        page.goto(address)
        first = page.locator(FIRST_ROW).first
        row = first.get_attribute("href") if first.count() else None
        found += findings(page)
        if row:
            page.goto(urljoin(page.url, row))
            found += findings(page)
    return found


@pytest.mark.parametrize("title", PARTS, ids=lambda title: title.lower() or "betting")
def test_no_page_of_the_sidebar_has_a_serious_finding(page: Page, title: str) -> None:
    assert all_findings(page, part_of_sidebar(title)) == []


def test_every_part_of_the_sidebar_is_looked_at() -> None:
    with translation.override("en"):
        assert [one.get("title", "") for one in navigation.sidebar(request())] == PARTS


@pytest.mark.parametrize("addresses", [LISTED_APART, FORMS], ids=["lists", "forms"])
def test_no_other_page_has_a_serious_finding(page: Page, addresses: tuple[str, ...]) -> None:
    assert all_findings(page, addresses) == []


@ON_A_PHONE
def test_no_main_page_has_a_serious_finding_on_a_phone(page: Page) -> None:
    assert all_findings(page, MAIN) == []


@ON_A_PHONE
def test_an_open_dialog_has_no_serious_finding(page: Page) -> None:
    page.goto(f"{BETTING}opportunity/")
    page.locator("[data-bet-dialog]").first.click()
    dialog = page.locator("#bet-dialog")
    dialog.locator("#id_stake").fill("0")
    dialog.get_by_role("button", name="Enregistrer le pari").click()
    expect(dialog.get_by_role("alert")).to_be_visible()

    assert findings(page) == []


def test_an_unfolded_row_has_no_serious_finding(page: Page) -> None:
    page.goto(f"{BETTING}opportunity/")
    page.locator("#opportunities").get_by_role("button", name="Pourquoi").first.click()
    expect(page.locator("[data-why] .mp-why").first).to_be_visible()

    assert findings(page) == []


@AS_A_STRANGER
@pytest.mark.parametrize("watched", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
def test_neither_the_sign_in_nor_its_refusal_has_a_serious_finding(page: Page) -> None:
    page.goto("/admin/")
    asked = findings(page)
    page.get_by_label("Nom d’utilisateur").fill("owner")
    page.get_by_label("Mot de passe").fill("not it")
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_text("Veuillez compléter correctement")).to_be_visible()

    assert asked + findings(page) == []


def test_a_page_that_is_not_there_has_no_serious_finding(page: Page, watch: Watch) -> None:
    watch.expect_status(404, "/admin/nowhere/")
    page.goto("/admin/nowhere/")
    expect(page.get_by_role("heading")).to_be_visible()

    assert findings(page) == []


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_no_error_page_has_a_serious_finding(page: Page, name: str) -> None:
    """Each at an address of its own, as not all of these errors can be had by asking."""
    with translation.override("fr"):
        body = get_template(name).render()
    page.route(f"**/{name}", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"/{name}")
    expect(page.get_by_role("heading")).to_be_visible()

    assert findings(page) == []


def test_the_open_menu_of_the_user_has_no_serious_finding(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_text("owner", exact=True).click()
    expect(page.locator("#logout-form").get_by_role("button")).to_be_visible()
    themes = page.get_by_text("Sombre", exact=True).locator("xpath=../..")

    assert findings(page) == []
    assert themes.evaluate("one => one.scrollWidth - one.clientWidth") == 0, "a word sticks out"
