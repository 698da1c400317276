"""Held-out matches: what a change would have done on matches that its analyst was not told of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from betting.models import ClvStatus
from betting.performance.measures import FEWEST
from odds.fair_prices import Floats
from strategies.backtests.asking import ask
from strategies.backtests.bets import Bets, place_bets
from strategies.backtests.costs import Costs
from strategies.backtests.guarding import without_database
from strategies.backtests.running import Plan, question_of
from strategies.learning.judging import Judgement, judge
from strategies.learning.reading import NEWEST
from strategies.learning.wording import Translate
from strategies.models import Prediction, StrategyVersion
from strategies.parameters import parse
from strategies.registry import Agent
from strategies.replay.decisions import BEFORE_CLOSE, Window
from strategies.replay.history import History
from strategies.replay.reading import read_history
from strategies.replay.states import Series

PERCENT: Final = 100
# As live, until shortly before kick-off; but not at the closing prices of imported matches.
LIVE: Final = Window(earliest=BEFORE_CLOSE.earliest, latest=300.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Where a version's graded matches are cut in two.

    Attributes:
        since: Kick-off of the first match held out; `None` without graded matches.
        told: Matches before it.
        held_out: Matches from it on.
    """

    since: datetime | None
    told: int
    held_out: int

    @property
    def is_enough(self) -> bool:
        """Whether both parts have as many matches as a mean can be relied on."""
        return self.told >= FEWEST and self.held_out >= FEWEST


def split_of(version: StrategyVersion, *, share: float) -> Split:
    """Cut the graded matches of a version's newest predictions; one query.

    Args:
        version: Whose.
        share: Of the matches, the last ones, held out.
    """
    graded = Prediction.objects.filter(version=version, clv_status=ClvStatus.GRADED)
    newest = graded.order_by("-predicted_at", "-pk").values_list("match_id", "match__commence_time")
    kickoffs = sorted(dict(newest[:NEWEST]).values())
    cut = len(kickoffs) - int(len(kickoffs) * share)
    if cut >= len(kickoffs):
        return Split(since=None, told=len(kickoffs), held_out=0)
    since = kickoffs[cut]
    told = sum(kickoff < since for kickoff in kickoffs)
    return Split(since=since, told=told, held_out=len(kickoffs) - told)


def hold_against(
    version: StrategyVersion,
    changes: dict[str, float],
    *,
    since: datetime,
    until: datetime,
    gettext: Translate = str,
) -> Judgement:
    """Ask a version and its change about the matches from `since` to before `until`.

    Both are asked about the stored history of the competitions that the version spoke of then, by
    the same function as live, and their prices are graded as predictions are.

    Args:
        version: In force.
        changes: Checked parameters that change.
        since: Kick-off of the first match held out.
        until: The current instant.
        gettext: How the judgement's sentence is translated.
    """
    own = Prediction.objects.filter(version=version, match__commence_time__gte=since)
    sport_keys = sorted(set(own.order_by().values_list("match__sport__key", flat=True).distinct()))
    history = read_history(sport_keys, since=since, until=until)
    rules = version.strategy.rules
    return compare(rules, version.mapping, changes, history, gettext=gettext)


def compare(
    agent: Agent,
    parameters: dict[str, float],
    changes: dict[str, float],
    history: History,
    *,
    gettext: Translate = str,
) -> Judgement:
    """Judge a change on a history.

    Args:
        agent: Who decides.
        parameters: All of those in force.
        changes: Those that change.
        history: Matches its analyst was not told of.
        gettext: How the judgement's sentence is translated.
    """
    series = Series.of(history.quotes, len(history.matches))
    before, after = (
        _bets(agent, given, history, series) for given in (parameters, parameters | changes)
    )
    count = len(history.matches)
    is_touched = np.zeros(count, dtype=np.bool_)
    is_touched[before.match] = is_touched[after.match] = True
    gains = (_sums(after, after.clv, count) - _sums(before, before.clv, count)) * PERCENT
    profits = _sums(after, after.profit, count) - _sums(before, before.profit, count)
    is_graded = is_touched & ~np.isnan(gains)
    return judge(
        gains[is_graded],
        profits[is_graded & ~np.isnan(profits)],
        bets_before=int(is_graded[before.match].sum()),
        bets_after=int(is_graded[after.match].sum()),
        gettext=gettext,
    )


def _bets(agent: Agent, parameters: dict[str, Any], history: History, series: Series) -> Bets:
    plan = Plan(agent=agent, parameters=parse(agent.parameters, parameters), window=LIVE)
    question = question_of(plan, history, guard=without_database)
    return place_bets(ask(question, history, series=series), history, series, Costs())


def _sums(bets: Bets, values: Floats, count: int) -> Floats:
    """The sum of each match, 0 without a bet and NaN where one of its values is unknown."""
    sums = np.zeros(count)
    np.add.at(sums, bets.match, values)
    return sums
