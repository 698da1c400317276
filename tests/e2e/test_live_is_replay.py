"""What agents said live at every recorded answer is what a replay of the stored history says."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from betting.detection.board import MARKETS, OUTCOMES
from odds import replay
from odds.models import Bookmaker, Sport
from strategies.live import asking
from strategies.models import Prediction
from strategies.parameters import ranges
from strategies.predictions import EVERY
from strategies.registry import AGENTS
from strategies.replay.decisions import Window, decide
from strategies.replay.reading import read_history
from tests.factories import make_strategy

ROOT = Path(__file__).resolve().parents[2]
SERIES = ROOT.parent / "shared/data/the-odds-api/series"
EVER = Window(earliest=np.inf, latest=0.0)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.recorded,
    pytest.mark.skipif(
        not SERIES.exists(), reason="the recorded odds are not beside the repository"
    ),
    pytest.mark.django_db,
]


def eager(agent):
    """The agent with its bounds as wide as they go, so that it says much."""
    allowed = ranges(agent.parameters)
    return {
        name: one.low if name.startswith("minimum") or name.endswith("offset") else one.high
        for name, one in allowed.items()
        if name.startswith(("minimum", "maximum")) or name.endswith("offset")
    }


def said_live(version):
    return {
        (row.match_id, row.market, float(row.line)): (
            row.outcome,
            float(row.odds),
            row.bookmaker and row.bookmaker.key,
            row.predicted_at.timestamp(),
            pytest.approx(row.probability, abs=1e-12),
        )
        for row in Prediction.objects.filter(version=version).select_related("bookmaker")
    }


def said_in_replay(agent, parameters, history):
    made = decide(agent, parameters, history, window=EVER)
    keys = history.panel.key.tolist()
    return {
        (int(history.matches.id[match]), MARKETS[market], line): (
            "all" if place == EVERY else OUTCOMES[market][place],
            pytest.approx(round(odds, 3)),
            None if place == EVERY else keys[column],
            at,
            probability,
        )
        for match, market, line, place, odds, column, at, probability in zip(
            made.match.tolist(),
            made.market.tolist(),
            made.line.tolist(),
            made.place.tolist(),
            made.odds.tolist(),
            made.column.tolist(),
            made.at.tolist(),
            made.probability.tolist(),
            strict=True,
        )
    }


@pytest.mark.parametrize(
    ("folder", "days", "every"),
    [
        ("soccer_fifa_world_cup_2026_us", ("2026-06-17", "2026-06-18"), 1),
        ("soccer_fifa_world_cup_2026_us", ("2026-06-20",), 2),
        ("baseball_kbo_2026_us", (), 24),
    ],
)
def test_live_decisions_are_replay_decisions(folder, days, every):
    agents = [agent for agent in AGENTS.values() if not agent.combines]
    versions = {agent.key: make_strategy(agent.key, parameters=eager(agent)) for agent in agents}
    # Sharp Reference needs one; whoever is taken for it is the same live and in the replay.
    Bookmaker.objects.create(key="lowvig", title="LowVig", operator="lowvig", kind="sharp")
    paths = [
        path
        for path in sorted((SERIES / folder).glob("*.jsonl.gz"))
        if not days or path.name[:10] in days
    ]

    for path in paths:
        with path.open("rb") as stream:
            for number, recording in enumerate(replay.read_recordings(path, stream)):
                if number % every == 0:
                    replay.store_recording(recording, odds_format="american")
                    sport = Sport.objects.get(key=recording.sport_key)
                    asking.predict(sport.pk, now=recording.observed_at)

    history = read_history(
        list(Sport.objects.values_list("key", flat=True)),
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2030, 1, 1, tzinfo=UTC),
    )
    said = 0
    for agent in agents:
        version = versions[agent.key]
        lived = said_live(version)
        said += len(lived)
        assert said_in_replay(agent, version.values, history) == lived, agent.key
    assert said > 100
