"""Two clients of the API that want the same improvement at once: exactly one gets it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from strategies import lifecycle
from strategies.models import Improvement, ImprovementChange
from tests.api import signed_in
from tests.factories import NOON, make_strategy

IMPROVEMENTS = "/strategies/improvements"
SELECTED = f"{IMPROVEMENTS}/activate-selected"
FIRST_STATUS = {"reactivate": "archived", "apply": "active"}  # proposed for the others

pytestmark = pytest.mark.django_db(transaction=True)


def propose(**changes: float) -> Improvement:
    strategy = make_strategy().strategy
    return lifecycle.propose(strategy, changes or {"minimum_edge_pct": 3.0}, now=NOON)


def ask(path: str, body: Any = None) -> tuple[int, Any]:
    response = signed_in().post(path, body, format="json")
    return response.status_code, response.json()


def at_once(*asking: Callable[[], tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The answers, each asked for over a connection of its own, good ones first."""
    ready = Barrier(len(asking))

    def race(one: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        try:
            connection.ensure_connection()
            ready.wait(timeout=10)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asking)) as pool:
        return sorted(pool.map(race, asking), key=lambda answer: answer[0])


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("archive", "Amélioration déjà archivée"),
        ("reactivate", "Amélioration n'est pas archivée"),
        ("activate-test", "A/B test déjà actif"),
        ("apply", "Déjà appliquée"),
    ],
)
def test_of_two_that_take_the_same_step_exactly_one_wins(step: str, sentence: str) -> None:
    improvement = propose()
    if FIRST_STATUS.get(step) == "archived":
        lifecycle.archive(improvement.pk, reason=None, now=NOON)
    if FIRST_STATUS.get(step) == "active":
        lifecycle.activate([improvement.pk], now=NOON)
    before = ImprovementChange.objects.count()
    path = f"{IMPROVEMENTS}/{improvement.pk}/{step}"

    (won, _answer), (lost, refusal) = at_once(lambda: ask(path), lambda: ask(path))

    assert (won, lost) == (200, 400)
    assert refusal == {"detail": sentence}
    assert ImprovementChange.objects.count() == before + 1


def test_of_two_selections_with_one_in_common_exactly_one_wins() -> None:
    strategies = [
        make_strategy(agent).strategy for agent in ("patron", "line_mover", "goals_model")
    ]
    one, shared, other = (
        lifecycle.propose(each, {each.rules.threshold: 3.5}, now=NOON).pk for each in strategies
    )

    (won, answer), (lost, refusal) = at_once(
        lambda: ask(SELECTED, {"improvement_ids": [one, shared]}),
        lambda: ask(SELECTED, {"improvement_ids": [shared, other]}),
    )

    assert (won, lost) == (200, 400)
    wanted = "Certaines améliorations ne peuvent pas être activées (status: active)"
    assert refusal == {"detail": wanted}
    in_test = Improvement.objects.filter(status="active").values_list("pk", flat=True)
    assert set(in_test) == set(answer["activated"])


def test_of_two_tests_of_one_strategy_exactly_one_begins() -> None:
    first = propose()
    other = lifecycle.propose(first.strategy, {"maximum_edge_pct": 10.0}, now=NOON)

    (won, _answer), (lost, refusal) = at_once(
        lambda: ask(SELECTED, {"improvement_ids": [first.pk]}),
        lambda: ask(SELECTED, {"improvement_ids": [other.pk]}),
    )

    assert (won, lost) == (200, 400)
    assert "has a test already" in refusal["detail"]
    assert Improvement.objects.filter(status="active").count() == 1


def test_one_archived_and_tested_at_once_ends_as_its_steps_say() -> None:
    improvement = propose()
    path = f"{IMPROVEMENTS}/{improvement.pk}"

    answers = at_once(lambda: ask(f"{path}/archive"), lambda: ask(f"{path}/activate-test"))

    # Either order leads on: an archived one can be tested, one in test archived.
    assert {status for status, _answer in answers} == {200}
    improvement.refresh_from_db()
    steps = ImprovementChange.objects.filter(improvement=improvement).order_by("pk")
    first, second = (row.new_status for row in steps[1:])
    assert {first, second} == {"archived", "active"}
    assert improvement.status == second


def test_two_selections_in_opposite_orders_of_their_strategies_do_not_deadlock() -> None:
    strategies = [make_strategy(agent).strategy for agent in ("patron", "line_mover")]
    one, other = (
        [lifecycle.propose(each, {each.rules.threshold: new}, now=NOON).pk for each in strategies]
        for new in (3.5, 4.5)
    )

    (won, answer), (lost, refusal) = at_once(
        lambda: ask(SELECTED, {"improvement_ids": one}),
        lambda: ask(SELECTED, {"improvement_ids": other[::-1]}),
    )

    assert (won, lost) == (200, 400)
    assert "has a test already" in refusal["detail"]
    in_test = Improvement.objects.filter(status="active").values_list("pk", flat=True)
    assert set(in_test) == set(answer["activated"])
