"""Replayed results and closing lines are those that live predictions get."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from betting.closing import capture
from betting.detection.board import MARKETS, OUTCOMES
from odds.models import Bookmaker, Match, Sport
from strategies.live import settling
from strategies.models import Prediction
from strategies.predictions import AVERAGE, MAXIMUM
from strategies.registry import AGENTS
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import AT_CLOSE, decide, looks_in
from strategies.replay.outcomes import shares_won
from strategies.replay.reading import read_history
from strategies.replay.snapshots import see
from strategies.replay.states import Series
from tests.factories import NOON, make_strategy

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT.parent / "shared/data/football-data"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(
        not FOLDER.exists(), reason="the recorded seasons are not beside the repository"
    ),
    pytest.mark.django_db,
]


def store(decisions, history, version):
    """The decisions as rows that live predictions would be."""
    ids = dict(Bookmaker.objects.values_list("key", "id"))
    keys = {MAXIMUM: "market_max", AVERAGE: "market_average"}
    keys |= dict(enumerate(history.panel.key.tolist()))
    return Prediction.objects.bulk_create(
        [
            Prediction(
                version=version,
                match_id=int(history.matches.id[decisions.match[n]]),
                market=MARKETS[decisions.market[n]],
                line=Decimal(f"{decisions.line[n]:.2f}"),
                outcome=OUTCOMES[decisions.market[n]][decisions.place[n]],
                odds=Decimal(f"{decisions.odds[n]:.3f}"),
                bookmaker_id=ids[keys[int(decisions.column[n])]],
                probability=float(decisions.probability[n]),
                edge_pct=float(decisions.edge[n]) * 100,
                kelly=0.01,
                reference=keys.get(int(decisions.source[n]), ""),
                predicted_at=datetime.fromtimestamp(decisions.at[n], UTC),
            )
            for n in range(len(decisions))
        ]
    )


@pytest.mark.parametrize("season", ["2019-2020_E0", "2024-2025_E0", "2025-2026_E0"])
@pytest.mark.parametrize("agent", ["sharp_reference", "consensus_value"])
def test_a_replay_settles_and_grades_as_live_predictions_are(season, agent):
    call_command("import_football_data", str(FOLDER / f"{season}.csv.gz"), verbosity=0)
    history = read_history(
        list(Sport.objects.values_list("key", flat=True)),
        since=datetime(2010, 1, 1, tzinfo=UTC),
        until=datetime(2030, 1, 1, tzinfo=UTC),
    )
    rules = AGENTS[agent]
    given = {"maximum_edge_pct": 1000.0, "minimum_edge_pct": 0.0}
    if agent == "consensus_value":
        given |= {"home_offset": 0.02, "draw_offset": 0.02, "away_offset": 0.02}
    made = decide(rules, rules.parameters(**given), history)
    assert len(made) >= 30

    shares, clv = (
        shares_won(made, history),
        fair_clv(made, closing_of(made, history), made.net_odds),
    )

    rows = store(made, history, make_strategy(agent))
    capture.capture(Match.objects.values_list("pk", flat=True), now=NOON)
    settling.grade_predictions(NOON)
    settling.settle_predictions(NOON)
    for row in rows:
        row.refresh_from_db()
    profit = np.where(shares > 0, shares * (made.net_odds - 1), shares)
    assert [row.profit for row in rows] == pytest.approx(profit.tolist(), nan_ok=True)
    graded = [row.clv_fair_pct if row.clv_status == "graded" else np.nan for row in rows]
    assert graded == pytest.approx((clv * 100).tolist(), nan_ok=True)


def test_a_bookmaker_that_is_missing_from_the_closing_prices_offers_nothing_there():
    # 2018/19 has closing prices of Pinnacle alone, and earlier ones of seven bookmakers.
    call_command("import_football_data", str(FOLDER / "2018-2019_E0.csv.gz"), verbosity=0)
    history = read_history(
        list(Sport.objects.values_list("key", flat=True)),
        since=datetime(2010, 1, 1, tzinfo=UTC),
        until=datetime(2030, 1, 1, tzinfo=UTC),
        markets=["h2h"],
    )

    seen = see(
        history,
        Series.of(history.quotes, len(history.matches)),
        looks_in(history, AT_CLOSE),
    )

    assert len(seen.snapshot) == 380
    assert history.panel.key[seen.columns].tolist() == ["pinnacle"]
    assert np.isnan(seen.snapshot.maximum).all()
    assert np.isnan(seen.snapshot.average).all()
