"""Buchdahl made again: the best price of the market against Pinnacle's without its margin.

Fair prices are Pinnacle's of before the close, devigged by the power method; a bet is a market
maximum with an expected value above a threshold. The shipped agent takes one outcome of a match at
most, the author counted every one, so that our bets are fewer.

Source:
    Buchdahl, "Using the wisdom of the crowd to find value in a football match betting market" and
    later articles, football-data.co.uk: 111,909 pairs of prices, of which all value bets made
    2.51 % and those above 2 % made 5.71 %; 20,000 bets made 3.4 % against 4.0 % implied by closing
    prices. Quoted second-hand.
"""

from typing import Final

from strategies.agents.sharp_reference import Parameters
from strategies.parameters import as_mapping
from strategies.proofs.kaunitz import NO_CAP, matches_with
from strategies.proofs.prices import MAXIMUM, only
from strategies.proofs.replaying import Trial, curve_of, records_of
from strategies.proofs.results import Published, Run, Study
from strategies.replay.decisions import Advance
from strategies.replay.history import History

KEY: Final = "buchdahl"
AGENT: Final = "sharp_reference"
MOMENT: Final = "before_close"
SHOWN: Final = ("pinnacle", MAXIMUM)
THRESHOLD: Final = 0.02
THRESHOLDS: Final = tuple(hundredths / 100 for hundredths in range(11))

PUBLISHED: Final = (
    Published(key="all_value_bets", matches=111_909, realised=0.0251, threshold=0.0),
    Published(key="above_two_percent", matches=111_909, realised=0.0571, threshold=0.02),
    Published(key="followed", bets=20_000, realised=0.034, fair_clv=0.040),
)


def trial(threshold: float) -> Trial:
    """The shipped agent with this least expected value, and no cap on edges."""
    given = Parameters(minimum_edge_pct=round(threshold * 100, 6), maximum_edge_pct=NO_CAP)
    return Trial(agent=AGENT, parameters=as_mapping(given), moment=MOMENT)


def study(history: History, *, advance: Advance = lambda _share: None) -> Study:
    """The rule above no threshold and above 2 %; and by threshold."""
    seen = only(history, SHOWN, MOMENT)
    keys = {"all_value_bets": 0.0, "above_two_percent": THRESHOLD}
    trials = [trial(threshold) for threshold in keys.values()]
    matches = matches_with(history, SHOWN, MOMENT)
    runs = tuple(
        Run(
            key=key,
            agent=one.agent,
            parameters=one.parameters,
            moment=one.moment,
            matches=matches,
            record=record,
        )
        for key, one, record in zip(keys, trials, records_of(trials, seen, history), strict=True)
    )
    advance(0.3)
    by_threshold = [trial(threshold) for threshold in THRESHOLDS]
    curve = curve_of(MOMENT, THRESHOLDS, by_threshold, seen, history)
    advance(1.0)
    return Study(key=KEY, runs=runs, curves=(curve,), published=PUBLISHED)
