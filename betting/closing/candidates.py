"""Closing lines as grading takes them: the references of each match in the order of trust."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from betting.closing.clv import FOOTBALL_DATA, Candidate
from betting.closing.grades import Lines, Price
from betting.closing.prices import CONSENSUS, ClosingPrices, Consensus, as_odds
from betting.closing.quotes import read_closing_quotes
from betting.models import ClosingLine
from odds.models import Bookmaker

# Own collection before football-data.co.uk; in each a sharp bookmaker, an exchange, then the many.
SOURCES: Final[list[str]] = [ClosingLine.Source.QUOTES, ClosingLine.Source.FOOTBALL_DATA]
KINDS: Final[list[str]] = [Bookmaker.Kind.SHARP, Bookmaker.Kind.EXCHANGE]


def in_force(kick_off: Combinable) -> Q:
    """Lines that may grade: of this kick-off, or of football-data.co.uk, which knows the final one.

    Args:
        kick_off: The match's, as seen from a closing line.
    """
    return Q(kickoff_at=kick_off) | Q(source=ClosingLine.Source.FOOTBALL_DATA)


def read_lines(match_ids: Sequence[int]) -> Mapping[int, Lines]:
    """The closing lines in force of these matches, by match, market and line."""
    kinds = {row.key: row for row in Bookmaker.objects.only("key", "kind", "operator")}
    lines = ClosingLine.objects.filter(
        in_force(F("match__commence_time")), match__in=match_ids, missing=""
    )
    by_match: dict[int, dict[tuple[str, float], list[Candidate]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in sorted(lines.order_by(), key=lambda line: _trust(line, kinds)):
        candidate = _candidate(line, kinds)
        by_match[line.match_id][line.market, float(line.line)].append(candidate)
    return by_match


class ConsensusWithout:
    """Closing consensuses formed again without some operator.

    History is read once for all the matches, and each operator's absence is worked out once.
    """

    def __init__(self, match_ids: Sequence[int], *, minimum_operators: int) -> None:
        self._prices = ClosingPrices(read_closing_quotes(match_ids).own)
        self._group = {key: number for number, key in enumerate(self._prices.board.keys)}
        self._minimum_operators = minimum_operators
        self._without: dict[str, Consensus] = {}

    def lines_for(self, price: Price, match_id: int, lines: Lines) -> Lines:
        """The lines with a consensus in which the price's own operator has no voice.

        Where too few others are left, no line of the match has a consensus any more.
        """
        found = lines[price.key]
        stored = next(one for one in found if one.reference == CONSENSUS)
        formed = self._formed(stored, (match_id, *price.key), price.operator)
        if formed is None:
            return {
                key: [one for one in candidates if one.reference != CONSENSUS]
                for key, candidates in lines.items()
            }
        replaced = [formed if one is stored else one for one in found]
        return {**lines, price.key: replaced}

    def _formed(
        self, stored: Candidate, key: tuple[int, str, float], operator: str
    ) -> Candidate | None:
        group = self._group.get(key)
        if group is None:
            return None
        if operator not in self._without:
            self._without[operator] = self._prices.consensus(
                minimum_operators=self._minimum_operators, without=[operator]
            )
        consensus = self._without[operator]
        fair = as_odds(consensus.fair[group])
        if fair[0] is None:
            return None
        return replace(stored, odds=as_odds(consensus.odds[group]), fair=fair)


def _trust(line: ClosingLine, bookmakers: Mapping[str, Bookmaker]) -> tuple[object, ...]:
    """Sorts lines by source and kind of reference, of equal ones the lowest margin first."""
    bookmaker = bookmakers.get(line.reference.removeprefix(FOOTBALL_DATA))
    kind = KINDS.index(bookmaker.kind) if bookmaker and bookmaker.kind in KINDS else len(KINDS)
    overround = sum(1 / one for one in (line.odds_1, line.odds_x, line.odds_2) if one)
    return SOURCES.index(line.source), kind, overround, line.reference


def _candidate(line: ClosingLine, bookmakers: Mapping[str, Bookmaker]) -> Candidate:
    bookmaker = bookmakers.get(line.reference.removeprefix(FOOTBALL_DATA))
    return Candidate(
        reference=line.reference,
        operator=_operator(bookmaker),
        odds=(_number(line.odds_1), _number(line.odds_x), _number(line.odds_2)),
        fair=(line.fair_1, line.fair_x, line.fair_2),
        minutes=line.minutes_before_kickoff or 0.0,
        source=line.source,
    )


def _number(odds: Decimal | None) -> float | None:
    return None if odds is None else float(odds)


def _operator(bookmaker: Bookmaker | None) -> str:
    """Who stands behind a reference; nobody alone behind a consensus or an average."""
    if bookmaker is None or bookmaker.kind == Bookmaker.Kind.AGGREGATE:
        return ""
    return bookmaker.operator
