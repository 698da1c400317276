"""What the demonstration's bettor does with improvements."""

import pytest

from monps import demonstration
from strategies import lifecycle
from strategies.models import Improvement
from tests.factories import NOON, make_strategy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("verdict", "status"), [("better", "applied"), ("worse", "archived"), ("undecided", "archived")]
)
def test_a_proposal_is_tested_and_its_verdict_followed(verdict, status):
    strategy = make_strategy().strategy
    improvement = lifecycle.propose(strategy, {"minimum_edge_pct": 3.0}, now=NOON)

    demonstration._decide(NOON)
    improvement.refresh_from_db()
    assert improvement.status == "active"

    demonstration._decide(NOON)
    Improvement.objects.update(verdict=verdict, verdict_at=NOON)
    demonstration._decide(NOON)

    improvement.refresh_from_db()
    assert improvement.status == status
    current = strategy.versions.get(is_current=True)
    assert current.parameters["minimum_edge_pct"] == (3.0 if verdict == "better" else 2.0)
