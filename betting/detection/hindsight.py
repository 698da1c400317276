"""Opportunities held against their boards again: why each one counts, and how firmly.

A market's board is what the look that last found the opportunity saw, or a newer one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from betting.detection.board import Board, QuoteTable
from betting.detection.current_quotes import Group, read_bookmakers, read_quotes_of
from betting.detection.explanation import Explanation, band_at, bands, explain, place_of
from betting.detection.opportunities import ALWAYS_DRAWS, thresholds_of
from betting.models import DetectionSettings, Opportunity
from odds.fair_prices import Flags

Band = tuple[float, float]


def explain_opportunity(found: Opportunity, settings: DetectionSettings) -> Explanation | None:
    """Everything that judged its price; None where the price is no longer offered, or is none."""
    if found.best_bookmaker is None or found.closed_at is not None:
        return None
    for board in _boards([found]):
        if at := place_of(board, **_price_of(found)):
            return explain(board, thresholds_of(settings), at)
    return None


def edge_bands(rows: Sequence[Opportunity], settings: DetectionSettings) -> dict[int, Band]:
    """The lowest and the highest edge that any method gives, by opportunity; as fractions.

    Closed ones and those without a single price or a reference have none.
    """
    priced = [row for row in rows if row.best_bookmaker is not None and row.closed_at is None]
    thresholds = thresholds_of(settings)
    given: dict[int, Band] = {}
    for board in _boards(priced) if priced else []:
        spread = bands(board, thresholds)
        for row in priced:
            at = place_of(board, **_price_of(row))
            band = band_at(spread, at) if at else None
            if band is not None:
                given[row.pk] = band
    return given


def _price_of(found: Opportunity) -> dict[str, Any]:
    return {
        "match_id": found.match_id,
        "market": found.market,
        "line": float(found.line),
        "outcome": found.outcome,
        "bookmaker": found.best_bookmaker.key if found.best_bookmaker else "",
    }


def _boards(rows: Iterable[Opportunity]) -> list[Board]:
    """The markets of these rows, those of sports that always have a draw on a board of their own.

    Rows must bring their match and its sport.
    """
    since: dict[Group, datetime] = {}
    with_draws = set()
    for row in rows:
        group = row.match_id, row.market, row.line
        since[group] = max(row.last_seen_at, since.get(group, row.last_seen_at))
        if row.match.sport.key.startswith(ALWAYS_DRAWS):
            with_draws.add(row.match_id)
    panel, ids = read_bookmakers()
    quotes = read_quotes_of(since, ids=list(ids.values()))
    may_draw = np.isin(quotes.match_id, list(with_draws))
    return [
        Board.of(_taken(quotes, which), panel, has_draws=has_draws)
        for which, has_draws in ((may_draw, True), (~may_draw, False))
        if which.any()
    ]


def _taken(quotes: QuoteTable, which: Flags) -> QuoteTable:
    return QuoteTable(
        **{field.name: getattr(quotes, field.name)[which] for field in fields(QuoteTable)}
    )
