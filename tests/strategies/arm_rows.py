"""Matches on which both arms of a test spoke, for the tests of what they brought."""

from datetime import datetime, timedelta

from strategies.models import Improvement
from tests.factories import NOON, make_match, make_prediction


def bring(
    improvement: Improvement,
    *,
    a: float,
    b: float,
    count: int,
    settled_at: datetime = NOON + timedelta(days=2),
) -> None:
    """Matches on which the arms brought so much, spoken of an hour after the test began."""
    for _number in range(count):
        match = make_match()
        for version, profit in ((improvement.version_a, a), (improvement.version_b, b)):
            make_prediction(
                version=version,
                match=match,
                predicted_at=NOON + timedelta(hours=1),
                result="won" if profit > 0 else "lost",
                profit=profit,
                settled_at=settled_at,
            )
