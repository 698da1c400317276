"""A person asks for a backtest in a real browser; a real worker for long work calculates it."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from monps import processes
from strategies.models import Backtest
from strategies.tasks import run_queued_jobs
from tests.e2e import test_pages
from tests.e2e.celery_processes import running
from tests.factories import make_strategy
from tests.strategies.backtests.stored import make_season

PATIENCE_SECONDS = 60

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

chromium, complaints, page = test_pages.chromium, test_pages.complaints, test_pages.page


def ask(page: Page) -> None:
    test_pages.sign_in(page)
    page.goto("/admin/strategies/backtest/add/?agent=sharp_reference")
    page.locator("form.mp-form button").last.click()
    expect(page.locator("form button", has_text="Annuler")).to_be_visible()


@pytest.fixture
def season() -> None:
    User.objects.create_superuser("owner", password="a good password")
    make_strategy("sharp_reference")
    make_season()


@pytest.mark.usefixtures("season")
def test_the_page_follows_the_work_and_shows_the_result_by_itself(
    page: Page, complaints: list[str]
) -> None:
    with running(*processes.LONG_WORKER[1:]):
        ask(page)

        for _second in range(PATIENCE_SECONDS):
            if page.locator("canvas").count():
                break
            run_queued_jobs()  # as beat does, should the first message be lost
            page.wait_for_timeout(1000)

    backtest = Backtest.objects.get()
    assert backtest.status == Backtest.Status.DONE
    # Twelve bets at 2.30, home wins every other one: 6 × 1.30 − 6 = 1.80 units on 12.
    everything = backtest.result["parts"]["all"]
    assert (everything["bets"], everything["profit_units"]) == (12, pytest.approx(1.8))
    expect(page.locator("body")).to_contain_text("+15,0 %")
    assert complaints == []


@pytest.mark.usefixtures("season")
def test_what_waits_for_a_worker_can_be_cancelled(page: Page, complaints: list[str]) -> None:
    ask(page)

    page.locator("form button", has_text="Annuler").click()

    expect(page.locator("body")).to_contain_text("a été annulé")
    assert Backtest.objects.get().status == Backtest.Status.CANCELLED
    assert complaints == []
