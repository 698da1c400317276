"""How a test's comparison went: match by match what the verdict was reached on."""

from datetime import timedelta

import numpy as np
import pytest

from strategies import experiments, lifecycle
from strategies.models import Improvement
from tests.factories import NOON, make_match, make_prediction
from tests.strategies.admin.improvement_pages import make_improvement, make_tested

pytestmark = pytest.mark.django_db


def bring(improvement: Improvement, day: int, *, a: float | None, b: float | None, **given) -> None:
    """A match on the day on which the arms had these fair CLVs; None: nothing was said."""
    match = make_match(commence_time=NOON + timedelta(days=day))
    for version, clv in ((improvement.version_a, a), (improvement.version_b, b)):
        if clv is not None:
            values = {"predicted_at": NOON + timedelta(hours=1)} | given
            make_prediction(
                version=version, match=match, clv_status="graded", clv_fair_pct=clv,
                clv_pct=clv, graded_at=NOON, **values,
            )  # fmt: skip


def test_each_step_is_the_mean_gain_until_then_in_the_order_of_kick_off():
    improvement = make_tested()
    bring(improvement, 3, a=1.0, b=None)
    bring(improvement, 1, a=None, b=2.0)
    bring(improvement, 2, a=1.0, b=5.0)

    found = experiments.progress_of(improvement)

    assert found.mean.tolist() == pytest.approx([2.0, (2 + 4) / 2, (2 + 4 - 1) / 3])
    assert np.isnan(found.low).all()


def test_the_last_step_is_what_the_row_says():
    improvement = make_tested()
    for day in range(40):
        bring(improvement, day, a=float(day % 3), b=float(day % 5))

    experiments.follow(now=NOON)
    found = experiments.progress_of(improvement)

    improvement.refresh_from_db()
    assert len(found.mean) == improvement.paired_matches == 40
    assert found.mean[-1] == pytest.approx(improvement.clv_gain)
    assert found.low[-1] == pytest.approx(improvement.clv_gain_low)
    assert found.high[-1] == pytest.approx(improvement.clv_gain_high)


def test_a_test_that_is_over_keeps_its_course_whatever_is_said_later():
    improvement = make_tested()
    bring(improvement, 1, a=1.0, b=2.0)
    lifecycle.archive(improvement.pk, reason="enough", now=NOON + timedelta(days=2))
    bring(improvement, 4, a=9.0, b=0.0, predicted_at=NOON + timedelta(days=3))
    improvement.refresh_from_db()

    assert experiments.progress_of(improvement).mean.tolist() == [1.0]


def test_no_match_counts_beyond_the_horizon():
    improvement = make_tested(plan_horizon=2)
    for day in range(3):
        bring(improvement, day, a=0.0, b=1.0)

    assert len(experiments.progress_of(improvement).mean) == 2


def test_what_was_never_tested_has_no_course():
    assert len(experiments.progress_of(make_improvement()).mean) == 0
