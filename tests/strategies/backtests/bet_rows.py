"""Bets written by hand."""

import numpy as np

from strategies.backtests.bets import Bets


def make_bets(*, net_odds, share, **given):
    """One unit each, on matches and days of their own unless said otherwise."""
    count = len(net_odds)
    odds, ends = np.array(net_odds, dtype=float), np.array(share, dtype=float)
    whole = np.arange(count)
    values = {
        "match": whole,
        "day": np.full(count, 18_000),
        "sport": np.full(count, "soccer_epl"),
        "probability": np.minimum(1.05 / odds, 1.0),
        "edge": np.full(count, 0.05),
        "clv": np.full(count, np.nan),
        "raw_clv": np.full(count, np.nan),
        "is_arbitrage": np.zeros(count, dtype=bool),
        "is_void": np.zeros(count, dtype=bool),
    } | {name: np.array(value) for name, value in given.items()}
    profit = np.where(ends > 0, ends * (odds - 1), ends)
    return Bets(net_odds=odds, share=ends, profit=profit, **values)
