"""Small histories of imported matches, with the prices a test names."""

from collections.abc import Mapping, Sequence

import numpy as np

from odds.fair_prices import Panel
from strategies.replay.history import (
    AVERAGE_COLUMN,
    MAXIMUM_COLUMN,
    History,
    Looks,
    Matches,
    Quotes,
)
from strategies.snapshots import Past

FIRST = 1_600_000_000.0
DAY = 86_400.0
KEYS = ("bet365", "betfair_ex_uk", "pinnacle")
COLUMNS = {key: number for number, key in enumerate(KEYS)} | {
    "market_max": MAXIMUM_COLUMN,
    "market_average": AVERAGE_COLUMN,
}
MOMENTS = {"before_close": 2 * DAY, "at_close": 60.0}
Odds = Sequence[Sequence[float]]


def history(
    scores: Sequence[tuple[float, float]],
    prices: Mapping[tuple[str, str], Odds],
    *,
    market: int = 0,
    is_imported: bool = True,
) -> History:
    """Matches a day apart with these results; prices by bookmaker and moment, a row a match."""
    count = len(scores)
    kickoff = FIRST + DAY * np.arange(count)
    rows = [
        (match, COLUMNS[key], kickoff[match] - MOMENTS[moment], list(odds))
        for (key, moment), table in prices.items()
        for match, odds in enumerate(table)
        if not np.isnan(odds[0])
    ]
    rows.sort(key=lambda row: row[:3])
    pairs = sorted({(at, match) for match, _column, at, _odds in rows})
    return History(
        panel=_panel(),
        matches=_matches(scores, kickoff, is_imported=is_imported),
        quotes=Quotes(
            match=np.array([row[0] for row in rows], dtype=np.intp),
            market=np.full(len(rows), market),
            line=np.full(len(rows), 2.5 if market else 0.0),
            column=np.array([row[1] for row in rows], dtype=np.intp),
            odds=np.array([row[3] for row in rows], dtype=np.float64).reshape(-1, 3),
            observed_at=np.array([row[2] for row in rows], dtype=np.float64),
        ),
        looks=Looks(
            match=np.array([match for _at, match in pairs], dtype=np.intp),
            market=np.full(len(pairs), market),
            at=np.array([at for at, _match in pairs], dtype=np.float64),
        ),
        past=Past.nothing(),
    )


def _panel() -> Panel:
    key = np.array(KEYS)
    return Panel(
        key=key,
        operator=np.arange(len(KEYS)),
        is_exchange=key == "betfair_ex_uk",
        is_sharp=key == "pinnacle",
        is_playable=np.zeros(len(KEYS), dtype=np.bool_),
        commission=np.where(key == "betfair_ex_uk", 0.05, 0.0),
    )


def _matches(
    scores: Sequence[tuple[float, float]], kickoff: np.ndarray, *, is_imported: bool
) -> Matches:
    count = len(scores)
    home, away = np.array(scores, dtype=np.float64).reshape(-1, 2).T
    return Matches(
        id=np.arange(count) + 1,
        sport=np.full(count, "soccer_epl"),
        home=np.array([f"Home {number}" for number in range(count)]),
        away=np.array([f"Away {number}" for number in range(count)]),
        kickoff=kickoff,
        home_score=home,
        away_score=away,
        is_void=np.zeros(count, dtype=np.bool_),
        has_draws=np.ones(count, dtype=np.bool_),
        is_imported=np.full(count, is_imported),
    )
