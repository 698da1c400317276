"""Kaunitz, Zhong & Kreiner made again: the best price against the average of all bookmakers.

Their rule takes the outcome for which maximum x (1 / average - alpha) is greatest, if that is
above 1: one bet a match at most, as in the authors' program. Here maximum and average are those
football-data.co.uk states, which are of other bookmakers than theirs.

Source:
    Kaunitz, Zhong & Kreiner (2017), "Beating the bookies with their own numbers - and how the
    online sports betting market is rigged", arXiv:1710.02824. Yield of real money: their program
    `Figure3.m` divides the profit of paper bets, $1,128.50, by the stakes of the 265 real ones,
    which gives the published 8.5 %; the profit of those was $957.50 of $13,250, 7.23 %.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from strategies.agents.consensus_value import Parameters
from strategies.parameters import as_mapping
from strategies.proofs.prices import AVERAGE, MAXIMUM, MOMENTS, is_ended, odds_at, only
from strategies.proofs.replaying import Trial, curve_of, records_of
from strategies.proofs.results import Curve, Published, Run, Study
from strategies.replay.decisions import Advance
from strategies.replay.history import History

KEY: Final = "kaunitz"
AGENT: Final = "consensus_value"
ALPHA: Final = 0.05
OFFSETS: Final = (0.034, 0.057, 0.037)  # home, draw, away: measured by them
ALPHAS: Final = tuple(hundredths / 100 for hundredths in range(2, 11))
NO_CAP: Final = 1000.0  # percent
SHOWN: Final = (MAXIMUM, AVERAGE)

PUBLISHED: Final = (
    Published(
        key="historical_closing", matches=479_440, bets=56_435, accuracy=0.44, realised=0.035
    ),
    Published(key="hours_before", matches=31_074, bets=6_994, realised=0.099),
    Published(key="paper", bets=407, realised=0.055),
    Published(key="real_money", bets=265, realised=0.085, corrected=957.5 / (265 * 50)),
    Published(key="combined", bets=672, realised=0.062),
)


def trial(offsets: tuple[float, float, float], moment: str) -> Trial:
    """The shipped agent with these offsets of home, draw and away, and no cap on edges."""
    home, draw, away = offsets
    given = Parameters(
        home_offset=home, draw_offset=draw, away_offset=away, maximum_edge_pct=NO_CAP
    )
    return Trial(agent=AGENT, parameters=as_mapping(given), moment=moment)


def study(history: History, *, advance: Advance = lambda _share: None) -> Study:
    """The rule with one alpha and with three offsets, before the close and at it; and by alpha."""
    runs: list[Run] = []
    curves: list[Curve] = []
    for number, moment in enumerate(MOMENTS, start=1):
        seen = only(history, SHOWN, moment)
        runs += _runs(moment, seen, history)
        trials = [trial((alpha, alpha, alpha), moment) for alpha in ALPHAS]
        curves.append(curve_of(moment, ALPHAS, trials, seen, history))
        advance(number / len(MOMENTS))
    return Study(key=KEY, runs=tuple(runs), curves=tuple(curves), published=PUBLISHED)


def _runs(moment: str, seen: History, history: History) -> Iterator[Run]:
    keys = {"alpha": (ALPHA, ALPHA, ALPHA), "offsets": OFFSETS}
    trials = [trial(offsets, moment) for offsets in keys.values()]
    matches = matches_with(history, SHOWN, moment)
    for key, one, record in zip(keys, trials, records_of(trials, seen, history), strict=True):
        yield Run(
            key=f"{key}_{moment}",
            agent=one.agent,
            parameters=one.parameters,
            moment=moment,
            matches=matches,
            record=record,
        )


def matches_with(history: History, bookmakers: tuple[str, ...], moment: str) -> int:
    """Matches with a result that all of these sources price completely at a moment."""
    is_priced = is_ended(history)
    for bookmaker in bookmakers:
        is_priced &= ~np.isnan(odds_at(history, bookmaker, moment=moment)).any(axis=1)
    return int(is_priced.sum())
