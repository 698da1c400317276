"""The running mean: at every step what the sequence itself says of the observations until then."""

import numpy as np
import pytest

from betting.performance.measures import confidence_sequence
from betting.performance.running import running_mean

ALPHA = 0.05


@pytest.mark.parametrize("level", [0.0, 1e6])
def test_at_every_step_it_is_the_confidence_sequence_of_what_was_seen_until_then(level: float):
    values = level + np.random.default_rng(3).normal(1.0, 8.0, 120)

    found = running_mean(values, alpha=ALPHA)

    for step in range(30, 121):
        seen = values[:step]
        low, high = confidence_sequence(step, seen.mean(), seen.var(ddof=1), alpha=ALPHA)
        assert found.mean[step - 1] == pytest.approx(seen.mean())
        assert found.low[step - 1] == pytest.approx(low)
        assert found.high[step - 1] == pytest.approx(high)


def test_before_thirty_there_is_a_mean_and_no_interval():
    found = running_mean(np.arange(29.0))

    assert found.mean.tolist() == [step / 2 for step in range(29)]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_equal_observations_have_no_interval():
    found = running_mean(np.full(100, 2.3))

    assert found.mean == pytest.approx(2.3)
    assert np.isnan(found.low).all()


def test_nothing_seen_gives_nothing():
    found = running_mean(np.empty(0))

    assert (len(found.mean), len(found.low), len(found.high)) == (0, 0, 0)
