"""Grade predictions by closing lines and settle them on paper, as bets and opportunities are."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from betting.closing.grades import Price
from betting.closing.grading import Ungraded, grade_rows
from betting.closing.paper import PaperColumns, settle_on_paper
from betting.models import ClvStatus
from odds.models import Bookmaker
from strategies.models import Prediction

PREDICTIONS: Final = PaperColumns(
    model=Prediction,
    odds="odds",
    bookmaker="bookmaker",
    result="result",
    profit="profit",
    settled_at="settled_at",
)


def grade_predictions(now: datetime) -> Counter[str]:
    """Grade pending predictions on captured matches; how many came out with each status."""
    bookmakers = {row.key: row for row in Bookmaker.objects.all()}
    pending = Prediction.objects.filter(clv_status=ClvStatus.PENDING).select_related("bookmaker")
    return grade_rows(pending, lambda row: _ungraded(row, bookmakers), now)


def settle_predictions(now: datetime) -> int:
    """Settle one unit on each prediction whose match has ended; how many changed."""
    return settle_on_paper(PREDICTIONS, now)


def _ungraded(row: Prediction, bookmakers: Mapping[str, Bookmaker]) -> Ungraded:
    single = [(row.outcome, row.odds, row.bookmaker)]
    legs = [(leg["outcome"], leg["odds"], bookmakers.get(leg["bookmaker"])) for leg in row.legs]
    prices = [
        Price(
            market=row.market,
            line=float(row.line),
            outcome=outcome,
            odds=float(odds),
            commission=float(bookmaker.commission) if bookmaker else 0.0,
            selected_by=row.reference,
            operator=bookmaker.operator if bookmaker else "",
        )
        for outcome, odds, bookmaker in legs or single
    ]
    return Ungraded(pk=row.pk, match_id=row.match_id, prices=prices)
