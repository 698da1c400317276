"""`manage.py import_legacy`: the original's improvements, kept for what they say."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from strategies import lifecycle
from strategies.lifecycle import RefusedChangeError
from strategies.models import Improvement
from tests.factories import NOON
from tests.monps.legacy.original import IMPROVEMENTS
from tests.monps.legacy.running import counted, fill, import_legacy

AGENT = {"agent_name": "Spread Optimizer Ferrari 2.0", "strategy_name": "Kelly Criterion"}
ROW = {
    "strategy_id": 1,
    "agent_name": AGENT["agent_name"],
    "baseline_win_rate": 0,
    "baseline_samples": 34,
    "failure_pattern": "Home favourites after a European match",
    "missing_factors": ["form", "rest days"],
    "recommended_adjustments": '["shrink by 10 %", "skip derbies"]',
    "llm_reasoning": "Rotation is not priced.",
    "new_threshold": "52.5",
    "old_threshold": "50",
    "created_at": "2025-11-22 22:50",
    "status": "proposed",
}


@pytest.mark.django_db
def test_a_threshold_of_confidence_is_archived_with_all_it_said(prepared, other_tables):
    with other_tables(IMPROVEMENTS) as dsn:
        fill(dsn, "strategies", AGENT)
        fill(
            dsn,
            "strategy_improvements",
            ROW,
            ROW
            | {
                "status": "archived",
                "archived_at": "2025-11-23 10:00",
                "archived_reason": "too few bets",
            },
        )

        printed = import_legacy(dsn, "--apply")
        again = import_legacy(dsn, "--apply")

    assert counted(printed, "strategy_improvements")[:4] == [2, 2, 0, 0]
    assert counted(again, "strategy_improvements")[:4] == [2, 0, 2, 0]
    first, second = Improvement.objects.order_by("pk")
    assert (first.strategy.agent, first.status) == ("spread_optimizer", "archived")
    assert first.new_parameters == {"confidence_threshold": 52.5}
    assert (first.old_threshold, first.new_threshold) == (50, 52.5)
    assert first.missing_factors == ["form", "rest days"]
    assert first.recommended_adjustments == ["shrink by 10 %", "skip derbies"]
    assert (first.failure_pattern, first.llm_reasoning) == (
        "Home favourites after a European match",
        "Rotation is not priced.",
    )
    assert first.created_at == datetime(2025, 11, 22, 22, 50, tzinfo=UTC)
    assert "There is no parameter 'confidence_threshold'" in first.archived_reason
    assert second.archived_reason.startswith("too few bets It comes from the original (archived")
    assert second.archived_at == datetime(2025, 11, 23, 10, tzinfo=UTC)
    assert [change.new_status for change in second.changes.order_by("pk")] == [
        "proposed",
        "archived",
    ]


@pytest.mark.django_db
def test_a_kept_threshold_cannot_be_tested_and_has_its_pages(prepared, other_tables, admin_client):
    with other_tables(IMPROVEMENTS) as dsn:
        fill(dsn, "strategies", AGENT)
        fill(dsn, "strategy_improvements", ROW)
        import_legacy(dsn, "--apply")
    improvement = Improvement.objects.get()

    with pytest.raises(RefusedChangeError, match="There is no parameter 'confidence_threshold'"):
        lifecycle.activate([improvement.pk], now=NOON)

    page = reverse("admin:strategies_improvement_change", args=[improvement.pk])
    assert "confidence threshold" in admin_client.get(page).content.decode()
    assert admin_client.get(f"/strategies/improvements/{improvement.pk}").status_code == 200


@pytest.mark.django_db
def test_a_change_that_is_one_here_is_proposed(prepared, other_tables):
    parameters = '{"minimum_edge_pct": 3.5}'
    with other_tables(IMPROVEMENTS) as dsn:
        fill(dsn, "strategies", AGENT)
        given = ROW | {"new_threshold": None, "new_parameters": parameters, "status": "active"}
        put_away = {"status": "archived", "archived_at": "2025-11-24", "archived_reason": "no"}
        fill(dsn, "strategy_improvements", given, given | put_away)

        import_legacy(dsn, "--apply")

    first, second = Improvement.objects.order_by("pk")
    assert (first.status, first.new_parameters) == ("proposed", {"minimum_edge_pct": 3.5})
    assert (second.status, second.archived_reason) == ("archived", "no")


@pytest.mark.django_db
def test_what_cannot_be_an_improvement_is_rejected(prepared, other_tables):
    with other_tables(IMPROVEMENTS) as dsn:
        fill(dsn, "strategies", AGENT, {"agent_name": "Backtest Engine"})
        fill(
            dsn,
            "strategy_improvements",
            ROW | {"agent_name": None, "strategy_id": 2},
            ROW | {"new_threshold": None},
            ROW | {"new_threshold": "NaN"},
            ROW | {"created_at": None},
            ROW | {"created_at": "2999-01-01"},
            ROW | {"status": "perhaps"},
            ROW | {"agent_name": None},
        )

        printed = import_legacy(dsn, "--apply", "--only", "improvements")

    assert counted(printed, "strategy_improvements")[:4] == [7, 1, 0, 6]
    for reason in (
        "agent that MON_PS does not have",
        "neither a threshold nor parameters to change",
        "new_threshold is not a number",
        "improvement without the time it was proposed",
        "proposed in the future",
        "status that means nothing",
    ):
        assert f"rejected: 1 × {reason}\n" in printed


@pytest.mark.django_db
def test_without_strategies_the_sentence_says_what_to_run(other_tables):
    with other_tables(IMPROVEMENTS) as dsn:
        fill(dsn, "strategies", AGENT)
        fill(dsn, "strategy_improvements", ROW)

        assert "agent without a strategy: run manage.py prepare first" in import_legacy(dsn)
    call_command("check")
