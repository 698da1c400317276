"""Grade bets and opportunities by the closing lines of their matches.

Work to do is rows: what is pending and whose match has been captured for its present kick-off. A
capture puts back to pending what earlier lines of its matches had graded, so a corrected kick-off
or closing odds that arrive late are graded anew. Cancelled bets are left alone.

Where the consensus grades, it is formed again without the operator the price was offered by.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from betting.closing.candidates import ConsensusWithout, in_force, read_lines
from betting.closing.capture import lock
from betting.closing.grades import Grade, Lines, Price, Status, grade, grade_arbitrage
from betting.closing.prices import CONSENSUS
from betting.models import UNGRADED, Bet, ClosingLine, ClvStatus, Opportunity, SettlementSettings
from odds.models import Bookmaker

MATCHES_AT_ONCE: Final = 500

CREATE_GRADES = """
CREATE TEMPORARY TABLE grades (
    id bigint, status text, reference text, odds float8, probability float8, minutes float8,
    clv_pct float8, clv_fair_pct float8
) ON COMMIT DROP
"""
COPY_GRADES = "COPY grades FROM STDIN"
UPDATE = """
UPDATE {table}
SET clv_status = grades.status, clv_reference = grades.reference,
    closing_odds = grades.odds::numeric(8, 3), closing_probability = grades.probability,
    closing_minutes = grades.minutes, clv_pct = grades.clv_pct,
    clv_fair_pct = grades.clv_fair_pct, graded_at = %(now)s
FROM grades
WHERE grades.id = {table}.id
"""

AnyRows = QuerySet[Any, Any]
Grades = list[tuple[int, Grade]]  # with the ids of the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Ungraded:
    """A row to grade; several prices are the legs of an arbitrage."""

    pk: int
    match_id: int
    prices: Sequence[Price]


def grade_bets(now: datetime, match_ids: Iterable[int] | None = None) -> Counter[str]:
    """Grade the pending bets on captured matches.

    A bet on a match MON_PS does not know has no closing line.

    Args:
        now: The current instant.
        match_ids: Only these matches; all by default.

    Returns:
        How many came out with each status.
    """
    pending = Bet.objects.kept().filter(clv_status=ClvStatus.PENDING)
    rows = pending.select_related("bookmaker")
    counts = grade_rows(rows, _bet, now, match_ids)
    if match_ids is None:
        unknown = pending.kicked_off(now).filter(match=None)
        missing = UNGRADED | {"clv_status": ClvStatus.MISSING, "graded_at": now}
        counts[Status.MISSING.value] += unknown.update(**missing)
    return +counts


def grade_opportunities(now: datetime, match_ids: Iterable[int] | None = None) -> Counter[str]:
    """Grade the first prices of pending opportunities on captured matches, refused ones too.

    Of an arbitrage, whose first legs are not kept, the last ones are graded.

    Args:
        now: The current instant.
        match_ids: Only these matches; all by default.

    Returns:
        How many came out with each status.
    """
    bookmakers = {row.key: row for row in Bookmaker.objects.all()}
    pending = Opportunity.objects.filter(clv_status=ClvStatus.PENDING)
    rows = pending.select_related("first_bookmaker")
    return grade_rows(rows, lambda row: _opportunity(row, bookmakers), now, match_ids)


def grade_rows(
    pending: AnyRows,
    ungraded: Callable[[Any], Ungraded],
    now: datetime,
    match_ids: Iterable[int] | None = None,
) -> Counter[str]:
    """Grade pending rows of any model with the columns of `Graded`, on captured matches.

    Args:
        pending: The rows, each with a match.
        ungraded: What of a row is graded.
        now: The current instant.
        match_ids: Only these matches; all by default.

    Returns:
        How many came out with each status.
    """
    lines = ClosingLine.objects.filter(
        in_force(OuterRef("match__commence_time")), match=OuterRef("match")
    )
    ready = pending.filter(Exists(lines), match__commence_time__lte=now)
    if match_ids is not None:
        ready = ready.filter(match__in=list(match_ids))
    matches = sorted(ready.order_by().values_list("match_id", flat=True).distinct())
    counts: Counter[str] = Counter()
    for start in range(0, len(matches), MATCHES_AT_ONCE):
        with transaction.atomic():
            lock()
            rows = ready.order_by("pk").filter(match__in=matches[start : start + MATCHES_AT_ONCE])
            grades = _grades([ungraded(row) for row in rows])
            _write(rows.model._meta.db_table, grades, now)
        counts.update(one.status.value for _pk, one in grades)
    return counts


def _bet(bet: Bet) -> Ungraded:
    price = Price(
        market=bet.market,
        line=float(bet.line),
        outcome=bet.outcome,
        odds=float(bet.odds),
        commission=float(bet.commission),
        selected_by=bet.reference,
        operator=bet.bookmaker.operator,
        is_lay=bet.side == Bet.Side.LAY,
    )
    return Ungraded(pk=bet.pk, match_id=bet.match_id or 0, prices=[price])


def _opportunity(row: Opportunity, bookmakers: Mapping[str, Bookmaker]) -> Ungraded:
    first = [(row.outcome, row.first_odds, row.first_bookmaker)]
    legs = [(leg["outcome"], leg["odds"], bookmakers.get(leg["bookmaker"])) for leg in row.legs]
    prices = [
        Price(
            market=row.market,
            line=float(row.line),
            outcome=outcome,
            odds=float(odds),
            commission=float(bookmaker.commission) if bookmaker else 0.0,
            selected_by=row.first_reference,
            operator=bookmaker.operator if bookmaker else "",
        )
        for outcome, odds, bookmaker in legs or first
        if odds is not None
    ]
    return Ungraded(pk=row.pk, match_id=row.match_id, prices=prices)


def _grades(rows: Sequence[Ungraded]) -> Grades:
    """Grade by the stored lines; where that was the consensus, by the one of the others."""
    settings = SettlementSettings.current()
    oldest = settings.closing_max_age_minutes
    lines = read_lines(sorted({row.match_id for row in rows}))
    grades = {row.pk: _grade(row, lines.get(row.match_id, {}), oldest) for row in rows}
    own_voice = [
        row
        for row in rows
        if grades[row.pk].reference == CONSENSUS and len(row.prices) == 1 and row.prices[0].operator
    ]
    if own_voice:
        consensus = ConsensusWithout(
            sorted({row.match_id for row in own_voice}),
            minimum_operators=settings.closing_minimum_operators,
        )
        for row in own_voice:
            others = consensus.lines_for(row.prices[0], row.match_id, lines[row.match_id])
            grades[row.pk] = _grade(row, others, oldest)
    return list(grades.items())


def _grade(row: Ungraded, lines: Lines, oldest: float) -> Grade:
    if not row.prices:
        return Grade(status=Status.MISSING)
    if len(row.prices) > 1:
        return grade_arbitrage(row.prices, lines, maximum_minutes=oldest)
    return grade(row.prices[0], lines, maximum_minutes=oldest)


def _write(table: str, grades: Grades, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CREATE_GRADES)
        with cursor.copy(COPY_GRADES) as copy:
            for pk, one in grades:
                closing = (one.odds, one.probability, one.minutes)
                clv = (_percent(one.raw), _percent(one.fair))
                copy.write_row((pk, one.status.value, one.reference, *closing, *clv))
        cursor.execute("ANALYZE grades")
        cursor.execute(UPDATE.format(table=table), {"now": now})
        cursor.execute("DROP TABLE grades")


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100
