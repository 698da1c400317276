"""Reading: a version's newest predictions from the database, as evidence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from betting.bets.rules import Ending
from betting.models import ClvStatus
from strategies.learning.evidence import Evidence, Refusal, settings_of
from strategies.learning.segments import Made
from strategies.models import Prediction, StrategyVersion
from strategies.parameters import ranges

NEWEST: Final = 20_000  # predictions, so that the work does not grow with history
HOUR: Final = timedelta(hours=1)
COLUMNS: Final = (
    "match_id",
    "match__sport__key",
    "market",
    "outcome",
    "bookmaker__key",
    "odds",
    "probability",
    "edge_pct",
    "confidence",
    "predicted_at",
    "match__commence_time",
    "clv_status",
    "clv_fair_pct",
    "result",
    "profit",
)


def read_evidence(
    version: StrategyVersion,
    *,
    until: datetime,
    refused: Sequence[Refusal] = (),
    newest: int = NEWEST,
) -> Evidence:
    """What is known of a version; one query, and one for its strategy where it is not joined.

    Args:
        version: Whose.
        until: Only predictions on matches that kicked off before: the current instant, or where
            the matches begin that a proposal is to be held against.
        refused: Changes proposed before.
        newest: How many predictions are looked at.
    """
    rules = version.strategy.rules
    return Evidence.of(
        _made(version, until, newest),
        agent=rules.name,
        strategy=version.strategy.strategy_name,
        settings=settings_of(version.mapping, ranges(rules.parameters)),
        refused=refused,
    )


def _made(version: StrategyVersion, until: datetime, newest: int) -> list[Made]:
    own = Prediction.objects.filter(version=version, match__commence_time__lt=until)
    rows = own.order_by("-predicted_at", "-pk").values_list(*COLUMNS, named=True)
    return [_of_row(row) for row in rows[:newest]]


def _of_row(row: Any) -> Made:
    is_graded = row.clv_status == ClvStatus.GRADED
    return Made(
        match_id=row.match_id,
        league=row.match__sport__key,
        market=row.market,
        outcome=row.outcome,
        bookmaker=row.bookmaker__key,
        odds=float(row.odds),
        probability=row.probability,
        edge_pct=row.edge_pct,
        agreement=row.confidence,
        hours=(row.match__commence_time - row.predicted_at) / HOUR,
        clv_pct=row.clv_fair_pct if is_graded else None,
        result=Ending(row.result) if row.result else None,
        profit=row.profit,
    )
