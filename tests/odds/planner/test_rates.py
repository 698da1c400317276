import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from odds.planner.rates import (
    LEAD_EDGES,
    PRIOR_BY_LEAD,
    PRIOR_LIFETIME,
    PRIOR_MATCH_HOURS,
    Observation,
    Rates,
    watched_hours,
)


def seen(hours_to_kickoff, match_hours, opened, *, sport="sport", hour=12):
    return Observation(
        sport=sport,
        hour=hour,
        hours_to_kickoff=hours_to_kickoff,
        match_hours=match_hours,
        opened=opened,
    )


def test_without_observations_the_prior_holds():
    learned = Rates.learned([])

    assert learned.by_lead == pytest.approx(PRIOR_BY_LEAD)
    assert learned.by_hour == pytest.approx((1, 1, 1, 1))
    assert learned.lifetime_hours == PRIOR_LIFETIME


@given(st.integers(0, 60), st.floats(1, 5_000))
def test_a_rate_is_the_mean_of_its_posterior(opened, match_hours):
    learned = Rates.learned([seen(4.0, match_hours, opened)])

    # Gamma prior of mean 0.012 and weight 1,000 match-hours; numerically, not by conjugacy.
    prior = stats.gamma(PRIOR_BY_LEAD[2] * PRIOR_MATCH_HOURS, scale=1 / PRIOR_MATCH_HOURS)
    rates = np.linspace(1e-6, 0.2, 40_001)
    density = prior.pdf(rates) * stats.poisson.pmf(opened, rates * match_hours)
    mean = integrate.simpson(rates * density, x=rates) / integrate.simpson(density, x=rates)
    assert learned.by_lead[2] == pytest.approx(mean, rel=1e-3)
    assert learned.by_lead[3] == PRIOR_BY_LEAD[3]


def test_much_watching_outweighs_the_prior():
    watched = [seen(lead, 1e7, int(1e7 * 0.05)) for lead in LEAD_EDGES[:-1]]

    assert Rates.learned(watched).by_lead == pytest.approx([0.05] * 8, rel=1e-2)


def test_a_sport_and_an_hour_that_find_more_are_worth_more():
    watched = [
        seen(4.0, 10_000, 500, sport="rich", hour=20),
        seen(4.0, 10_000, 20, sport="poor", hour=3),
    ]

    learned = Rates.learned(watched)

    assert learned.by_hour[3] > 1 > learned.by_hour[0]
    assert learned.by_sport["rich"] > learned.by_sport["poor"]


def test_the_order_of_observations_does_not_matter_and_far_ones_count_for_nothing():
    rows = [seen(lead, 10.0 * lead + 1, 3, sport=f"s{lead % 2}") for lead in range(0, 160, 7)]

    assert Rates.learned(rows) == Rates.learned(rows[::-1])
    assert Rates.learned([*rows, seen(500.0, 1e6, 1_000)]) == Rates.learned(rows)


def test_watched_hours_are_the_integral_of_what_is_still_open():
    for gap in (0.5, 6.0, 100.0):
        direct, _error = integrate.quad(lambda age: np.exp(-age / 6.0), 0, gap)
        assert watched_hours(np.array([gap]), 6.0)[0] == pytest.approx(direct)


def test_rates_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        Rates(by_hour=(1, 1, -1, 1))
    with pytest.raises(ValueError, match="one rate for each bin"):
        Rates(by_lead=(0.1,))
