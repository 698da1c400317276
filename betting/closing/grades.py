"""A price held against the closing lines of its match.

Pure numbers, nothing of Django. What is graded is the odds as they were taken: net of commission
against the closing probability, as offered against the closing odds.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from betting.closing.clv import Candidate, choose, fair_clv, fair_clv_of_lay, raw_clv

HOME, DRAW, AWAY = range(3)
PLACES: Final = {"home": HOME, "draw": DRAW, "away": AWAY, "over": HOME, "under": AWAY}
REFUNDED: Final = "draw_no_bet"
# What a double chance is lost by.
EXCLUDED: Final = {"1x": AWAY, "12": DRAW, "x2": HOME}
PLAYED_AS: Final = {REFUNDED: "h2h", "double_chance": "h2h"}  # graded by another market's line

Lines = Mapping[tuple[str, float], Sequence[Candidate]]  # by market and line, best trusted first


class Status(enum.StrEnum):
    """What came of grading."""

    GRADED = "graded"
    EARLY = "early"
    LINE_MOVED = "line_moved"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One price that was taken, or could have been.

    `selected_by` is the reference that chose it, `operator` who offered it; empty where unknown.
    """

    market: str
    line: float
    outcome: str
    odds: float
    commission: float
    selected_by: str
    operator: str
    is_lay: bool = False

    @property
    def key(self) -> tuple[str, float]:
        """The market and line whose closing prices grade it."""
        return PLAYED_AS.get(self.market, self.market), self.line

    @property
    def net_odds(self) -> float:
        """Odds after the exchange has kept its share of the winnings."""
        return 1 + (1 - self.commission) * (self.odds - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How a price compared with the closing line; `raw` and `fair` CLV as fractions."""

    status: Status
    reference: str = ""
    odds: float | None = None
    probability: float | None = None
    minutes: float | None = None
    raw: float | None = None
    fair: float | None = None


def grade(price: Price, lines: Lines, *, maximum_minutes: float) -> Grade:
    """Grade a price by the first reference that neither selected nor offered it.

    Args:
        price: What was taken.
        lines: The closing lines of its match.
        maximum_minutes: Seen longer before kick-off than this, a closing line is early.
    """
    chosen, is_early = _choose(price, lines.get(price.key, ()), maximum_minutes)
    if chosen is None:
        moved, _early = _choose(price, list(_other_lines(price, lines)), maximum_minutes)
        return Grade(status=Status.LINE_MOVED if moved else Status.MISSING)
    odds, probability = closing_price(price.market, price.outcome, chosen)
    if probability is None:
        return Grade(status=Status.MISSING)
    raw = None if odds is None else raw_clv(price.odds, odds)
    if price.is_lay:
        raw = None if raw is None else -raw
        fair = fair_clv_of_lay(price.odds, probability, price.commission)
    else:
        fair = fair_clv(price.net_odds, probability)
    return Grade(
        status=Status.EARLY if is_early else Status.GRADED,
        reference=chosen.reference,
        odds=odds,
        probability=probability,
        minutes=chosen.minutes,
        raw=raw,
        fair=fair,
    )


def grade_arbitrage(legs: Sequence[Price], lines: Lines, *, maximum_minutes: float) -> Grade:
    """Grade all legs of an arbitrage by one reference, which offered none of them.

    Stakes are shared so that every outcome pays the same. Such a bet has no favourite, so its fair
    CLV is its profit whatever the closing probabilities are; only the raw one tells how the prices
    moved. Operators of legs have a voice in a consensus all the same.
    """
    operators = {leg.operator for leg in legs}
    free = {
        key: [one for one in candidates if one.operator not in operators]
        for key, candidates in lines.items()
    }
    grades = [
        grade(replace(leg, operator=""), free, maximum_minutes=maximum_minutes) for leg in legs
    ]
    first = grades[0]
    if first.fair is None:
        return first
    shares = arbitrage_shares(legs)
    return replace(
        first,
        odds=None,
        probability=None,
        raw=_weighted(shares, [one.raw for one in grades]),
        fair=_weighted(shares, [one.fair for one in grades]),
    )


def arbitrage_shares(legs: Sequence[Price]) -> list[float]:
    """The part of the whole stake on each leg, so that all pay the same net of commission."""
    cost = sum(1 / leg.net_odds for leg in legs)
    return [1 / (leg.net_odds * cost) for leg in legs]


def closing_price(
    market: str, outcome: str, candidate: Candidate
) -> tuple[float | None, float | None]:
    """The closing odds and fair probability of one outcome; None where they are undefined.

    Draw no bet and double chance are made of the match winner's closing line: the first is the
    chance of winning where it is not drawn, with the odds of a bet whose draw is covered; the
    second adds two chances, with the odds of both backed for the same return.
    """
    odds, fair = candidate.odds, candidate.fair
    if market == REFUNDED:
        return _refunded(PLACES[outcome], candidate)
    if outcome in EXCLUDED:
        kept = [place for place in (HOME, DRAW, AWAY) if place != EXCLUDED[outcome]]
        chances = [fair[place] for place in kept]
        implied = [1 / one if (one := odds[place]) else None for place in kept]
        total = _sum(implied)
        return (1 / total if total else None), _sum(chances)
    return odds[PLACES[outcome]], fair[PLACES[outcome]]


def _choose(
    price: Price, candidates: Sequence[Candidate], maximum_minutes: float
) -> tuple[Candidate | None, bool]:
    return choose(
        candidates,
        selected_by=price.selected_by,
        operator=price.operator,
        maximum_minutes=maximum_minutes,
    )


def _other_lines(price: Price, lines: Lines) -> Iterator[Candidate]:
    market, line = price.key
    for key, candidates in lines.items():
        if key[0] == market and key[1] != line:
            yield from candidates


def _refunded(place: int, candidate: Candidate) -> tuple[float | None, float | None]:
    """Draw no bet: o' = o (1 - 1/o_draw), p' = p / (p_home + p_away)."""
    odds, draw = candidate.odds[place], candidate.odds[DRAW]
    chance, total = candidate.fair[place], _sum([candidate.fair[HOME], candidate.fair[AWAY]])
    if odds is not None and draw is not None:
        odds *= 1 - 1 / draw
    return odds, (chance / total if chance is not None and total else None)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _weighted(shares: Sequence[float], values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return sum(share * value for share, value in zip(shares, known, strict=True))
