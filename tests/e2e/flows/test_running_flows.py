"""What governs the bets, in French: strategies, their improvements, the credits, the settings."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.flows.conftest import ON_A_PHONE, are_charts_drawn

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

STRATEGIES = "/admin/strategies/"
PATIENCE_MILLISECONDS = 60_000
SLIDE = "(slider, position) => { slider.value = position; htmx.trigger(slider, 'change') }"


def test_a_strategy_is_found_in_the_ranking_and_compared_with_another(page: Page) -> None:
    page.goto(f"{STRATEGIES}strategy/")
    ranked = page.locator("#result_list tbody tr").filter(has_text="n = ").filter(has_text="v1")
    expect(ranked.first).to_contain_text("Reference move")
    ranked.first.get_by_role("link", name="Reference move").first.click()
    expect(page.get_by_role("heading", name="Reference move").first).to_be_visible()
    assert are_charts_drawn(page)

    page.goto("/admin/compare/")
    page.get_by_label("Première stratégie").select_option("Buchdahl")
    page.get_by_label("Seconde stratégie").select_option("Reference move")
    page.get_by_role("button", name="Comparer", exact=True).click()

    sides = page.get_by_role("region", name="Côte à côte").first
    expect(sides).to_contain_text("Buchdahl")
    expect(sides).to_contain_text("Reference move")
    expect(page.locator(".mp-verdict p").first).not_to_be_empty()


def chosen(page: Page, *names: str) -> None:
    """Tick these rows of a list."""
    for name in names:
        row = page.locator("#result_list tbody tr").filter(has_text=name)
        row.locator("input.action-select").check()


def do(page: Page, action: str) -> None:
    page.locator("select[name=action]").select_option(action)
    page.get_by_role("button", name="Exécuter").click()


def number_of(page: Page, status: str) -> Locator:
    tabs = page.get_by_role("navigation", name="Statut")
    return tabs.get_by_role("link", name=status).locator("small")


@ON_A_PHONE
def test_improvements_are_tested_together_archived_with_a_reason_and_taken_back(
    page: Page,
) -> None:
    page.goto(f"{STRATEGIES}improvement/")
    page.get_by_role("navigation", name="Statut").get_by_role("link", name="Proposée").click()
    page.locator("#searchbar").fill("favoris")
    page.locator("#searchbar").press("Enter")
    rows = page.locator("#result_list .action-select")
    expect(rows).to_have_count(2)
    chosen(page, "Kaunitz", "Dixon–Coles")
    do(page, "Test")
    expect(number_of(page, "En test")).to_have_text("3")

    page.goto(f"{STRATEGIES}improvement/?q=favoris")
    chosen(page, "Kaunitz")
    do(page, "Archiver, avec une raison")
    page.get_by_label("Motif").fill("Trop peu de matchs")
    page.get_by_role("button", name="Archiver", exact=True).click()
    expect(number_of(page, "Archivée")).to_have_text("2")
    page.goto(f"{STRATEGIES}improvement/?q=favoris")
    chosen(page, "Kaunitz")
    do(page, "Reprendre des archives")
    expect(number_of(page, "Archivée")).to_have_text("1")

    page.goto(f"{STRATEGIES}improvement/")
    page.get_by_role("link", name=re.compile("^Reference move")).first.click()
    progress = page.get_by_role("progressbar", name="Matchs comparés")
    expect(progress).to_have_attribute("aria-valuenow", "30")  # 90 matches of 300
    assert are_charts_drawn(page)


def test_the_worker_runs_a_backtest_while_the_page_tells_how_far_it_is(page: Page) -> None:
    page.goto(f"{STRATEGIES}backtest/add/?agent=sharp_reference")
    page.get_by_label("Premier jour").fill("01/09/2020")
    page.get_by_label("Dernier jour").fill("31/05/2021")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Lancer le backtest").click()

    expect(page.get_by_role("progressbar", name="Progression")).to_be_visible()
    page.locator("canvas").first.wait_for(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator("#content-main")).to_contain_text("+15,0\xa0%")  # 6 x 1.30 - 6 on 12


def test_the_slider_shows_what_it_trades_before_it_is_saved(page: Page) -> None:
    page.goto("/admin/odds/budget/")
    slider = page.get_by_label("Position")
    trade = page.locator("#trade")
    saved = trade.locator("thead small").first.inner_text()
    expect(trade.get_by_role("columnheader", name="Ensuite")).to_have_count(0)
    last = slider.get_attribute("max")

    slider.evaluate(SLIDE, last)
    then = trade.get_by_role("columnheader", name="Ensuite")
    expect(then).to_be_visible()
    other = then.locator("small").inner_text()
    assert other != saved
    page.reload()
    expect(trade.locator("thead small").first).to_have_text(saved)  # nothing was written

    slider.evaluate(SLIDE, last)
    trade.get_by_role("button", name=re.compile("Enregistrer")).click()
    expect(page.locator("#slider h2 small")).to_have_text(other)
    expect(page.get_by_role("table", name="Appels faits et prévus, par jour")).to_be_visible()


@ON_A_PHONE
def test_a_setting_is_refused_in_one_sentence_or_in_force_at_once(page: Page) -> None:
    page.goto("/admin/settings/")
    page.get_by_role("link", name="Modifier Réglages de détection").click()
    edge = page.locator("#id_minimum_edge_pct")
    edge.fill("70")
    save(page)
    expect(page.locator(".field-minimum_edge_pct, .errors").first).to_contain_text("50")
    expect(page.get_by_text("inférieure ou égale à 50")).to_be_visible()

    edge.fill("1.5")
    save(page)
    page.goto("/admin/settings/")
    row = page.get_by_role("row").filter(has_text="Avantage minimal (%)").first
    expect(row.locator(".mp-changed")).to_have_text("1,5")

    page.goto("/admin/system/")
    expect(page.get_by_role("heading", name="Santé du système").first).to_be_visible()
    page.goto("/admin/alerts/alert/")
    expect(page.locator("#result_list")).to_contain_text("BankrollCritique")


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()


@ON_A_PHONE
def test_the_language_is_switched_to_english_and_back(page: Page) -> None:
    page.goto("/admin/odds/match/")
    switch_to(page, "English")
    expect(page.get_by_role("heading", name="Matches").first).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Best value for you")).to_be_visible()

    switch_to(page, "français")

    expect(page.get_by_role("heading", name="Meilleures values pour vous")).to_be_visible()


def switch_to(page: Page, language: str) -> None:
    """In the menu of the user, below the sidebar that a phone unfolds."""
    page.get_by_role("button", name="Menu").click()
    page.get_by_text("owner", exact=True).click()
    page.get_by_role("button", name=language).click()
