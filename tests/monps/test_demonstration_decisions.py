"""What the demonstration's bettor does with improvements."""

from datetime import timedelta

import pytest

from monps import demonstration
from strategies import lifecycle
from strategies.models import Improvement
from tests.factories import NOON, make_strategy

pytestmark = pytest.mark.django_db

PONDERED = NOON + timedelta(days=21)


@pytest.mark.parametrize(
    ("verdict", "status"), [("better", "applied"), ("worse", "archived"), ("undecided", "archived")]
)
def test_a_proposal_is_tested_and_its_verdict_followed(verdict, status):
    strategy = make_strategy().strategy
    improvement = lifecycle.propose(strategy, {"minimum_edge_pct": 3.0}, now=NOON)

    demonstration._decide(PONDERED)
    improvement.refresh_from_db()
    assert improvement.status == "active"

    demonstration._decide(PONDERED)
    Improvement.objects.update(verdict=verdict, verdict_at=PONDERED)
    demonstration._decide(PONDERED)

    improvement.refresh_from_db()
    assert improvement.status == status
    current = strategy.versions.get(is_current=True)
    assert current.parameters["minimum_edge_pct"] == (3.0 if verdict == "better" else 2.0)


def test_a_proposal_waits_three_weeks_for_others_and_the_best_of_them_is_tested():
    strategy, other = make_strategy().strategy, make_strategy("consensus_value").strategy
    waiting = [
        lifecycle.propose(
            strategy,
            {"minimum_edge_pct": 3.0 + day},
            now=NOON + timedelta(days=day),
            expected_improvement=gain,
        )
        for day, gain in enumerate((0.4, 0.9, None))
    ]
    lifecycle.propose(other, {"minimum_edge_pct": 4.0}, now=NOON + timedelta(days=1))

    demonstration._decide(PONDERED - timedelta(days=1))
    assert not Improvement.objects.filter(status="active").exists()

    demonstration._decide(PONDERED)
    assert Improvement.objects.get(status="active") == waiting[1]

    demonstration._decide(PONDERED + timedelta(hours=1))
    assert Improvement.objects.get(status="active") == waiting[1]  # one test at a time
