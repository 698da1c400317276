"""Closing lines that are missing, and why: a match is never silently without one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from betting.closing.prices import ClosingBoard, Key
from betting.closing.quotes import ClosingQuotes
from betting.detection.board import MARKETS
from betting.models import Bet, BetMarket, ClosingLine
from betting.models.grades import graded_models

Reason = ClosingLine.Missing

# Markets that are graded by the match winner's closing line.
READ_FROM: Final[dict[str, str]] = {
    BetMarket.DRAW_NO_BET.value: BetMarket.H2H.value,
    BetMarket.DOUBLE_CHANCE.value: BetMarket.H2H.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A line no reference priced at kick-off."""

    key: Key
    reason: Reason


def missing_lines(
    match_ids: Sequence[int], quotes: ClosingQuotes, known: Collection[Key]
) -> list[MissingLine]:
    """What is missing for these matches, one for each key.

    That is: a market somebody quoted and nobody may grade (at its main line), every line that a
    bet or an opportunity waits for, and the match winner where a match has nothing at all.

    Args:
        match_ids: The matches captured.
        quotes: Their closing quotes.
        known: The keys that have a reference, whatever its source.
    """
    offered = _offered(quotes.own)
    missing = {key: _reason(key, offered, quotes) for key in _unpriced_markets(offered, known)}
    for key in _wanted(match_ids):
        if key not in known:
            missing[key] = _reason(key, offered, quotes)
    has_row = {match_id for match_id, _market, _line in (*known, *missing)}
    for match_id in match_ids:
        if match_id not in has_row:
            key = match_id, MARKETS[0], 0.0
            missing[key] = _reason(key, offered, quotes)
    return [MissingLine(key=key, reason=reason) for key, reason in sorted(missing.items())]


def _offered(board: ClosingBoard) -> dict[Key, int]:
    """How many bookmakers still offered each line that was ever quoted."""
    counts = (~np.isnan(board.odds)).any(axis=2).sum(axis=1)
    return dict(zip(board.keys, counts.tolist(), strict=True))


def _unpriced_markets(offered: dict[Key, int], known: Collection[Key]) -> Iterator[Key]:
    """Of each market without any reference the line most bookmakers offered."""
    priced = {(match_id, market) for match_id, market, _line in known}
    main: dict[tuple[int, str], Key] = {}
    for key, count in offered.items():
        market = key[:2]
        if market not in priced and (market not in main or count > offered[main[market]]):
            main[market] = key
    yield from main.values()


def _wanted(match_ids: Sequence[int]) -> set[Key]:
    """The lines that prices to be graded are on, cancelled bets left out."""
    wanted: set[Key] = set()
    for model in graded_models():
        rows = Bet.objects.kept() if model is Bet else model._default_manager.all()
        keys = rows.filter(match__in=match_ids).order_by().distinct()
        for match_id, market, line in keys.values_list("match_id", "market", "line"):
            wanted.add((match_id, READ_FROM.get(market, market), float(line)))
    return wanted


def _reason(key: Key, offered: dict[Key, int], quotes: ClosingQuotes) -> Reason:
    if offered.get(key):
        return Reason.NO_REFERENCE
    match_id, market, _line = key
    was_looked_at = (match_id, market) in quotes.looks
    if was_looked_at or any(other[:2] == (match_id, market) for other in offered):
        return Reason.NOT_OFFERED
    return Reason.NOT_COLLECTED
