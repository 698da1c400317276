"""A person in a real browser: signs in, looks at a match and at opportunities, in the dark too."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from odds.models import Bookmaker, Match, Quote
from tests import chromium as browsers
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
)

DESKTOP, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

chromium = browsers.chromium


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console called an error."""
    return []


@pytest.fixture
def page(
    chromium: Browser,
    live_server: LiveServer,
    complaints: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A French visitor's page; the test's parameter may be the size of the window."""
    size: Any = getattr(request, "param", DESKTOP)
    context = chromium.new_context(base_url=live_server.url, locale="fr-FR", viewport=size)
    context.set_default_timeout(30_000)
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def match() -> Match:
    """A match whose odds moved twice, with a value opportunity."""
    now = timezone.now()
    User.objects.create_superuser("owner", password="a good password")
    found = make_match(home_team="Lens", away_team="Lille", commence_time=now + timedelta(hours=5))
    sharp = make_bookmaker("pinnacle", title="Pinnacle", kind=Bookmaker.Kind.SHARP)
    playable = make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True)
    given = {"match": found, "changed_at": now - timedelta(hours=9), "seen_at": now}
    make_quote("2.00", "3.50", "4.00", bookmaker=sharp, **given)
    latest = make_quote("2.20", "3.40", "3.60", bookmaker=playable, **given)
    for hours, odds in ((6, "2.25"), (3, "2.20")):
        Quote.objects.create(
            match=found, bookmaker=playable, market="h2h", line=latest.line, odds_1=Decimal(odds),
            odds_x=latest.odds_x, odds_2=latest.odds_2, observed_at=now - timedelta(hours=hours),
        )  # fmt: skip
    make_opportunity(match=found, best_bookmaker=playable, first_seen_at=now)
    make_collection(started_at=now)
    return found


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Nom d’utilisateur").fill("owner")
    page.get_by_label("Mot de passe").fill("a good password")
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", name="Tableau de bord")).to_be_visible()


def painted_pixels(page: Page) -> int:
    """How many pixels of the chart are not transparent."""
    return page.locator(".mp-chart canvas").evaluate(
        """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            .data.filter((value, index) => index % 4 === 3 && value > 0).length"""
    )


def test_the_chart_follows_the_outcome_and_the_legend(
    page: Page, match: Match, complaints: list[str]
) -> None:
    sign_in(page)
    page.goto(f"/admin/odds/match/{match.pk}/change/")
    best = page.get_by_role("button", name=re.compile("Meilleure"))

    page.get_by_role("button", name="Extérieur").click()
    expect(best).to_contain_text("4,00")
    page.get_by_text("Afficher la courbe d’un bookmaker").click()
    page.get_by_role("button", name=re.compile("Winamax")).click()

    expect(page.get_by_role("button", name=re.compile("Winamax"))).to_contain_text("3,60")
    best.click()
    expect(best).to_have_attribute("aria-pressed", "false")
    assert complaints == []


def test_opportunities_are_listed_and_open_their_page(
    page: Page, match: Match, complaints: list[str]
) -> None:
    sign_in(page)

    page.locator("#nav-sidebar").get_by_text("Opportunités", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text("Winamax (FR) ★")
    page.get_by_role("link", name=re.compile("^Lens Résultat")).click()

    expect(page.get_by_role("heading", name="Cote juste")).to_be_visible()
    assert complaints == []


def test_the_dark_theme_draws_its_charts_too(
    page: Page, match: Match, complaints: list[str]
) -> None:
    page.emulate_media(color_scheme="dark")
    sign_in(page)

    page.goto("/admin/odds/collection/")

    expect(page.locator("html")).to_have_class(re.compile("dark"))
    assert painted_pixels(page) > 500
    assert complaints == []
