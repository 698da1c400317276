"""`make run` on a simulated market, through the browser: from an opportunity to the verdict.

The market runs 300 times faster than real time, so that a match begins every 48 seconds.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from monps.installation import free_port
from tests.e2e import test_pages
from tests.monps.test_run import ROOT, Run

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]
SPEED = "300"
PATIENCE_SECONDS = 420

chromium = test_pages.chromium


@pytest.fixture
def market() -> Iterator[str]:
    """The address of a fast simulated market."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "odds.simulator", "--port", str(port)),
            *("--speed", SPEED, "--quota", "5000000"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def desk(market: str) -> Iterator[Run]:
    """`make run` in a fresh data folder, on that market."""
    with tempfile.TemporaryDirectory(prefix="live-", ignore_cleanup_errors=True) as folder:
        run = Run(Path(folder), free_port(), ODDS_API_BASE_URL=market)
        with closing(run):
            run.wait_for(f"http://127.0.0.1:{run.port}/", 90)
            yield run
            run.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                run.process.wait(15)


@pytest.fixture
def page(chromium: Browser, desk: Run) -> Iterator[Page]:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{desk.port}", locale="en-US")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", desk.credentials()["MONPS_ADMIN_PASSWORD"])
    page.click("button[type=submit]")
    yield page
    context.close()


def open_one_that_begins_soon(page: Page) -> None:
    """The page of an opportunity whose match begins within two minutes, but not at once."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        page.goto("/admin/betting/opportunity/?kind=all")
        rows = page.locator("#result_list tbody tr").filter(has_text="Match winner")
        rows = rows.filter(has_text=re.compile(r"in 1 min"))
        if rows.count():
            rows.first.locator("a").first.click()
            page.wait_for_load_state()
            if page.get_by_text("Bet on this").count():
                return
        time.sleep(2)
    pytest.fail("no opportunity on a match that begins soon")


def facts(page: Page) -> str:
    return " ".join(page.locator(".mp-facts, .mp-stat").all_inner_texts()).casefold()


def test_a_bet_is_placed_closed_settled_graded_and_judged(page: Page):
    open_one_that_begins_soon(page)
    page.get_by_text("Bet on this").click()
    page.fill("input[name=stake]", "10")
    page.get_by_role("button", name="Record the bet").click()
    page.get_by_role("link", name="See the bet").click()
    expect(page.locator(".mp-facts").first).to_contain_text("Pending", ignore_case=True)
    address = page.url

    deadline = time.monotonic() + PATIENCE_SECONDS
    while "pending" in (told := facts(page)) or "not graded" in told:
        assert time.monotonic() < deadline, told
        time.sleep(3)
        page.goto(address)

    told = facts(page)
    assert re.search(r"\b(won|lost)\b", told)
    assert re.search(r"clv\s+[+−]?\d+\.\d%\s+graded", told), told
    content = page.inner_text("#content-main")
    assert "By its result" in content
    page.goto("/admin/betting/bet/")
    assert "Too early to tell" in page.locator(".mp-verdict").inner_text()
    page.goto("/admin/betting/account/")
    expect(page.locator("#content")).to_contain_text("The ledger is proved")
    page.goto("/admin/betting/closingline/")
    assert page.locator("#result_list tbody tr").count() > 0
