"""A simulated month over real HTTP: the account and the forecast are the provider's, exactly."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from odds.budget import missing, stored
from odds.models import Collection, PlannedCall, PlannerSettings
from tests.factories import make_sport
from tests.odds.budget.market import MINUTE, Market, open_market

START = datetime(2026, 3, 1, tzinfo=UTC)
RESET = datetime(2026, 4, 1, tzinfo=UTC)
QUOTA = 60  # enough for the month's closing odds beside some scans
RESERVE = 6  # a tenth of it


def spent(since: datetime) -> int:
    """What our own rows say was paid since."""
    calls = Collection.objects.filter(started_at__gte=since)
    return sum(credit or 0 for credit in calls.values_list("credits_used", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What a plan said would be left at the reset."""

    at: datetime
    left: int
    is_certain: bool


def play(market: Market, until: datetime) -> list[Foretold]:
    """Every call until then, and what each new plan foretold."""
    foretold: list[Foretold] = []

    def note() -> None:
        plan = stored.current()
        assert plan is not None
        if not foretold or plan.made_at > foretold[-1].at:
            budget = plan.budget
            foretold.append(
                Foretold(at=plan.made_at, left=budget.left_at_reset, is_certain=budget.is_certain)
            )

    market.jump(until, after_each=note)
    return foretold


@pytest.mark.e2e
@pytest.mark.django_db
def test_every_plan_of_a_month_with_scans_foretells_the_providers_count_to_the_credit(
    settings: Settings,
):
    make_sport(key="soccer_france_ligue_one", is_collected=True)
    PlannerSettings.objects.create(is_on=True, shape="regions")
    with open_market(settings, start=START, quota=QUOTA) as market:
        foretold = play(market, RESET - MINUTE)
        left = QUOTA - market.used()

        # From the month's first plan on, whatever became known since; and its last weeks for sure.
        assert foretold[0].at == START
        assert {one.left for one in foretold} == {left}
        assert left == RESERVE
        assert all(one.is_certain for one in foretold if one.at >= RESET - timedelta(days=7))
        assert market.used() == spent(START)
        made = Counter(PlannedCall.objects.values_list("kind", "status"))
        assert made["closing", "done"] > 25
        assert made["scan", "done"] > 15
        assert not [one for one in made if one[1] in {"failed", "missed", "claimed"}]
        covered = missing.coverage(market.now, window=timedelta(minutes=15))
        assert covered.matches == covered.captured > 30

        # With the month the credits are new, and so is the plan.
        market.now = RESET + MINUTE
        market.minute()
        april = stored.current()
        assert april is not None
        assert april.budget.remaining == QUOTA


@pytest.mark.e2e
@pytest.mark.django_db
def test_credits_spent_elsewhere_cost_scans_and_leave_the_forecast_true(settings: Settings):
    make_sport(key="soccer_france_ligue_one", is_collected=True)
    PlannerSettings.objects.create(is_on=True, shape="regions")
    with open_market(settings, start=RESET - timedelta(days=7), quota=QUOTA) as market:
        before = play(market, RESET - timedelta(days=4))
        market.spend_elsewhere(7)
        after = play(market, RESET - MINUTE)

        assert {one.left for one in before + after} == {RESERVE}
        assert QUOTA - market.used() == RESERVE
        assert market.used() == spent(START) + 7
        covered = missing.coverage(market.now, window=timedelta(minutes=15))
        assert covered.captured > 5


@pytest.mark.e2e
@pytest.mark.django_db
def test_without_scans_a_plan_that_is_certain_foretells_the_providers_count(settings: Settings):
    make_sport(key="soccer_france_ligue_one", is_collected=True)
    PlannerSettings.objects.create(is_on=True, shape="regions", has_scans=False)
    with open_market(settings, start=RESET - timedelta(days=12), quota=QUOTA) as market:
        foretold = play(market, RESET - MINUTE)

        certain = [one for one in foretold if one.is_certain]
        assert certain[0].at < RESET - timedelta(days=5)
        assert {one.left for one in certain} == {QUOTA - market.used()}
        assert market.used() == spent(START) > 5
        assert not PlannedCall.objects.filter(kind="scan").exists()
