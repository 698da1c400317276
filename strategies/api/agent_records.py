"""What agents' predictions of the last days came to, one unit staked on paper on each.

Everything is read in one query bounded by days and summed in memory. Of an agent count the current
versions of its strategies. Undefined is None, never 0.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from betting.bets.rules import Ending
from betting.models import Bet
from betting.performance.measures import (
    bootstrap_yield,
    by_match,
    confidence_sequence,
    sharpe,
    win_rate,
    yield_of,
)
from odds.fair_prices import Flags, Floats, Integers
from strategies.models import Prediction

Texts = NDArray[np.str_]
# Settled and not void: what yields are computed on.
DECIDED: Final = frozenset(set(Ending) - {Ending.VOID})
WINS: Final = (Ending.WON, Ending.HALF_WON)
LOSSES: Final = (Ending.LOST, Ending.HALF_LOST)
MOST_ROWS: Final = 50_000  # the newest ones; the answer says when there were more
FIELDS: Final = (
    "version__strategy__agent",
    "match",
    "match__commence_time",
    "predicted_at",
    "market",
    "line",
    "outcome",
    "edge_pct",
    "confidence",
    "kelly",
    "result",
    "profit",
    "clv_fair_pct",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Predictions as columns (n,), in the order of kick-off; NaN where a number is unknown.

    Attributes:
        agent: The agent's key.
        match: The match's row.
        kickoff: Seconds since 1970.
        predicted_at: Seconds since 1970.
        selection: Market, line and outcome as one text.
        question: Market and line as one text.
        edge_pct: Claimed.
        confidence: From 0 to 1.
        kelly: Full Kelly, a fraction.
        result: How it ended, empty while pending.
        profit: Of one unit.
        clv_pct: Fair.
    """

    agent: Texts
    match: Integers
    kickoff: Floats
    predicted_at: Floats
    selection: Texts
    question: Texts
    edge_pct: Floats
    confidence: Floats
    kelly: Floats
    result: Texts
    profit: Floats
    clv_pct: Floats

    def __len__(self) -> int:
        return len(self.match)

    def take(self, rows: Flags | Integers) -> "Columns":
        """These predictions only."""
        return Columns(**{name: getattr(self, name)[rows] for name in Columns.__slots__})

    def of(self, agent: str) -> "Columns":
        """One agent's."""
        return self.take(self.agent == agent)

    @property
    def is_decided(self) -> Flags:
        """Which are settled and not void."""
        decided: Flags = np.isin(self.result, list(DECIDED))
        return decided


def read_columns(
    *,
    since: datetime,
    agents: Sequence[str] = (),
    strategy: int | None = None,
    sport: str = "",
    minimum_edge_pct: float = 0.0,
) -> Columns:
    """Predictions made since an instant by current versions; one query.

    Args:
        since: The earliest instant of prediction.
        agents: Whose; everybody's where none is named.
        strategy: One strategy's only, by its id.
        sport: A sport's key; all where empty.
        minimum_edge_pct: The least claimed edge.
    """
    rows = Prediction.objects.current().filter(
        predicted_at__gte=since, edge_pct__gte=minimum_edge_pct
    )
    if agents:
        rows = rows.filter(version__strategy__agent__in=agents)
    if strategy is not None:
        rows = rows.filter(version__strategy=strategy)
    if sport:
        rows = rows.filter(match__sport__key=sport)
    newest = rows.order_by("-predicted_at", "-id").values_list(*FIELDS)[:MOST_ROWS]
    return _columns(sorted(newest, key=lambda row: (row[2], row[1], row[4], row[5])))


