"""Judging: whether a change stood on matches that its analyst had not seen.

Pure numbers, nothing of Django. It is looked at once, so that an ordinary interval holds.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from scipy.special import stdtrit

from betting.performance.measures import FEWEST, Floats
from strategies.learning.wording import Translate

ALPHA: Final = 0.1
ROUNDING: Final = 1e-9  # points; differences that vary by less do not vary


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What matches that were held out say of a change; `None` where undefined.

    Attributes:
        matches: Held-out matches on which either version has a prediction and all are graded.
        bets_before: Predictions on them of the version in force.
        bets_after: Of the changed one.
        gain: Mean over the matches of the fair CLV after less that before, each the sum of a
            match's predictions, points.
        low: Lower end of its one-sided interval, by Student's t over matches.
        profit_gain: Mean difference in profit per settled match, units.
        is_passed: The change stood.
        sentence: Why, or why not.
    """

    matches: int
    bets_before: int
    bets_after: int
    gain: float | None
    low: float | None
    profit_gain: float | None
    is_passed: bool
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for a row."""
        return asdict(self)


def judge(
    gains: Floats,
    profits: Floats,
    *,
    bets_before: int,
    bets_after: int,
    fewest: int = FEWEST,
    alpha: float = ALPHA,
    gettext: Translate = str,
) -> Judgement:
    """Whether a change stood: whether it gained beyond chance.

    Args:
        gains: Points of fair CLV after the change less those before it on each match, shape (n,).
        profits: The same in units of profit on each settled match, shape (m,); NaN for others.
        bets_before: Predictions of the version in force.
        bets_after: Predictions of the changed one.
        fewest: Matches below which nothing is judged.
        alpha: How often a change that gains nothing may stand.
        gettext: How its sentence is translated.

    Raises:
        ValueError: A gain is not a number, or alpha is no probability below a half.
    """
    if not np.isfinite(gains).all():
        raise ValueError("A gain is not a number; judge only matches that are graded.")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha is {alpha!r}, but must lie between 0 and 0.5.")
    count = len(gains)
    gain = float(gains.mean()) if count else None
    low = _low(gains, alpha)
    settled = profits[~np.isnan(profits)]
    bets = bets_before, bets_after
    why_not = _why_not(gains, low, bets=bets, fewest=fewest, alpha=alpha, gettext=gettext)
    stood = gettext("It stood: %(figures)s.")
    return Judgement(
        matches=count,
        bets_before=bets_before,
        bets_after=bets_after,
        gain=gain,
        low=low,
        profit_gain=float(settled.mean()) if len(settled) else None,
        is_passed=not why_not,
        sentence=why_not or stood % {"figures": _figures(gains, low, bets, alpha, gettext)},
    )


def _low(gains: Floats, alpha: float) -> float | None:
    """The lower end; none with fewer than two matches or where they do not vary."""
    count = len(gains)
    if count < 2 or np.ptp(gains) < ROUNDING:
        return None
    error = gains.std(ddof=1) / np.sqrt(count)
    return float(gains.mean() + stdtrit(count - 1, alpha) * error)


def _why_not(
    gains: Floats,
    low: float | None,
    *,
    bets: tuple[int, int],
    fewest: int,
    alpha: float,
    gettext: Translate,
) -> str:
    """Why a change did not stand; empty where it did."""
    count, after = len(gains), bets[1]
    told = {"count": count, "fewest": fewest}
    if count < fewest:
        return (
            gettext("It cannot be judged on %(count)d held-out matches; %(fewest)d are needed.")
            % told
        )
    if not after:
        return gettext("It would have predicted nothing on %(count)d held-out matches.") % told
    if (np.abs(gains) < ROUNDING).all():
        return gettext("It would have changed nothing on %(count)d held-out matches.") % told
    if low is None:
        return gettext(
            "It cannot be judged: it differs by the same %(gain)+.2f points of fair CLV on each "
            "of %(count)d held-out matches, which says nothing of chance."
        ) % {**told, "gain": gains.mean()}
    if low <= 0:
        return gettext("It did not stand: %(figures)s, which is not above 0.") % {
            "figures": _figures(gains, low, bets, alpha, gettext)
        }
    return ""


def _figures(
    gains: Floats, low: float | None, bets: tuple[int, int], alpha: float, gettext: Translate
) -> str:
    before, after = bets
    return gettext(
        "on %(count)d held-out matches it gained %(gain)+.3f points of fair CLV a match "
        "(%(before)d predictions before, %(after)d after), with %(confidence)g %% confidence at "
        "least %(low)+.3f"
    ) % {
        "count": len(gains),
        "gain": gains.mean(),
        "before": before,
        "after": after,
        "confidence": 100 * (1 - alpha),
        "low": low,
    }
