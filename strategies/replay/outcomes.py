"""How decisions ended: what a unit on each wins or loses, by the rules of live bets.

Pure numbers, nothing of Django.
"""

from decimal import Decimal
from typing import Final

import numpy as np

from betting.bets.rules import Ending, ending
from betting.detection.board import MARKETS, OUTCOMES
from odds.fair_prices import Floats
from strategies.predictions import EVERY
from strategies.replay.decisions import Decisions
from strategies.replay.history import History

# What a unit wins, in units of its net odds - 1, or loses.
SHARES: Final = {
    Ending.WON: 1.0,
    Ending.HALF_WON: 0.5,
    Ending.PUSH: 0.0,
    Ending.HALF_LOST: -0.5,
    Ending.LOST: -1.0,
}
NOT_SETTLED: Final = np.nan


def shares_won(decisions: Decisions, history: History) -> Floats:
    """What a unit on each decision wins, in units of its net odds - 1, or loses.

    Returns:
        1, 0.5, 0, -0.5 or -1, shape (n,); NaN where the match has no result in force. A match
        that was abandoned, and a level score where no draw was on offer, give the unit back.
    """
    matches = history.matches
    home, away = matches.home_score[decisions.match], matches.away_score[decisions.match]
    keys = np.column_stack([decisions.market, decisions.place, decisions.line, home, away])
    distinct, which = np.unique(keys, axis=0, return_inverse=True)
    shares = np.array([_share(key.tolist()) for key in distinct]).reshape(-1)[which.reshape(-1)]
    is_winner = decisions.market == MARKETS.index("h2h")
    is_refunded = is_winner & ~decisions.is_three_way & (home == away)
    shares = np.where(is_refunded, 0.0, shares)
    won: Floats = np.where(matches.is_void[decisions.match], 0.0, shares)
    return won


def _share(key: list[float]) -> float:
    """Of a market, place, line and score; an arbitrage wins whatever the score."""
    market, place, line, home, away = key
    if home != home:  # noqa: PLR0124 - NaN: no result
        return NOT_SETTLED
    if place == EVERY:
        return 1.0
    name = MARKETS[int(market)]
    side = OUTCOMES[int(market)][int(place)]
    return SHARES[ending(name, side, Decimal(f"{line:.2f}"), int(home), int(away))]
