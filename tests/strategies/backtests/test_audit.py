"""The look-ahead audit: leaks are found, and the shipped agents have none."""

import pytest

from strategies.backtests.asking import Question, ask
from strategies.backtests.audit import LookAheadError, audit
from strategies.backtests.guarding import without_database
from strategies.backtests.running import AUDITED_INSTANTS, Plan, run
from strategies.registry import AGENTS
from strategies.replay.decisions import Window
from tests.strategies.backtests import leaks
from tests.strategies.backtests.histories import HOUR, simulated

WINDOW = Window(earliest=168 * HOUR, latest=600.0)


@pytest.fixture(scope="module")
def history():
    return simulated()


def audited(agent, history, *, parameters=leaks.PARAMETERS):
    question = Question(agent=agent, parameters=parameters, window=WINDOW)
    return audit(ask(question, history), question, history, instants=25, seed=1)


def test_an_honest_agent_passes_and_something_was_compared(history):
    passed = audited(leaks.HONEST, history)

    assert passed.instants == 25
    assert passed.decisions_compared > 100


@pytest.mark.parametrize(
    "predict",
    [leaks.Remembers(), leaks.peeks_at_later_groups, leaks.Wavers()],
    ids=["remembers", "peeks", "wavers"],
)
def test_an_agent_that_decides_otherwise_without_the_future_is_refused(predict, history):
    with pytest.raises(LookAheadError, match=r"^Leaking looks ahead: with everything after 2020"):
        audited(leaks.agent(predict), history)


def test_a_replay_that_shows_quotes_later_than_its_look_is_refused(history):
    with pytest.raises(LookAheadError, match="looks ahead"):
        audited(leaks.HONEST, leaks.backdated(history))


@pytest.mark.django_db
@pytest.mark.parametrize("predict", [leaks.reads_the_database, leaks.hides_that_it_reads])
def test_an_agent_that_reads_the_database_is_refused(predict, history):
    plan = Plan(agent=leaks.agent(predict), parameters=leaks.PARAMETERS, window=WINDOW)

    with pytest.raises(LookAheadError, match="Leaking read the database while deciding"):
        run(plan, history, guard=without_database)


@pytest.mark.django_db
@pytest.mark.parametrize("key", AGENTS)
def test_every_shipped_agent_passes(key, history):
    plan = Plan(agent=AGENTS[key], parameters=AGENTS[key].parameters(), window=WINDOW)

    result = run(plan, history, guard=without_database)

    assert result.audit.instants == AUDITED_INSTANTS
    assert result.audit.decisions_compared > 0


def test_the_same_seed_samples_the_same_instants(history):
    assert audited(leaks.HONEST, history) == audited(leaks.HONEST, history)


def test_a_history_nobody_bets_on_is_audited_at_its_looks(history):
    strict = type(leaks.PARAMETERS)(minimum_edge_pct=20.0, maximum_edge_pct=20.0)

    passed = audited(leaks.HONEST, history, parameters=strict)

    assert (passed.instants, passed.decisions_compared) == (25, 0)
