"""Strengths of teams: the fit against a peer, simulation, and a second way of computing."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from strategies.goals.ratings import DAY, Ratings, Sample, fit, objective
from strategies.snapshots import Past
from tests.strategies.goals.peer_ratings import (
    ASH_OAK,
    DECAYING,
    EPL,
    EQUALLY,
    KNOWN_UNTIL,
    TEAMS,
    past_of,
)

FOREVER = 1e7  # days of half-life: all matches weigh the same
HARDLY = 1e-6  # of a prior


def joined(*parts: Past) -> Past:
    arrays = [each.name for each in fields(Past) if each.name != "known_until"]
    both = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return replace(parts[0], **both)


def matches(*rows, age=100.0) -> Past:
    """Results of one day: home, away, goals, goals."""
    home, away, home_score, away_score = zip(*rows, strict=True)
    return Past(
        known_until=KNOWN_UNTIL,
        sport=np.full(len(rows), EPL),
        home=np.array(home),
        away=np.array(away),
        home_score=np.array(home_score),
        away_score=np.array(away_score),
        kickoff=np.full(len(rows), KNOWN_UNTIL - age * DAY),
    )


def tail(ratings: Ratings) -> list[float]:
    return [ratings.level, ratings.home_advantage, ratings.rho]


def assert_same(one: Ratings, other: Ratings):
    for each in fields(Ratings):
        assert np.array_equal(getattr(one, each.name), getattr(other, each.name))


def simulate(rng, *, attack, defence, tail, rounds):
    """Draw independent goals, and keep a score as often as its correction says."""
    teams, (level, advantage, rho) = len(attack), tail
    home, away = np.array([(h, a) for h in range(teams) for a in range(teams) if h != a]).T
    home, away = np.tile(home, rounds), np.tile(away, rounds)
    hosts = np.exp(level + advantage + attack[home] + defence[away])
    guests = np.exp(level + attack[away] + defence[home])
    scores = np.full((2, len(home)), -1)
    highest = 1 + abs(rho) * np.maximum(1, np.maximum(hosts * guests, np.maximum(hosts, guests)))
    while (missing := np.flatnonzero(scores[0] < 0)).size:
        x, y = rng.poisson(hosts[missing]), rng.poisson(guests[missing])
        tau = np.ones(len(x))
        tau = np.where((x == 0) & (y == 0), 1 - hosts[missing] * guests[missing] * rho, tau)
        tau = np.where((x == 0) & (y == 1), 1 + hosts[missing] * rho, tau)
        tau = np.where((x == 1) & (y == 0), 1 + guests[missing] * rho, tau)
        tau = np.where((x == 1) & (y == 1), 1 - rho, tau)
        kept = rng.random(len(x)) < tau / highest[missing]
        scores[:, missing[kept]] = x[kept], y[kept]
    return home, away, scores


@pytest.mark.parametrize(
    ("is_daily", "half_life_days", "expected"),
    [(False, FOREVER, EQUALLY), (True, 60 * np.log(2), DECAYING)],
)
def test_a_fit_is_that_of_penaltyblog(is_daily, half_life_days, expected):
    ratings = fit(past_of(is_daily=is_daily), half_life_days=half_life_days, ridge=HARDLY)

    assert ratings.teams.tolist() == TEAMS.tolist()
    assert ratings.attack == pytest.approx(expected["attack"], abs=1e-4)
    assert ratings.defence == pytest.approx(expected["defence"], abs=1e-4)
    assert tail(ratings) == pytest.approx(expected["tail"], abs=1e-4)


def test_expected_goals_are_those_of_penaltyblog():
    ratings = fit(past_of(is_daily=False), half_life_days=FOREVER, ridge=HARDLY)

    ash, oak = ratings.places(np.array(["Ash"])), ratings.places(np.array(["Oak"]))
    hosts, guests = ratings.expected_goals(ash, oak)

    assert (hosts[0], guests[0]) == pytest.approx(ASH_OAK, rel=1e-4)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), ridge=st.floats(0, 50))
def test_the_gradient_is_that_of_small_differences(seed, ridge):
    rng = np.random.default_rng(seed)
    home = rng.integers(0, 4, 60)
    away = (home + rng.integers(1, 4, 60)) % 4
    scores = rng.poisson(1.2, 60), rng.poisson(1.0, 60)
    sample = Sample.of(home, away, scores, rng.uniform(0.1, 1, 60))
    size = 2 * sample.teams + 3
    values = np.append(rng.normal(0, 0.3, size - 1), rng.uniform(-0.2, 0.1))

    _value, gradient = objective(values, sample, ridge)

    steps = 1e-6 * np.eye(size)
    slopes = [
        (objective(values + step, sample, ridge)[0] - objective(values - step, sample, ridge)[0])
        / 2e-6
        for step in steps
    ]
    assert gradient == pytest.approx(slopes, abs=2e-5, rel=1e-5)


def test_the_prior_pulls_as_a_likelihood_written_out_says():
    past, ridge = past_of(is_daily=False), 5.0
    home, away = np.searchsorted(TEAMS, past.home), np.searchsorted(TEAMS, past.away)

    def loss(values):
        attack, defence, (level, advantage, rho) = values[:6], values[6:12], values[12:]
        hosts = np.exp(level + advantage + attack[home] + defence[away])
        guests = np.exp(level + attack[away] + defence[home])
        total = 0.0
        for x, y, host, guest in zip(past.home_score, past.away_score, hosts, guests, strict=True):
            tau = {
                (0, 0): 1 - host * guest * rho,
                (0, 1): 1 + host * rho,
                (1, 0): 1 + guest * rho,
                (1, 1): 1 - rho,
            }.get((int(x), int(y)), 1.0)
            total += np.log(max(tau, 1e-12)) + x * np.log(host) - host + y * np.log(guest) - guest
        return ridge / 2 * (values[:12] @ values[:12]) - total

    expected = minimize(loss, np.zeros(15), method="BFGS", options={"gtol": 1e-4}).x

    ratings = fit(past, half_life_days=FOREVER, ridge=ridge)

    assert ratings.attack == pytest.approx(expected[:6], abs=1e-3)
    assert ratings.defence == pytest.approx(expected[6:12], abs=1e-3)
    assert tail(ratings) == pytest.approx(expected[12:], abs=1e-3)


def test_parameters_that_made_scores_are_found_within_their_standard_errors():
    rng = np.random.default_rng(7)
    attack, defence = rng.normal(0, 0.3, 20), rng.normal(0, 0.25, 20)
    attack, defence = attack - attack.mean(), defence - defence.mean()
    truth = np.concatenate([attack, defence, [0.1, 0.25, -0.12]])
    home, away, scores = simulate(rng, attack=attack, defence=defence, tail=truth[-3:], rounds=8)
    names = np.array([f"team {number:02}" for number in range(20)])
    rows = zip(names[home], names[away], *scores, strict=True)

    ratings = fit(matches(*rows), half_life_days=FOREVER, ridge=HARDLY)

    found = np.concatenate([ratings.attack, ratings.defence, tail(ratings)])
    sample = Sample.of(home, away, (scores[0], scores[1]), np.ones(len(home)))
    z = (found - truth) / standard_errors(found, sample)
    assert np.abs(z).max() < 3.5
    assert 0.6 < np.mean(z**2) < 1.6


def standard_errors(values, sample):
    """From the curvature of the likelihood, with attacks and defences around their means."""
    size, teams = len(values), sample.teams
    curvature = np.array(
        [
            (objective(values + step, sample, 0)[1] - objective(values - step, sample, 0)[1]) / 2e-5
            for step in 1e-5 * np.eye(size)
        ]
    )
    centring = np.eye(size)
    centring[:teams, :teams] -= 1 / teams
    centring[teams : 2 * teams, teams : 2 * teams] -= 1 / teams
    centring[2 * teams, : 2 * teams] = 1 / teams
    inverse = np.linalg.pinv((curvature + curvature.T) / 2, rcond=1e-6)
    return np.sqrt(np.diag(centring @ inverse @ centring.T))


def test_attacks_and_defences_sum_to_nothing():
    ratings = fit(past_of(), half_life_days=365, ridge=10)

    assert ratings.attack.sum() == pytest.approx(0, abs=1e-12)
    assert ratings.defence.sum() == pytest.approx(0, abs=1e-12)


def test_a_new_team_that_never_scored_is_weak_but_finite():
    newcomer = matches(("Yew", "Ash", 0, 1), ("Oak", "Yew", 2, 0))

    ratings = fit(joined(past_of(), newcomer), half_life_days=365, ridge=10)

    yew = int(ratings.places(np.array(["Yew"]))[0])
    assert -0.5 < ratings.attack[yew] < 0
    assert ratings.matches[yew] == 2


def test_the_stronger_the_prior_the_closer_the_teams():
    spreads = [
        np.ptp(fit(past_of(), half_life_days=365, ridge=ridge).attack) for ridge in (0.1, 10, 1000)
    ]

    assert spreads[0] > spreads[1] > spreads[2]
    assert spreads[2] < 0.1


def test_without_results_there_are_no_ratings():
    assert fit(Past.nothing(), half_life_days=365, ridge=10) is None


def test_a_competition_without_any_goal_has_finite_ratings():
    goalless = [(home, away, 0, 0) for home in TEAMS for away in TEAMS if home != away]

    ratings = fit(matches(*goalless), half_life_days=365, ridge=10)

    assert np.isfinite([*ratings.attack, *ratings.defence, *tail(ratings)]).all()


def test_results_after_what_is_known_change_nothing():
    later = matches(("Oak", "Ash", 9, 0), ("Yew", "Ash", 7, 0), age=-1)
    unfinished = matches(("Oak", "Ash", 9, 0), age=2 / 24)

    ratings = fit(joined(past_of(), later, unfinished), half_life_days=365, ridge=10)

    assert_same(ratings, fit(past_of(), half_life_days=365, ridge=10))


def test_results_older_than_five_half_lives_change_nothing():
    old = matches(("Oak", "Ash", 9, 0), age=5 * 50 + 1)

    ratings = fit(joined(old, past_of()), half_life_days=50, ridge=10)

    assert_same(ratings, fit(past_of(), half_life_days=50, ridge=10))


def test_a_result_one_half_life_older_counts_for_half():
    rows = [("Ash", "Oak", 3, 0), ("Oak", "Ash", 1, 1), ("Ash", "Oak", 0, 1)]
    aged = joined(matches(*rows, age=10), matches(("Ash", "Oak", 5, 0), age=40))
    doubled = joined(*[matches(*rows, age=40)] * 2, matches(("Ash", "Oak", 5, 0), age=40))

    ratings = fit(aged, half_life_days=30, ridge=10 * 2 ** (-40 / 30))

    expected = fit(doubled, half_life_days=FOREVER, ridge=10)
    assert ratings.attack == pytest.approx(expected.attack, abs=1e-5)
    assert tail(ratings) == pytest.approx(tail(expected), abs=1e-5)


def test_what_was_fitted_before_changes_nothing():
    first = fit(past_of(), half_life_days=365, ridge=10)
    fit(matches(("Ash", "Oak", 9, 0)), half_life_days=30, ridge=0.1)

    assert_same(first, fit(past_of(), half_life_days=365, ridge=10))


def test_an_unknown_team_has_no_place():
    ratings = fit(past_of(), half_life_days=365, ridge=10)

    assert ratings.places(np.array(["Ash", "Aa", "Zz", "Oak"])).tolist() == [0, -1, -1, 5]
