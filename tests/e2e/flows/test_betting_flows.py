"""What a bettor does every day, in French: from an opportunity to what all bets came to."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.flows.conftest import AS_A_STRANGER, ON_A_PHONE, are_charts_drawn, sign_in
from tests.e2e.flows.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
COLUMNS = "placed_at,home_team,away_team,kickoff,outcome,bookmaker,odds,stake,result\n"


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name).first).to_be_visible()


@AS_A_STRANGER
def test_from_signing_in_to_why_the_best_value_is_one(page: Page) -> None:
    sign_in(page)
    heading(page, "Meilleures values pour vous")
    offer = page.locator(".mp-offer").filter(has_text="Lens – Lille")
    expect(offer).to_contain_text("2,06")
    expect(offer).to_contain_text("Winamax (FR)")

    offer.get_by_role("link", name="Lens").click()

    heading(page, "Cote juste")
    expect(page.locator(".mp-guards li")).to_have_count(6)
    quotes = page.locator(".mp-why tbody tr")
    for bookmaker, odds in (("Pinnacle", "1,92"), ("Betclic (FR)", "1,88")):
        expect(quotes.filter(has_text=bookmaker).filter(has_text=odds)).not_to_have_count(0)


@ON_A_PHONE
def test_from_filtered_opportunities_to_a_bet_without_leaving_the_list(page: Page) -> None:
    page.goto("/admin/betting/opportunity/")
    rows = page.locator("#opportunities .data-row")
    expect(rows).to_have_count(2)
    page.locator("a:visible", has_text="Filtres").click()
    page.locator("#changelist-filter input[name=edge_min]").fill("6")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.evaluate("window.neverReloaded = true")

    with page.expect_response(re.compile(r"/opportunity/\?.*edge_min=6")):
        page.evaluate(LOOK_AGAIN)
    page.locator("[data-bet-dialog]").click()
    dialog = page.get_by_role("dialog", name="Parier")
    dialog.locator("#id_stake").fill("10")
    expect(dialog.locator("[data-sum=payout]")).to_have_text("21,00\xa0€")
    dialog.get_by_role("button", name="Enregistrer le pari").click()
    expect(dialog.get_by_role("status")).to_contain_text("2,10")
    assert page.evaluate("window.neverReloaded")
    dialog.get_by_role("link", name="Voir le pari").click()

    expect(page.locator(".mp-match")).to_contain_text("Nantes – Brest")
    expect(page.locator(".mp-match")).to_contain_text(re.compile("en attente", re.IGNORECASE))


@ON_A_PHONE
def test_a_bet_is_settled_put_right_and_reopened(page: Page) -> None:
    page.goto("/admin/betting/bet/")
    page.get_by_role("link", name="En attente", exact=True).click()
    page.locator("#result_list").get_by_role("link", name=re.compile("^Lyon Résultat")).click()
    state = page.locator(".mp-match dl")
    page.locator("#settle_final_score").fill("2-1")
    page.get_by_role("button", name="Gagné", exact=True).click()
    expect(state).to_contain_text(re.compile("gagné", re.IGNORECASE))
    expect(page.locator("#content-main")).to_contain_text("+30,00\xa0€")  # 20 € at 2.50

    page.get_by_text("Il s’est terminé autrement").click()
    page.get_by_role("button", name="Remboursé", exact=True).click()
    expect(state).to_contain_text(re.compile("remboursé", re.IGNORECASE))
    page.get_by_text("Rouvrir : il n’est pas encore terminé").click()
    page.locator("#reopen_reason").fill("Le match est rejoué")
    page.get_by_role("button", name="Rouvrir", exact=True).click()

    expect(state).to_contain_text(re.compile("en attente", re.IGNORECASE))
    page.goto("/admin/betting/bet/?show=won&q=Lyon")
    heading(page, "Aucun pari ici")


def test_bets_come_from_a_file_that_is_looked_at_first_and_leave_in_one(
    page: Page, tmp_path: Path
) -> None:
    day = f"{timezone.now() - timedelta(days=200):%Y-%m-%d}"
    good = [
        f"{day} 10:00,{home},Auxerre,{day} 20:00,home,Winamax (FR),2.10,10,won\n"
        for home in ("Angers", "Le Havre")
    ]
    bad = f"{day} 10:00,Dijon,Auxerre,{day} 20:00,home,Winamax (FR),0.90,10,won\n"
    file = tmp_path / "paris de mai.csv"
    file.write_text(COLUMNS + "".join([*good, bad]), encoding="utf-8")
    page.goto("/admin/betting/bet/")
    page.get_by_role("link", name="Imports").click()
    page.goto("/admin/betting/betimport/add/")

    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.locator(".mp-stat strong")).to_have_text(["2", "0", "1"])
    expect(page.locator("#content-main")).to_contain_text("Dijon")
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("button", name="Défaire l’import")).to_be_visible()

    page.goto("/admin/betting/bet/?q=Auxerre")
    expect(page.locator("#result_list .data-row, #result_list tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter").click()
    exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert [exported.count(home) for home in ("Angers", "Le Havre", "Dijon")] == [1, 1, 0]


@ON_A_PHONE
def test_a_match_shows_how_its_odds_moved_who_spoke_and_what_was_bet(page: Page) -> None:
    page.goto("/admin/odds/match/?q=Lens")
    page.get_by_role("link", name=re.compile("^Lens – Lille")).first.click()
    heading(page, "Mouvement des cotes")
    best = page.get_by_role("button", name=re.compile("Meilleure"))
    expect(best).to_contain_text("2,06")
    assert are_charts_drawn(page)

    page.get_by_role("button", name="Extérieur").click()
    expect(best).to_contain_text("4,20")  # Pinnacle's
    page.get_by_text("Afficher la courbe d’un bookmaker").click()
    page.get_by_role("button", name=re.compile("Betsson")).click()
    expect(page.get_by_role("button", name=re.compile("Betsson"))).to_contain_text("3,95")

    content = page.locator("#content-main")
    for words in ("Buchdahl", "Reference move", "Winamax (FR)"):
        expect(content).to_contain_text(words)


def test_the_analyses_follow_the_period_and_tell_apart(page: Page) -> None:
    page.goto("/admin/analyses/")
    settled = page.locator(".mp-stat p").first
    periods = page.get_by_role("navigation", name="Période")
    for days, shown in (
        ("30 jours", re.compile(r"^2\d paris")),
        ("90 jours", re.compile(r"^[45]\d")),
    ):
        periods.get_by_role("link", name=days).click()
        expect(periods.get_by_role("link", name=days)).to_have_attribute("aria-current", "true")
        expect(settled).to_have_text(shown)  # one a day for sixty, every fifth of them void

    for name in ("Par bookmaker", "Par cote", "Par championnat"):
        expect(page.get_by_role("region", name=name).locator("tbody tr")).not_to_have_count(0)
    assert are_charts_drawn(page)


def test_a_part_that_cannot_be_loaded_says_so(page: Page, watch: Watch) -> None:
    page.route("**/bet/summary/", lambda route: route.fulfill(status=503))

    page.goto("/admin/betting/bet/")

    expect(page.locator(".mp-part")).to_have_text(
        "Cette partie n’a pas pu être chargée. Rechargez la page."
    )
    watch.complaints.clear()  # of the answer it was given
