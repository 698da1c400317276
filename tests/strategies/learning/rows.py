"""Predictions as plain rows, and evidence made of them."""

import numpy as np

from betting.bets.rules import Ending
from strategies.agents.sharp_reference import Parameters
from strategies.learning.evidence import Evidence, settings_of
from strategies.learning.segments import Made
from strategies.parameters import as_mapping, ranges

LEAGUES = ("soccer_epl", "soccer_france_ligue_one", "soccer_spain_la_liga")
BOOKMAKERS = ("betclic_fr", "unibet_eu", "winamax_fr", "parionssport_fr")


def made(**given):
    """A graded prediction on home at 2.10 that lost a unit."""
    values = {
        "match_id": 1,
        "league": "soccer_epl",
        "market": "h2h",
        "outcome": "home",
        "bookmaker": "betclic_fr",
        "odds": 2.1,
        "probability": 0.5,
        "edge_pct": 5.0,
        "agreement": 0.5,
        "hours": 12.0,
        "clv_pct": 1.0,
        "result": Ending.LOST,
        "profit": -1.0,
    }
    return Made(**values | given)


def evidence_of(rows, *, kind=Parameters, current=None, refused=()):
    return Evidence.of(
        rows,
        agent="Sharp Reference",
        strategy="Buchdahl",
        settings=settings_of(as_mapping(kind()) | (current or {}), ranges(kind)),
        refused=refused,
    )


def season(seed, *, clv_of_edge=lambda _edge: 0.0, count=1500):
    """Predictions of a season with a CLV spread of 9.5 %, about a mean that the edge sets.

    Two in three matches have two predictions, whose CLVs share half their variance.
    """
    random = np.random.default_rng(seed)
    matches = random.integers(0, count * 2 // 3, count)
    shared = random.normal(0, 9.5 / np.sqrt(2), count)
    own = random.normal(0, 9.5 / np.sqrt(2), count)
    edges = 2 + random.exponential(4, count).clip(0, 18)
    return [
        made(
            match_id=int(matches[place]),
            league=LEAGUES[matches[place] % 3],
            bookmaker=BOOKMAKERS[random.integers(4)],
            market=("h2h", "totals")[random.integers(2)],
            odds=float(1.2 + random.exponential(2)),
            hours=float(random.exponential(24)),
            edge_pct=float(edges[place]),
            clv_pct=float(clv_of_edge(edges[place]) + shared[matches[place]] + own[place]),
        )
        for place in range(count)
    ]
