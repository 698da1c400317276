"""Laws that every registered agent keeps, on random boards."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from strategies.parameters import parse, ranges
from strategies.predictions import EVERY, MAXIMUM, NO_LEG, Predictions
from strategies.registry import AGENTS, Agent
from strategies.snapshots import Record, Snapshot
from tests.strategies.agents.boards import (
    frozen,
    random_past,
    random_snapshot,
    take_groups,
    with_silent_bookmaker,
)

PAST = random_past(1)
LARGE = 20  # a seed whose board has a sharp bookmaker, an exchange and a skin
RECORD = Record(matches=400, clv=0.02, variance=0.01)

every_agent = pytest.mark.parametrize("key", AGENTS)
law = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
snapshots = st.builds(
    random_snapshot,
    st.integers(0, 10**6),
    groups=st.integers(1, 12),
    bookmakers=st.integers(1, 9),
    noise=st.sampled_from([0.03, 0.1]),
)


def ask(key: str, snapshot: Snapshot, **parameters: float) -> Predictions:
    """What an agent predicts, given what it may know beside prices."""
    agent = AGENTS[key]
    return agent.predict(equipped(agent, snapshot), parse(agent.parameters, parameters))


def equipped(agent: Agent, snapshot: Snapshot) -> Snapshot:
    if agent.learns:
        return replace(snapshot, past=PAST)
    if agent.combines:
        others = [other.key for other in AGENTS.values() if not other.combines]
        opinions = {other: ask(other, snapshot) for other in others}
        return replace(snapshot, opinions=opinions, records=dict.fromkeys(others, RECORD))
    return snapshot


def assert_same(made: Predictions, expected: Predictions) -> None:
    """The same predictions, up to the rounding of sums in another order."""
    for each in fields(Predictions):
        np.testing.assert_allclose(
            getattr(made, each.name), getattr(expected, each.name), rtol=1e-9, atol=1e-12
        )


def joined(parts: list[Predictions]) -> Predictions:
    columns: dict[str, Any] = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Predictions)
    }
    return Predictions(**columns)


@every_agent
def test_a_large_board_holds_something_for_every_agent(key):
    snapshot = random_snapshot(LARGE, groups=300, bookmakers=9)

    panel = snapshot.board.panel
    assert panel.is_sharp.any()
    assert panel.is_exchange.any()
    assert len(np.unique(panel.operator)) < len(panel.key)
    assert len(ask(key, snapshot)) > 0


@every_agent
@law
@given(snapshot=snapshots)
def test_each_group_has_at_most_one_prediction_in_order(key, snapshot):
    made = ask(key, snapshot)

    assert (np.diff(made.group) > 0).all()
    assert ((made.group >= 0) & (made.group < len(snapshot))).all()


@every_agent
@law
@given(snapshot=snapshots)
def test_every_price_is_on_offer_in_a_complete_quote(key, snapshot):
    made, board = ask(key, snapshot), snapshot.board

    for number in range(len(made)):
        group, place = made.group[number], made.place[number]
        if place == EVERY:
            outcomes = np.flatnonzero(board.is_outcome[group])
            legs = made.legs[number]
            assert (np.flatnonzero(legs != NO_LEG) == outcomes).all()
            assert board.is_complete[group, legs[outcomes]].all()
            continue
        assert board.is_outcome[group, place]
        assert (made.legs[number] == NO_LEG).all()
        column = made.column[number]
        if column == MAXIMUM:
            assert made.odds[number] == snapshot.maximum[group, place]
        else:
            assert board.is_complete[group, column]
            assert made.odds[number] == board.odds[group, column, place]


@every_agent
@law
@given(snapshot=snapshots)
def test_the_edge_is_probability_times_net_odds_less_one(key, snapshot):
    made, panel = ask(key, snapshot), snapshot.board.panel

    # Commission is a share of the winnings; a stated maximum and an arbitrage bear none of it.
    commission = np.where(
        (made.column >= 0) & (made.place != EVERY), panel.commission[made.column], 0
    )
    np.testing.assert_allclose(made.net_odds, 1 + (made.odds - 1) * (1 - commission))
    np.testing.assert_allclose(made.edge, made.probability * made.net_odds - 1, atol=1e-12)
    assert ((made.probability > 0) & (made.probability <= 1)).all()


@every_agent
@law
@given(snapshot=snapshots)
def test_judging_groups_together_is_judging_each_alone(key, snapshot):
    together = ask(key, snapshot)

    alone = [ask(key, take_groups(snapshot, np.array([group]))) for group in range(len(snapshot))]

    moved = [replace(made, group=made.group + place) for place, made in enumerate(alone)]
    assert_same(joined(moved), together)


@every_agent
@law
@given(snapshot=snapshots, data=st.data())
def test_the_order_of_groups_does_not_matter(key, snapshot, data):
    order = np.array(data.draw(st.permutations(range(len(snapshot)))))
    expected = ask(key, snapshot)

    made = ask(key, take_groups(snapshot, order))

    back = replace(made, group=order[made.group])
    assert_same(back.take(np.argsort(back.group)), expected)


@every_agent
@law
@given(snapshot=snapshots, data=st.data())
def test_a_bookmaker_that_offers_nothing_changes_nothing(key, snapshot, data):
    column = data.draw(st.integers(0, len(snapshot.board.panel.key)))
    kind = data.draw(st.sampled_from([{}, {"is_sharp": True}, {"is_exchange": True}]))
    before = ask(key, snapshot)

    after = ask(key, with_silent_bookmaker(snapshot, column, **kind))

    def widened(columns):
        return np.where(columns >= column, columns + 1, columns)

    moved = {name: widened(getattr(before, name)) for name in ("column", "source", "legs")}
    assert_same(after, replace(before, **moved))


@every_agent
@law
@given(snapshot=snapshots, data=st.data())
def test_predictions_never_grow_in_number_with_the_threshold(key, snapshot, data):
    agent = AGENTS[key]
    allowed = ranges(agent.parameters)[agent.threshold]
    values = st.floats(allowed.low, allowed.high)
    low, high = sorted([data.draw(values), data.draw(values)])
    assume(low < high)

    more, fewer = (ask(key, snapshot, **{agent.threshold: each}) for each in (low, high))

    assert set(fewer.group.tolist()) <= set(more.group.tolist())
    assert (fewer.edge > high / 100).all()


@every_agent
@law
@given(snapshot=snapshots)
def test_what_an_agent_is_given_stays_as_it_was(key, snapshot):
    kept = [np.array(array) for array in arrays_of(snapshot)]

    ask(key, frozen(snapshot))

    for array, copy in zip(arrays_of(snapshot), kept, strict=True):
        assert not array.flags.writeable
        np.testing.assert_array_equal(array, copy)


def arrays_of(snapshot: Snapshot) -> list[Any]:
    owners = (snapshot, snapshot.board, snapshot.board.panel)
    values = [getattr(owner, each.name) for owner in owners for each in fields(owner)]
    return [value for value in values if isinstance(value, np.ndarray)]


@every_agent
@pytest.mark.parametrize(("groups", "bookmakers"), [(0, 0), (0, 4), (4, 0)])
def test_without_groups_or_bookmakers_there_is_nothing(key, groups, bookmakers):
    assert len(ask(key, random_snapshot(1, groups=groups, bookmakers=bookmakers))) == 0


@every_agent
def test_where_no_price_is_on_offer_there_is_nothing(key):
    silent = random_snapshot(1, groups=4, bookmakers=5, missing=1.0, stated=0.0)

    assert np.isnan(silent.board.odds).all()
    assert len(ask(key, silent)) == 0
