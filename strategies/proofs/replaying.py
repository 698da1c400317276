"""A shipped agent asked about every imported match, one unit on each of its choices.

Pure numbers, nothing of Django.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from betting.performance.measures import bootstrap_yield
from betting.performance.regression import mean_error
from odds.fair_prices import Floats
from strategies.parameters import parse
from strategies.proofs.prices import MOMENTS
from strategies.proofs.results import Curve, Point, Record
from strategies.registry import AGENTS
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import Decisions, decide
from strategies.replay.history import History
from strategies.replay.outcomes import shares_won

DAY_SECONDS = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an agent is given, and at which prices it decides."""

    agent: str
    parameters: Mapping[str, float]
    moment: str


def settled_bets(trial: Trial, seen: History) -> Decisions:
    """The bets of a trial that won or lost, by instant.

    Args:
        trial: Who decides, with what, when.
        seen: What the agent is shown: `prices.only` of the trial's moment.
    """
    agent = AGENTS[trial.agent]
    given = parse(agent.parameters, trial.parameters)
    made = decide(agent, given, seen, window=MOMENTS[trial.moment])
    return made.take(np.abs(shares_won(made, seen)) == 1)  # NaN without a result, 0 when void


def records_of(trials: Sequence[Trial], seen: History, history: History) -> list[Record]:
    """What each trial came to; their closing lines are looked up together.

    Args:
        trials: The trials.
        seen: What the agents are shown.
        history: All prices: who may grade a bet is more than whom the agent was shown.
    """
    bets = [settled_bets(trial, seen) for trial in trials]
    every = _joined(bets)
    clv = fair_clv(every, closing_of(every, history), every.net_odds)
    ends = np.cumsum([len(one) for one in bets])[:-1]
    return [record(one, own, history) for one, own in zip(bets, np.split(clv, ends), strict=True)]


def curve_of(
    moment: str,
    thresholds: Sequence[float],
    trials: Sequence[Trial],
    seen: History,
    history: History,
) -> Curve:
    """One trial for each threshold, as a curve."""
    records = records_of(trials, seen, history)
    points = [
        Point(threshold=threshold, record=one)
        for threshold, one in zip(thresholds, records, strict=True)
    ]
    return Curve(moment=moment, points=tuple(points))


def profits(bets: Decisions, history: History) -> Floats:
    """What a unit on each settled bet won or lost, shape (n,)."""
    won: Floats = np.where(shares_won(bets, history) > 0, bets.net_odds - 1, -1.0)
    return won


def record(bets: Decisions, clv: Floats, history: History) -> Record:
    """What settled bets came to.

    Args:
        bets: Bets that won or lost.
        clv: Closing line value of each, NaN where nobody could grade it, shape (n,).
        history: Their matches.
    """
    profit, count = profits(bets, history), len(bets)
    days = np.unique(history.matches.kickoff[bets.match] // DAY_SECONDS, return_inverse=True)[1]
    by_day = np.bincount(days, profit).astype(np.float64)
    interval = bootstrap_yield(by_day, np.bincount(days).astype(np.float64))
    won, is_graded = int((profit > 0).sum()), ~np.isnan(clv)
    graded = int(is_graded.sum())
    return Record(
        bets=count,
        won=won,
        accuracy=won / count if count else None,
        profit=float(profit.sum()),
        realised=float(profit.sum()) / count if count else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        graded=graded,
        fair_clv=float(clv[is_graded].mean()) if graded else None,
        fair_clv_error=mean_error(clv[is_graded], bets.match[is_graded]) if graded else None,
        median_fair_clv=float(np.median(clv[is_graded])) if graded else None,
    )


def _joined(parts: Sequence[Decisions]) -> Decisions:
    columns = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Decisions)
    }
    return Decisions(**columns)
