"""The stake a prediction is worth by the user's settings, as a share of the bankroll."""

from betting.models import StakingSettings
from strategies.models import Prediction


def recommended_stake_pct(made: Prediction, limits: StakingSettings) -> float:
    """The user's share of Kelly, cut by the most on a bet, a match and a day.

    What other bets have at risk already is not asked: that is for the moment of betting.

    Returns:
        Percent of the bankroll; 0 without an edge.
    """
    if made.edge_pct <= 0:
        return 0.0
    wish = 100 * made.kelly * limits.kelly_fraction
    return min(wish, limits.cap_bet_pct, limits.cap_match_pct, limits.cap_day_pct)
