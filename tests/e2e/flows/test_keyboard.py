"""A bet is placed without a mouse: what Tab reaches, where the focus stays and where it returns."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

MOST_TABS = 120
FOCUSED = "document.activeElement.matches('[data-bet-dialog]')"
INSIDE = (
    "!!document.activeElement.closest('#bet-dialog') || document.activeElement === document.body"
)


def tab_to_bet(page: Page) -> None:
    for _number in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            return
    pytest.fail(f"no link to a bet within {MOST_TABS} presses of Tab")


def test_the_dialog_of_a_bet_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    page.goto("/admin/betting/opportunity/")
    tab_to_bet(page)
    page.keyboard.press("Enter")
    dialog = page.locator("#bet-dialog")
    expect(dialog).to_be_visible()

    stays = []
    for _number in range(20):
        page.keyboard.press("Tab")
        stays.append(page.evaluate(INSIDE))
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert all(stays)
    assert page.evaluate(FOCUSED)


def test_what_the_theme_made_for_the_mouse_is_pressed_by_keyboard(page: Page) -> None:
    page.goto("/admin/betting/opportunity/")
    opener = page.locator("a[role=button]", has_text="Filtres")
    opener.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#changelist-filter").get_by_role("link", name="Demain")).to_be_visible()
