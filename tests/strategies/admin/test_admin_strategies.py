"""The ranking, the page of a strategy and the agents in the admin."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from strategies.models import Strategy, StrategyDay, StrategyRecord, StrategyVersion
from strategies.parameters import ranges
from strategies.registry import AGENTS
from strategies.texts import TEXTS
from strategies.versions import add_version
from tests.factories import NOON, make_prediction, make_strategy
from tests.strategies.admin.pages import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return signed_in()


def make_record(version: StrategyVersion, **given: Any) -> StrategyRecord:
    """A good record over 40 settled predictions."""
    known = {
        "computed_at": NOON, "total_predictions": 45, "settled": 40, "win_rate": 52.5,
        "roi": 8.25, "roi_low": -4.5, "roi_high": 21.0, "roi_shrunk": 3.67, "graded_matches": 38,
        "clv": 2.5, "clv_low": 0.5, "clv_high": 4.5, "raw_clv": 5.0, "strategies_tried": 9,
        "tier": "A", "legacy_tier": "B", "global_score": 84.7, "trend": "up",
    }  # fmt: skip
    return StrategyRecord.objects.create(
        strategy=version.strategy, version=version, **known | given
    )


def make_day(version: StrategyVersion, day: date, profit: float, clv: float) -> StrategyDay:
    """One unit won or lost on one graded match."""
    return StrategyDay.objects.create(
        version=version, day=day, predictions=1, won=1, lost=0, risk=1, profit=profit, graded=1,
        graded_matches=1, clv_sum=clv, clv_squares=clv**2, raw_clv_sum=clv,
    )  # fmt: skip


def page_of(strategy: Strategy) -> str:
    return f"strategy/{strategy.pk}/change/"


def send(client: Client, strategy: Strategy, name: str, **sent: Any) -> str:
    address = reverse(f"admin:strategies_strategy_{name}", args=[strategy.pk])
    return str(client.post(address, sent, follow=True).content.decode())


def test_every_agent_and_every_parameter_has_its_text():
    assert TEXTS.keys() == AGENTS.keys()
    for key, agent in AGENTS.items():
        assert str(TEXTS[key].purpose)
        assert str(TEXTS[key].method)
        assert TEXTS[key].parameters.keys() == ranges(agent.parameters).keys()
        for text in TEXTS[key].parameters.values():
            assert str(text.label)
            assert str(text.explanation).endswith(".")


def test_an_empty_ranking_says_where_strategies_come_from(owner: Client):
    shown = text_of(owner, "strategy/")

    assert "No strategy here" in shown
    assert "prepare" in shown


def test_the_ranking_is_by_score_and_says_what_a_tier_lacks(owner: Client):
    second = make_strategy("consensus_value")
    first = make_strategy("sharp_reference")
    young = make_strategy("goals_model")
    make_record(second, global_score=60.0, tier="B")
    make_record(first)
    make_record(young, settled=4, tier=None, legacy_tier=None, global_score=None)

    shown = text_of(owner, "strategy/")

    places = [shown.index(f">{one.strategy.strategy_name}<") for one in (first, second, young)]
    assert places == sorted(places)
    assert "4 of 10 settled" in shown
    assert "+8.2%" in shown  # ties to even, as everywhere on the pages
    assert "−4.5% to +21.0%" in shown
    assert "+0.5% to +4.5%, n = 38" in shown
    assert "as computed" in shown


def test_a_record_of_an_older_version_does_not_count(owner: Client):
    version = make_strategy("sharp_reference")
    make_record(version)
    add_version(version.strategy, version.mapping, origin="by hand: owner", now=NOON)

    shown = text_of(owner, "strategy/")

    assert "0 of 10 settled" in shown
    assert "+8.2%" not in shown
    assert "The ranking has not seen this version yet." in text_of(owner, page_of(version.strategy))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tier=A", {"Buchdahl"}),
        ("tier=none", {"Kaunitz"}),
        ("agent=consensus_value", {"Kaunitz"}),
        ("is_active__exact=0", set()),
    ],
)
def test_the_ranking_is_narrowed_down(owner: Client, query: str, expected: set[str]):
    make_record(make_strategy("sharp_reference"))
    make_strategy("consensus_value")

    page = owner.get(f"/admin/strategies/strategy/?{query}")

    assert {one.strategy_name for one in page.context["cl"].result_list} == expected


def test_the_rank_is_among_all_whatever_the_filter_leaves(owner: Client):
    make_record(make_strategy("sharp_reference"))
    make_record(make_strategy("consensus_value"), global_score=60.0, tier="B")

    page = owner.get("/admin/strategies/strategy/?tier=B")

    assert [one.rank for one in page.context["cl"].result_list] == [2]


def test_strategies_are_switched_from_the_list(owner: Client):
    chosen, other = make_strategy("sharp_reference"), make_strategy("consensus_value")

    owner.post(
        "/admin/strategies/strategy/",
        {"action": "deactivate", "_selected_action": [chosen.strategy_id]},
    )

    assert set(Strategy.objects.filter(is_active=True)) == {other.strategy}

    owner.post(
        "/admin/strategies/strategy/",
        {"action": "activate", "_selected_action": [chosen.strategy_id]},
    )
    assert Strategy.objects.filter(is_active=True).count() == 2


def test_saving_parameters_makes_a_version_and_leaves_the_old_one(owner: Client):
    version = make_strategy("sharp_reference")

    told = send(
        owner, version.strategy, "parameters",
        p_minimum_edge_pct="3.5", p_maximum_edge_pct="20",
    )  # fmt: skip

    assert "Version 2 is current" in told
    new = StrategyVersion.objects.get(is_current=True)
    assert new.parameters == {"minimum_edge_pct": 3.5, "maximum_edge_pct": 20.0}
    version.refresh_from_db()
    assert version.parameters["minimum_edge_pct"] == 2.0
    assert "changed by owner" in told
    assert "Smallest edge 3.5" in told


def test_unchanged_parameters_make_no_version(owner: Client):
    version = make_strategy("sharp_reference")

    told = send(
        owner, version.strategy, "parameters",
        p_minimum_edge_pct="2", p_maximum_edge_pct="20",
    )  # fmt: skip

    assert "Nothing changed" in told
    assert StrategyVersion.objects.count() == 1


@pytest.mark.parametrize("wrong", ["21", "-1", "much", "", "nan", "inf"])
def test_parameters_out_of_range_are_refused_and_kept_in_the_form(owner: Client, wrong: str):
    version = make_strategy("sharp_reference")

    told = send(
        owner, version.strategy, "parameters",
        p_minimum_edge_pct=wrong, p_maximum_edge_pct="15",
    )  # fmt: skip

    assert 'role="alert"' in told
    assert 'value="15"' in told
    assert StrategyVersion.objects.count() == 1


def test_a_whole_number_stays_whole(owner: Client):
    version = make_strategy("consensus_value")
    sent = {f"p_{name}": value for name, value in version.mapping.items()}

    told = send(owner, version.strategy, "parameters", **sent | {"p_minimum_operators": "4.5"})

    assert 'role="alert"' in told
    assert StrategyVersion.objects.count() == 1


def test_going_back_to_an_earlier_version_makes_it_current(owner: Client):
    version = make_strategy("sharp_reference")
    add_version(version.strategy, version.mapping, origin="by hand: owner", now=NOON)

    told = send(owner, version.strategy, "version", version=version.pk)

    assert "Version 1 is current again." in told
    assert StrategyVersion.objects.get(is_current=True) == version


def test_a_version_of_another_strategy_is_not_taken(owner: Client):
    version, other = make_strategy("sharp_reference"), make_strategy("consensus_value")

    send(owner, version.strategy, "version", version=other.pk)

    assert StrategyVersion.objects.get(strategy=version.strategy, is_current=True) == version


def test_a_strategy_is_switched_on_its_page(owner: Client):
    version = make_strategy("sharp_reference")

    told = send(owner, version.strategy, "switch")

    assert "predicts nothing more" in told
    assert not Strategy.objects.get().is_active


def test_the_chart_adds_profits_and_averages_clv_over_matches(owner: Client):
    version = make_strategy("sharp_reference")
    make_day(version, date(2026, 8, 1), 1.1, 4.0)
    make_day(version, date(2026, 8, 2), -1.0, -1.0)

    page = owner.get(f"/admin/strategies/{page_of(version.strategy)}").context["page"]

    lines = json.loads(page.chart.data)["datasets"]
    assert lines[0]["data"] == pytest.approx([1.1, 0.1])
    assert lines[1]["data"] == pytest.approx([4.0, 1.5])
    assert page.versions[0].yield_pct == pytest.approx(100 * 0.1 / 2)


def test_a_strategy_without_anything_shows_dashes_and_what_comes(owner: Client):
    shown = text_of(owner, page_of(make_strategy("sharp_reference").strategy))

    assert "Unrated" in shown
    assert "0 of 10 settled" in shown
    assert "Nothing to draw yet" in shown
    assert "None yet" in shown
    assert "Not tested yet" in shown


def test_who_may_only_look_finds_no_form_and_changes_nothing():
    from django.contrib.auth.models import Permission, User

    version = make_strategy("sharp_reference")
    visitor = User.objects.create(username="visitor", is_staff=True)
    visitor.user_permissions.add(Permission.objects.get(codename="view_strategy"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(visitor)

    shown = text_of(client, page_of(version.strategy))
    refused = client.post(reverse("admin:strategies_strategy_switch", args=[version.strategy_id]))

    assert "Save as a new version" not in shown
    assert refused.status_code == 403
    assert Strategy.objects.get().is_active


def test_every_agent_has_a_card_with_its_parameters(owner: Client):
    version = make_strategy("sharp_reference")
    make_record(version, total_predictions=1234)

    shown = text_of(owner, "strategy/agents/")

    for agent in AGENTS.values():
        assert agent.name in shown
    assert "1,234" in shown
    assert "0 to 20, shipped with 2" in shown
    assert f"backtest/add/?agent={version.strategy.agent}" in shown


def test_agents_without_strategies_are_shown_too(owner: Client):
    assert "The ranking has not counted any predictions yet." in text_of(owner, "strategy/agents/")


def test_the_pages_ask_no_more_with_more_rows(owner: Client):
    version = make_strategy("sharp_reference")
    make_record(version)
    make_prediction(version=version)
    addresses = ["strategy/", page_of(version.strategy), "strategy/agents/"]
    before = [queries_of(owner, address) for address in addresses]

    for agent in ("consensus_value", "goals_model", "line_mover"):
        make_record(make_strategy(agent))
    for number in range(4):
        made = add_version(version.strategy, version.mapping, origin="", now=NOON)
        make_prediction(version=version, market="totals", outcome="over", line=number + 1)
        make_day(made, NOON.date() + timedelta(days=number), 1.0, 1.0)

    assert [queries_of(owner, address) for address in addresses] == before
    assert before[0] <= 8
    assert before[1] <= 16
    assert before[2] <= 5


def test_the_settings_of_the_ranking_are_one_form(owner: Client):
    shown = text_of(owner, "rankingsettings/1/change/")

    assert "settled predictions for S or A" in shown.replace("Settled", "settled")
