"""Tiers: what a record allows to be said of a strategy, from money and closing lines.

The original kept its tiers by win rate, which says nothing without the odds: at 5.0 one bet in
four is a fine record, at 1.3 seven in ten a poor one. The rules here are our own, every threshold
is a setting, and the tier by win rate stands beside them for comparison. Percentages; undefined is
`None`.
"""

import enum
from dataclasses import dataclass
from typing import Final

MIDDLE: Final = 50.0  # the score of a strategy that neither wins nor beats the closing line
POINTS_OF_YIELD: Final = 4.0  # for each percent
POINTS_OF_CLV: Final = 8.0  # for each percent: it scatters less
HIGHEST: Final = 100.0


class Tier(enum.StrEnum):
    """From the best to the worst."""

    S = "S"
    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Trend(enum.StrEnum):
    """Whether the last seven days were better than the seven before."""

    UP = "up"
    DOWN = "down"
    STABLE = "stable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The thresholds; `RankingSettings` says what each means.

    Percentages, but `alpha`, a probability, and the numbers of predictions.
    """

    prior_bets: float
    minimum_settled: int
    minimum_for_top: int
    s_roi: float
    s_clv: float
    a_roi: float
    a_clv: float
    c_roi: float
    legacy_s: float
    legacy_a: float
    legacy_b: float
    legacy_c: float
    trend_dead_band: float
    alpha: float


def shrunken_roi(profit: float, risk: float, settled: int, *, prior_bets: float) -> float | None:
    """The yield as if that many bets of the mean stake, which brought nothing, came before.

    Args:
        profit: Of settled bets, void ones left out.
        risk: What they could lose, in the same unit.
        settled: How many they are.
        prior_bets: How many are added.

    Returns:
        Percent, nearer to 0 than the yield itself; `None` where nothing was risked.

    Source:
        The posterior mean of a normal prior around 0 worth `prior_bets` observations: Efron &
        Morris (1975), "Data analysis using Stein's estimator and its generalizations", Journal of
        the American Statistical Association 70(350).
    """
    if settled <= 0 or risk <= 0:
        return None
    return 100 * profit / (risk + prior_bets * risk / settled)


def deflated(alpha: float, strategies_tried: int) -> float:
    """The error probability of each strategy, so that all of them together err with `alpha`.

    The best of many strategies without edge looks as if it had one. With a share of alpha each,
    the chance that any of them is ever held to be better than it is stays below alpha, however
    much they bet on the same matches.

    Args:
        alpha: Of all strategies together.
        strategies_tried: How many there are, at least 1.

    Source:
        Bonferroni (1936); Dunn (1961), "Multiple comparisons among means", Journal of the American
        Statistical Association 56(293). Why: Bailey & López de Prado (2014), "The deflated Sharpe
        ratio", Journal of Portfolio Management 40(5).
    """
    return alpha / max(strategies_tried, 1)


def tier_of(
    roi: float | None, clv: float | None, clv_low: float | None, settled: int, rules: Rules
) -> Tier | None:
    """The tier by money and closing lines.

    S and A ask for a yield, for a CLV, for enough settled predictions, and that chance be ruled
    out: the interval of the CLV, which allows for the number of strategies, lies above 0.

    Args:
        roi: Shrunken yield.
        clv: Mean fair CLV over matches.
        clv_low: Lower end of its deflated confidence sequence; `None` while it is too short.
        settled: Settled predictions, void ones left out.
        rules: The thresholds.

    Returns:
        `None`, unrated, with too few settled predictions.
    """
    if settled < rules.minimum_settled or roi is None:
        return None
    is_sure = settled >= rules.minimum_for_top and clv_low is not None and clv_low > 0
    if is_sure and clv is not None:
        if roi >= rules.s_roi and clv >= rules.s_clv:
            return Tier.S
        if roi >= rules.a_roi and clv >= rules.a_clv:
            return Tier.A
    if roi >= 0 or (clv is not None and clv >= 0):
        return Tier.B
    return Tier.C if roi >= rules.c_roi else Tier.D


def legacy_tier_of(win_rate: float | None, settled: int, rules: Rules) -> Tier | None:
    """The tier by win rate, as the original had it.

    Args:
        win_rate: Percent won of those won or lost.
        settled: Settled predictions, void ones left out.
        rules: The thresholds.

    Returns:
        `None`, unrated, with too few settled predictions.
    """
    if settled < rules.minimum_settled or win_rate is None:
        return None
    steps = (
        (Tier.S, rules.legacy_s),
        (Tier.A, rules.legacy_a),
        (Tier.B, rules.legacy_b),
        (Tier.C, rules.legacy_c),
    )
    return next((tier for tier, lowest in steps if win_rate >= lowest), Tier.D)


def global_score(roi: float | None, clv: float | None) -> float | None:
    """50, four points for each percent of shrunken yield, eight for each of CLV; 0 to 100.

    Args:
        roi: Shrunken yield of a rated strategy.
        clv: Mean fair CLV over matches.

    Returns:
        `None` where either is undefined.
    """
    if roi is None or clv is None:
        return None
    return min(max(MIDDLE + POINTS_OF_YIELD * roi + POINTS_OF_CLV * clv, 0.0), HIGHEST)


def trend_of(this_week: float | None, week_before: float | None, rules: Rules) -> Trend:
    """Whether the yield of seven days rose or fell by more than the dead band.

    Args:
        this_week: Yield of the last seven days, percent.
        week_before: Yield of the seven before.
        rules: The dead band, in points.

    Returns:
        Stable also where either week settled nothing.
    """
    if this_week is None or week_before is None:
        return Trend.STABLE
    difference = this_week - week_before
    if abs(difference) <= rules.trend_dead_band:
        return Trend.STABLE
    return Trend.UP if difference > 0 else Trend.DOWN
