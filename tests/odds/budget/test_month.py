"""A simulated month over real HTTP: the account and the forecast are the provider's, exactly."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from odds.budget import missing, stored
from odds.models import Collection, PlannedCall, PlannerSettings
from tests.factories import make_sport
from tests.odds.budget.market import open_market

START = datetime(2026, 3, 1, tzinfo=UTC)
RESET = datetime(2026, 4, 1, tzinfo=UTC)
QUOTA = 60  # enough for the month's closing odds beside some scans


def spent(since: datetime) -> int:
    """What our own rows say was paid since."""
    calls = Collection.objects.filter(started_at__gte=since)
    return sum(credit or 0 for credit in calls.values_list("credits_used", flat=True))


def left_as_planned() -> int:
    """What the plan in force began with, less the cost of its calls made since."""
    plan = stored.current()
    assert plan is not None
    made = PlannedCall.objects.filter(status="done", claimed_at__gte=plan.made_at)
    return plan.budget.remaining - sum(made.values_list("cost", flat=True))


@pytest.mark.e2e
@pytest.mark.django_db
def test_the_forecast_of_a_months_credits_is_the_providers_count_to_the_credit(
    settings: Settings,
):
    make_sport(key="soccer_france_ligue_one", is_collected=True)
    PlannerSettings.objects.create(is_on=True, shape="regions")
    with open_market(settings, start=START, quota=QUOTA) as market:
        market.jump(RESET - timedelta(days=7))
        # What the plan had to spend, less its calls, is what the provider has left.
        assert left_as_planned() == QUOTA - market.used()

        # From here on every kick-off of the month is listed; what scans are worth may still change.
        PlannerSettings.objects.update(has_scans=False)
        market.minute()
        forecast = stored.current()
        assert forecast is not None
        assert forecast.budget.unknown_closings == 0
        assert forecast.budget.closings > 0
        market.jump(RESET - timedelta(minutes=1))

        assert QUOTA - market.used() == forecast.budget.left_at_reset
        assert market.used() == spent(START)
        made = Counter(PlannedCall.objects.values_list("kind", "status"))
        assert made["closing", "done"] > 25
        assert made["scan", "done"] > 5
        assert not [one for one in made if one[1] in {"failed", "missed", "claimed"}]
        covered = missing.coverage(market.now, window=timedelta(minutes=15))
        assert covered.matches == covered.captured > 30

        # With the month the credits are new, and so is the plan.
        market.now = RESET + timedelta(minutes=1)
        market.minute()
        april = stored.current()
        assert april is not None
        assert april.budget.remaining == QUOTA
