"""The site and its visitors; what a visitor's browser complains of fails the test at its end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium as browsers
from tests.e2e.flows.site import Site, database, running
from tests.e2e.flows.watch import Watch

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ON_A_PHONE = pytest.mark.parametrize("watched", [PHONE], indirect=True, ids=["phone"])
AS_A_STRANGER = pytest.mark.parametrize("state", [None], ids=["stranger"])
IS_PAINTED = """all => all.map(one => one.getContext("2d")
    .getImageData(0, 0, one.width, one.height).data.some((value, at) => at % 4 === 3 && value))"""
OWNER, PASSWORD = "owner", "a good password"

chromium = browsers.chromium


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """One for all flows; each keeps to rows of its own."""
    name = f"flows_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        url = stack.enter_context(database(name))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="flows-"))
        yield stack.enter_context(running(Site(Path(folder), url)))


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, site: Site) -> Any:
    """What the browser keeps of the owner's having signed in."""
    context = chromium.new_context(base_url=site.address, locale="fr-FR")
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def state(signed_in: Any) -> Any:
    """Whom the page begins as; a test may begin as a stranger."""
    return signed_in


@pytest.fixture
def watched(
    chromium: Browser, site: Site, state: Any, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, Watch]]:
    """A French page; the parameter may be the size of its window."""
    size: Any = getattr(request, "param", DESKTOP)
    context = chromium.new_context(
        base_url=site.address, locale="fr-FR", timezone_id="Europe/Paris", viewport=size,
        storage_state=state, accept_downloads=True,
    )  # fmt: skip
    context.set_default_timeout(30_000)
    watch = Watch(context, f"127.0.0.1:{site.port}")
    yield context.new_page(), watch
    context.close()
    assert watch.visited, "no page was opened"
    assert watch.complaints == [], site.said()


@pytest.fixture
def page(watched: tuple[Page, Watch]) -> Page:
    return watched[0]


@pytest.fixture
def watch(watched: tuple[Page, Watch]) -> Watch:
    return watched[1]


def are_charts_drawn(page: Page) -> bool:
    """Whether there are charts, and each has points of ink."""
    drawn = page.locator("canvas").evaluate_all(IS_PAINTED)
    return bool(drawn) and all(drawn)


def sign_in(page: Page) -> None:
    """As the owner, by the form."""
    page.goto("/")
    page.get_by_label("Nom d’utilisateur").fill(OWNER)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", name="Tableau de bord")).to_be_visible()