def _columns(rows: Sequence[tuple[Any, ...]]) -> Columns:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(FIELDS)
    agent, match, kickoff, predicted_at, market, line, outcome, *numbers = columns
    edge, confidence, kelly, result, profit, clv = numbers
    questions = [f"{one}:{other}" for one, other in zip(market, line, strict=True)]
    return Columns(
        agent=np.array(agent, dtype=np.str_),
        match=np.array(match, dtype=np.intp),
        kickoff=np.array([at.timestamp() for at in kickoff], dtype=np.float64),
        predicted_at=np.array([at.timestamp() for at in predicted_at], dtype=np.float64),
        selection=np.array(
            [f"{one}:{other}" for one, other in zip(questions, outcome, strict=True)],
            dtype=np.str_,
        ),
        question=np.array(questions, dtype=np.str_),
        edge_pct=np.array(edge, dtype=np.float64),
        confidence=np.array(confidence, dtype=np.float64),
        kelly=np.array(kelly, dtype=np.float64),
        result=np.array(result, dtype=np.str_),
        profit=np.array(profit, dtype=np.float64),
        clv_pct=np.array(clv, dtype=np.float64),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """What an agent's predictions came to; percentages, profits in units of one stake.

    Attributes:
        predictions: How many there are.
        pending: Not settled yet.
        decided: Won or lost, whole or half.
        wins: Won and half won.
        losses: Lost and half lost.
        win_rate: A half counts as a half.
        roi: Profit per hundred units decided.
        roi_interval: By bootstrap over match days, 95 %.
        sharpe: Mean profit of a decided unit over its standard deviation; not annualised.
        drawdown: Deepest fall of the sum of profits in the order of kick-off, units.
        confidence: Mean agreement of other operators, 0 to 100.
        edge_pct: Mean claimed edge.
        kelly_pct: Mean full Kelly.
        clv_pct: Mean over matches of the fair CLV.
        clv_interval: Confidence sequence, 95 %.
        graded_matches: Matches behind it.
    """

    predictions: int
    pending: int
    decided: int
    wins: int
    losses: int
    win_rate: float | None
    roi: float | None
    roi_interval: tuple[float, float] | None
    sharpe: float | None
    drawdown: float | None
    profit: float
    confidence: float | None
    edge_pct: float | None
    kelly_pct: float | None
    clv_pct: float | None
    clv_interval: tuple[float, float] | None
    graded_matches: int


def record_of(rows: Columns) -> AgentRecord:
    """Sum up one agent's predictions."""
    endings = Counter(rows.result.tolist())
    decided = rows.take(rows.is_decided)
    graded = rows.take(~np.isnan(rows.clv_pct))
    matches, clv, variance = by_match(graded.clv_pct, graded.match)
    roi, rate = yield_of(float(decided.profit.sum()), len(decided)), win_rate(endings)
    return AgentRecord(
        predictions=len(rows),
        pending=endings[""],
        decided=len(decided),
        wins=sum(endings[one] for one in WINS),
        losses=sum(endings[one] for one in LOSSES),
        win_rate=None if rate is None else 100 * rate,
        roi=None if roi is None else 100 * roi,
        roi_interval=_yield_interval(decided),
        sharpe=sharpe(decided.profit),
        drawdown=drawdown_units(decided.profit),
        profit=float(decided.profit.sum()),
        confidence=_mean(rows.confidence, 100),
        edge_pct=_mean(rows.edge_pct),
        kelly_pct=_mean(rows.kelly, 100),
        clv_pct=clv,
        clv_interval=confidence_sequence(matches, clv, variance),
        graded_matches=matches,
    )


def drawdown_units(profits: Floats) -> float | None:
    """The deepest fall of the sum of profits below its highest value before, which begins at 0.

    Args:
        profits: In their order, units, shape (n,).

    Returns:
        Units, 0 where it never fell; None without any.
    """
    if not len(profits):
        return None
    sums = np.concatenate([[0.0], np.cumsum(profits)])
    return float((np.maximum.accumulate(sums) - sums).max())


def bets_placed(rows: Columns, *, since: datetime) -> int:
    """How many of these predictions the user has bet on with money; one query."""
    placed = {
        (match, f"{market}:{line}:{outcome}")
        for match, market, line, outcome in Bet.objects.real()
        .filter(match__isnull=False, placed_at__gte=since)
        .values_list("match", "market", "line", "outcome")
    }
    pairs = zip(rows.match.tolist(), rows.selection.tolist(), strict=True)
    return sum(pair in placed for pair in pairs)


def since_days(now: datetime, days: int) -> datetime:
    """So many days ago."""
    return now.astimezone(UTC) - timedelta(days=days)


def _mean(values: Floats, scale: float = 1.0) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) * scale if len(known) else None


def _yield_interval(decided: Columns) -> tuple[float, float] | None:
    if not len(decided):
        return None
    _days, day = np.unique(np.floor(decided.kickoff / 86_400), return_inverse=True)
    interval = bootstrap_yield(
        np.bincount(day, weights=decided.profit).astype(np.float64),
        np.bincount(day).astype(np.float64),
        resamples=1000,
    )
    return None if interval is None else (100 * interval[0], 100 * interval[1])
