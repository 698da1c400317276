"""Days: the sums of each version's predictions by match day, from which every record is made."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Sum

from strategies.models import StrategyDay
from strategies.snapshots import Record


def read_records(version_ids: Sequence[int], *, before: date) -> Mapping[str, Record]:
    """What versions' graded predictions on matches before a day were worth.

    Args:
        version_ids: The versions.
        before: Days from this one on do not count.

    Returns:
        By the version's id as text; CLV as a fraction.
    """
    rows = StrategyDay.objects.filter(version__in=version_ids, day__lt=before).values("version")
    sums = rows.annotate(n=Sum("graded_matches"), total=Sum("clv_sum"), squares=Sum("clv_squares"))
    return {
        str(row["version"]): Record.of_sums(row["n"], row["total"] / 100, row["squares"] / 100**2)
        for row in sums.order_by()
    }
