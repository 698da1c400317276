"""Predictions into rows, each match, market and line once for a version."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from betting.detection.board import MARKETS, OUTCOMES
from betting.detection.findings import CONSENSUS_NAME, EVERY_OUTCOME
from odds.fair_prices import CONSENSUS, NOBODY
from odds.models import Bookmaker
from strategies.live.agreement import agreement
from strategies.models import Prediction, StrategyVersion
from strategies.predictions import AVERAGE, EVERY, NO_LEG, Predictions
from strategies.snapshots import Snapshot

REFERENCES: Final = {CONSENSUS: CONSENSUS_NAME, NOBODY: "", AVERAGE: "market_average"}


def store(
    snapshot: Snapshot,
    made: Sequence[tuple[StrategyVersion, Predictions]],
    *,
    at: datetime,
) -> int:
    """Store what versions predict about a snapshot; what they predicted before stands.

    Args:
        snapshot: What they were asked about.
        made: What each said.
        at: The instant of the snapshot.

    Returns:
        How many predictions are new.
    """
    ids = dict(Bookmaker.objects.values_list("key", "id"))
    rows = [
        row
        for version, predictions in made
        for row in _rows(version, predictions, snapshot, ids, at)
    ]
    before = Prediction.objects.filter(predicted_at=at).count()
    Prediction.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return Prediction.objects.filter(predicted_at=at).count() - before


def _rows(
    version: StrategyVersion,
    made: Predictions,
    snapshot: Snapshot,
    ids: dict[str, int],
    at: datetime,
) -> Iterator[Prediction]:
    board, keys = snapshot.board, snapshot.board.panel.key.tolist()
    agreements = agreement(snapshot, made).tolist()
    for number, group in enumerate(made.group.tolist()):
        market, place = int(board.market[group]), int(made.place[number])
        source = int(made.source[number])
        yield Prediction(
            version=version,
            match_id=int(board.match_id[group]),
            market=MARKETS[market],
            line=Decimal(f"{board.line[group]:.2f}"),
            outcome=EVERY_OUTCOME if place == EVERY else OUTCOMES[market][place],
            odds=Decimal(f"{made.odds[number]:.3f}"),
            bookmaker_id=None if place == EVERY else ids[keys[made.column[number]]],
            probability=float(made.probability[number]),
            edge_pct=float(made.edge[number]) * 100,
            kelly=float(made.kelly[number]),
            confidence=None if math.isnan(agreements[number]) else agreements[number],
            reference=keys[source] if source >= 0 else REFERENCES[source],
            legs=list(_legs(snapshot, made, number)),
            predicted_at=at,
        )


def _legs(snapshot: Snapshot, made: Predictions, number: int) -> Iterator[dict[str, Any]]:
    board, group = snapshot.board, made.group[number]
    for place, column in enumerate(made.legs[number].tolist()):
        if column != NO_LEG:
            yield {
                "outcome": OUTCOMES[int(board.market[group])][place],
                "bookmaker": str(board.panel.key[column]),
                "odds": float(board.odds[group, column, place]),
            }
