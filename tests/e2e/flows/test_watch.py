"""What the flows rely on: a browser's complaints are noted, and axe-core finds what it should."""

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.e2e.flows.axe import findings
from tests.e2e.flows.conftest import PHONE
from tests.e2e.flows.watch import Watch

pytestmark = pytest.mark.e2e

HOST = "127.0.0.1:9"
BAD = """<!DOCTYPE html><html lang="fr"><body style="width: 900px"><script>
    console.error("said"); fetch("/missing"); fetch("https://elsewhere.test/");
    setTimeout(() => { throw new Error("thrown"); });
</script><p>wide</p>"""
GREY = """<!DOCTYPE html><html lang="fr"><head><title>Gris</title></head><body><main>
    <p style="color: #bbb">gris</p><input type="text"></main>"""


def answer(route: Route) -> None:
    """Without any network: the bad page, and nothing else."""
    is_page = route.request.url == f"http://{HOST}/"
    route.fulfill(status=200 if is_page else 404, content_type="text/html", body=BAD)


def opened(chromium: Browser) -> tuple[Page, Watch]:
    context = chromium.new_context(viewport=PHONE)
    context.route("**/*", answer)
    return context.new_page(), Watch(context, HOST)


@pytest.mark.parametrize(
    "complaint",
    ["said", "404 /missing", "left the site: https://elsewhere.test/", "thrown", "wider than"],
)
def test_every_kind_of_complaint_is_noted(chromium: Browser, complaint: str) -> None:
    page, watch = opened(chromium)

    page.goto(f"http://{HOST}/")
    for _look in range(50):
        if any(complaint in one for one in watch.complaints):
            break
        page.wait_for_timeout(100)

    assert any(complaint in one for one in watch.complaints), watch.complaints
    page.context.close()


def test_pale_text_and_a_nameless_field_are_found(chromium: Browser) -> None:
    page, _watch = opened(chromium)
    page.set_content(GREY)

    found = findings(page)

    assert [one for one in found if "color-contrast" in one]
    assert [one for one in found if "label" in one]
    page.context.close()
