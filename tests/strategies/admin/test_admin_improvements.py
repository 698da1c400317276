"""The list of improvements in the admin: what it tells, what is found, what is done in it."""

from html import unescape

import pytest
from django.test import Client

from strategies import lifecycle
from strategies.models import StrategyVersion
from tests.factories import NOON
from tests.strategies.admin.improvement_pages import (
    LIST,
    act,
    make_improvement,
    make_tested,
    page_of,
    status_of,
)
from tests.strategies.admin.pages import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
PATTERN = "Loses on short odds of strong home teams"


@pytest.fixture
def owner() -> Client:
    return signed_in()


def listed(client: Client, query: str) -> set[int]:
    return {one.pk for one in client.get(f"{LIST}?{query}").context["cl"].result_list}


def test_an_empty_list_says_what_an_improvement_is_and_where_they_come_from(owner: Client):
    shown = unescape(text_of(owner, "improvement/"))

    assert "No improvement here" in shown
    assert "a change of a strategy's parameters" in shown
    assert "/admin/strategies/improvement/add/" in shown


def test_the_list_says_what_changes_and_dashes_what_is_not_known(owner: Client):
    make_improvement()

    shown = text_of(owner, "improvement/")

    assert "Smallest edge 2 → 3" in shown
    assert 'data-label="Test">–<' in shown
    assert 'data-label="Baseline">–<' in shown


def test_the_list_shows_how_far_a_test_is_and_its_gain_with_the_interval(owner: Client):
    make_tested(
        paired_matches=42, clv_gain=0.82, clv_gain_low=-0.1, clv_gain_high=1.74,
        baseline_win_rate=41.2, baseline_roi=-3.1, baseline_samples=34,
    )  # fmt: skip

    shown = text_of(owner, "improvement/")

    assert "42 of 300 matches" in shown
    assert '<span class="mp-good">+0.82</span> points of CLV (−0.10 to +1.74)' in shown
    assert "41.2% won" in shown
    assert "yield −3.1%, n = 34" in shown


def test_the_tabs_count_each_status_and_narrow_the_list_down(owner: Client):
    proposed, tested = make_improvement(), make_tested("consensus_value")
    archived = make_improvement("goals_model")
    lifecycle.archive(archived.pk, reason=None, now=NOON)

    tabs = owner.get(LIST).context["tabs"]

    counts = {tab["title"]: tab["number"] for tab in tabs}
    assert counts == {"All": 3, "Proposed": 1, "In test": 1, "Applied": 0, "Archived": 1}
    assert listed(owner, "status=proposed") == {proposed.pk}
    assert listed(owner, "status=active") == {tested.pk}
    assert listed(owner, "status=archived") == {archived.pk}
    assert listed(owner, "status=applied") == set()
    assert listed(owner, "status=nonsense") == {proposed.pk, tested.pk, archived.pk}


@pytest.mark.parametrize(
    "query",
    ["agent=sharp_reference", "q=Buchdahl", "q=short+odds", "q=REST+DAYS", "q=weather"],
)
def test_agent_names_patterns_and_missing_factors_find_an_improvement(owner: Client, query: str):
    wanted = make_improvement(failure_pattern=PATTERN, missing_factors=["weather", "rest days"])
    make_improvement("consensus_value", failure_pattern="Late lines", missing_factors=["injuries"])

    assert listed(owner, query) == {wanted.pk}


def test_activating_selected_ones_begins_all_of_their_tests(owner: Client):
    first, second = make_improvement(), make_improvement("consensus_value")

    told = act(owner, "activate", first, second)

    assert "2 tests began." in told
    assert (status_of(first), status_of(second)) == ("active", "active")
    assert set(first.changes.values_list("changed_by", flat=True)) == {"owner"}


def test_activating_is_all_or_nothing_and_says_which_status_forbids_it(owner: Client):
    first, tested = make_improvement(), make_tested("consensus_value")

    told = act(owner, "activate", first, tested)

    assert "No test was begun: one of them has the status “In test”." in told
    assert status_of(first) == "proposed"


def test_two_tests_of_one_strategy_are_refused_with_the_sentence(owner: Client):
    first = make_improvement()
    second = lifecycle.propose(first.strategy, {"minimum_edge_pct": 4.0}, now=NOON)

    told = act(owner, "activate", first, second)

    assert "No test was begun." in told
    assert "has a test already" in told
    assert (status_of(first), status_of(second)) == ("proposed", "proposed")


def test_archiving_selected_ones_asks_for_the_reason_first(owner: Client):
    improvement = make_improvement()

    asked = act(owner, "archive", improvement)
    before = status_of(improvement)
    told = act(owner, "archive", improvement, confirmed="yes", reason="too few bets")

    assert "Archive these improvements?" in asked
    assert f"improvement {improvement.pk}" in asked
    assert before == "proposed"
    assert "1 improvement changed; 0 left as they were." in told
    improvement.refresh_from_db()
    assert (improvement.status, improvement.archived_reason) == ("archived", "too few bets")


def test_an_archived_reason_too_long_is_asked_again_and_nothing_happens(owner: Client):
    improvement = make_improvement()

    asked = act(owner, "archive", improvement, confirmed="yes", reason="x" * 301)

    assert 'role="alert"' in asked
    assert status_of(improvement) == "proposed"


def test_steps_of_selected_ones_leave_those_they_do_not_lead_from(owner: Client):
    archived, proposed = make_improvement(), make_improvement("consensus_value")
    lifecycle.archive(archived.pk, reason=None, now=NOON)

    told = act(owner, "reactivate", archived, proposed)

    assert "1 improvement changed; 1 left as they were." in told
    assert (status_of(archived), status_of(proposed)) == ("proposed", "proposed")


def test_applying_selected_ones_makes_their_tested_versions_current(owner: Client):
    tested = make_tested()

    told = act(owner, "apply", tested)

    assert "1 improvement changed; 0 left" in told
    assert status_of(tested) == "applied"
    assert StrategyVersion.objects.get(is_current=True).pk == tested.version_b_id


def test_the_pages_ask_no_more_with_more_rows(owner: Client):
    improvement = make_tested()
    addresses = ["improvement/", page_of(improvement), "improvement/add/"]
    before = [queries_of(owner, address) for address in addresses]

    for agent in ("consensus_value", "goals_model", "line_mover"):
        make_tested(agent)
    for number in range(5):
        lifecycle.propose(improvement.strategy, {"minimum_edge_pct": 4.0 + number}, now=NOON)
        lifecycle.archive(improvement.pk, reason=None, now=NOON)
        lifecycle.reactivate(improvement.pk, now=NOON)
    lifecycle.activate([improvement.pk], now=NOON)

    assert [queries_of(owner, address) for address in addresses] == before
    assert before[0] <= 6
    assert before[1] <= 8
    assert before[2] <= 5
