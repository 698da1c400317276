"""The newest wrong predictions of an agent, as the API tells them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from strategies.api.failures import FailuresSerializer
from strategies.api.ranking import AgentFailures
from strategies.models import Prediction, StrategyVersion
from tests.api import utc_text
from tests.factories import make_bookmaker, make_match, make_strategy
from tests.strategies.ranking.asked import ask, assert_as_described, get
from tests.strategies.ranking.predicted import on_lines, settled

NOW = timezone.now().replace(hour=12)
pytestmark = pytest.mark.django_db


def test_a_failure_tells_what_was_held_and_what_came():
    version = make_strategy()
    match = make_match(commence_time=NOW, status="completed", home_score=1, away_score=1)
    prediction = settled(
        version,
        "lost",
        match=match,
        confidence=0.75,
        clv=-1.5,
        bookmaker=make_bookmaker("unibet_fr"),
    )
    settled(version, "won")

    answer = get(AgentFailures, agent_name="Sharp Reference")

    assert_as_described(FailuresSerializer, answer)
    assert (answer["agent_name"], answer["failures_count"]) == ("Sharp Reference", 1)
    (failure,) = answer["failures"]
    assert failure["match_id"] == match.provider_id
    assert (failure["home_team"], failure["away_team"]) == (match.home_team, match.away_team)
    assert (failure["predicted_outcome"], failure["actual_outcome"]) == ("home", "draw")
    assert failure["confidence"] == 0.75
    assert failure["factors"] == {
        "strategy": "Sharp Reference · Buchdahl v1",
        "market": "h2h",
        "line": None,
        "odds": "2.10",
        "bookmaker": "unibet_fr",
        "probability": 0.5,
        "edge_pct": 5.0,
        "kelly": pytest.approx(0.05 / 1.1),
        "reference": "pinnacle",
        "predicted_at": utc_text(prediction.predicted_at),
        "clv_fair_pct": -1.5,
        "profit": -1.0,
    }
    assert failure["reasoning"] == (
        "It took home at odds of 2.10 at unibet_fr, where pinnacle gave it a chance of 50.0% and "
        "so an edge of +5.0 %; its fair CLV was -1.5 %."
    )


@pytest.mark.parametrize(
    ("market", "outcome", "line", "score", "came"),
    [
        ("h2h", "draw", "0", (2, 1), "home"),
        ("h2h", "draw", "0", (0, 1), "away"),
        ("totals", "over", "2.5", (1, 1), "under"),
        ("totals", "over", "2.25", (1, 1), "under"),
        ("totals", "under", "2.75", (2, 1), "over"),
        ("spreads", "home", "-1.5", (1, 0), "away"),
        ("spreads", "away", "0.25", (1, 1), "home"),
    ],
)
def test_what_came_is_said_in_the_markets_own_outcomes(market, outcome, line, score, came):
    home, away = score
    match = make_match(status="completed", home_score=home, away_score=away)
    settled(
        make_strategy(), "lost", match=match, market=market, outcome=outcome, line=Decimal(line)
    )

    (failure,) = get(AgentFailures, agent_name="sharp_reference")["failures"]

    assert failure["actual_outcome"] == came
    assert (failure["factors"]["line"] is None) == (market == "h2h")


def test_what_came_is_unknown_without_a_score():
    settled(make_strategy(), "lost", reference="", bookmaker=None)

    (failure,) = get(AgentFailures, agent_name="sharp_reference")["failures"]

    assert (failure["actual_outcome"], failure["confidence"]) == (None, None)
    assert (failure["factors"]["bookmaker"], failure["factors"]["reference"]) == (None, None)
    assert "its own model gave" in failure["reasoning"]
    assert "no closing line graded it" in failure["reasoning"]


def test_failures_are_those_of_all_versions_of_this_agent_the_newest_first():
    first, other = make_strategy(), make_strategy("consensus_value")
    second = StrategyVersion.objects.create(
        strategy=first.strategy, number=2, parameters={}, created_at=NOW
    )
    for minutes, version in ((3, first), (1, second), (2, first), (0, other)):
        settled(version, "half_lost", predicted_at=NOW - timedelta(minutes=minutes))

    found = get(AgentFailures, {"limit": 2}, agent_name="SHARP REFERENCE")

    assert [one["factors"]["predicted_at"] for one in found["failures"]] == [
        utc_text(NOW - timedelta(minutes=1)),
        utc_text(NOW - timedelta(minutes=2)),
    ]


def test_failures_are_bounded():
    on_lines(make_strategy(), make_match(), *["lost"] * 12)

    assert get(AgentFailures, agent_name="sharp_reference")["failures_count"] == 10
    assert ask(AgentFailures, {"limit": 101}, agent_name="sharp_reference").status_code == 400
    assert ask(AgentFailures, {"limit": 0}, agent_name="sharp_reference").status_code == 400


def test_only_the_newest_thousand_predictions_are_looked_through():
    """Or an agent that is hardly ever wrong would take longer with every season."""
    version, match = make_strategy(), make_match()
    wrong = settled(version, "lost")
    right = [
        Prediction(
            version=version,
            match=match,
            market="totals",
            line=Decimal(number),
            outcome="over",
            odds=Decimal(2),
            probability=0.5,
            edge_pct=0,
            kelly=0,
            predicted_at=wrong.predicted_at + timedelta(seconds=1),
            result="won",
            profit=1,
            settled_at=NOW,
        )
        for number in range(1000)
    ]
    Prediction.objects.bulk_create(right[1:])
    assert get(AgentFailures, agent_name="sharp_reference")["failures_count"] == 1

    Prediction.objects.bulk_create(right[:1])

    assert get(AgentFailures, agent_name="sharp_reference")["failures_count"] == 0


def test_failures_of_an_unknown_agent_are_not_found():
    response = ask(AgentFailures, agent_name="Agent Z")

    assert response.status_code == 404
    assert response.data == {"detail": "Agent Agent Z non trouvé"}
