"""The verdict: does the bettor beat the closing line, or can nobody tell yet?

Closing line value decides, not money. A bet's return scatters sixteen times as widely as its CLV,
so that an edge of 2 % shows in about 150 bets by CLV and in some 44,000 by profit.
"""

import enum
from dataclasses import dataclass
from typing import Final

from betting.performance.measures import FEWEST

TOO_FEW_MATCHES: Final = FEWEST  # below it there is no confidence sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a set of bets amounts to; percentages, `None` where undefined.

    Attributes:
        bets: Settled ones, void ones left out.
        graded: Those among them that a timely and independent closing line graded.
        matches: How many matches the graded ones are on.
        claimed_pct: Mean edge they were placed for.
        clv_pct: Mean fair CLV over matches, see `performance.by_match`.
        clv_low_pct: Lower end of its confidence sequence; `None` with fewer than 30 matches.
        clv_high_pct: Upper end.
        raw_clv_pct: Mean raw CLV, which flatters by the margin.
        yield_pct: Profit per unit risked.
        yield_low_pct: Lower end of its bootstrap interval by match day.
        yield_high_pct: Upper end.
        luck_pct: Yield less fair CLV on the bets that have both: what chance added, as far as the
            closing line is right.
        bets_needed: Matches after which the sequence would leave out zero, if all goes on as it
            did; `None` where it never would.
    """

    bets: int
    graded: int
    matches: int
    claimed_pct: float | None = None
    clv_pct: float | None = None
    clv_low_pct: float | None = None
    clv_high_pct: float | None = None
    raw_clv_pct: float | None = None
    yield_pct: float | None = None
    yield_low_pct: float | None = None
    yield_high_pct: float | None = None
    luck_pct: float | None = None
    bets_needed: int | None = None


class Verdict(enum.StrEnum):
    """What the evidence allows to be said."""

    NO_BETS = "no_bets"
    TOO_FEW = "too_few"
    WINNING = "winning"
    LOSING = "losing"
    UNDECIDED = "undecided"


def judge(evidence: Evidence) -> Verdict:
    """Whether the confidence sequence of the mean fair CLV has left out zero, and on which side.

    It may be asked after every match: a bettor without edge is called winning or losing at some
    time with a probability of 5 % at most. It takes no notice of profit.
    """
    low, high = evidence.clv_low_pct, evidence.clv_high_pct
    if not evidence.bets:
        return Verdict.NO_BETS
    if evidence.matches < TOO_FEW_MATCHES or low is None or high is None:
        return Verdict.TOO_FEW
    if low > 0:
        return Verdict.WINNING
    return Verdict.LOSING if high < 0 else Verdict.UNDECIDED
