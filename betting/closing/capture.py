"""Capture closing lines: what each reference held to be fair when a match began.

Work to do is rows: a match that kicked off and has no row for its present kick-off is pending, so
a corrected kick-off is captured anew, and a capture that never ran is made up by the next. What
was graded by lines that are replaced goes back to pending in the same transaction.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from betting.closing.missing import MissingLine, missing_lines
from betting.closing.prices import ClosingPrice, ClosingPrices
from betting.closing.quotes import read_closing_quotes
from betting.models import UNGRADED, ClosingLine, ClvStatus, SettlementSettings
from betting.models.grades import graded_models
from odds.models import Match

logger = logging.getLogger(__name__)

LOCK = 7_367  # any number of our own: captures and grades go one after the other
LOOKS_BACK = timedelta(days=7)
LONGEST_STORE = timedelta(seconds=10)  # from an answer's instant to its commit; usually 0.3
MATCHES_AT_ONCE = 500
SECONDS_A_MINUTE = 60

# Kicked off, and nothing is captured for this kick-off; of older ones those a bet waits for. And
# those whose result came from football-data.co.uk after the capture: its closing odds came too.
# Both allow for what is still being stored: a last collection, an import dated by its beginning.
PENDING = """
SELECT id
FROM matches
WHERE commence_time <= %(stored)s AND status <> 'postponed'
  AND (commence_time > %(since)s OR id IN (
      SELECT match_id FROM bets WHERE clv_status = 'pending' AND cancelled_at IS NULL
  ))
  AND NOT EXISTS (
      SELECT FROM closing_lines
      WHERE match_id = matches.id AND kickoff_at = commence_time
  )
UNION
SELECT results.match_id
FROM results
JOIN matches ON matches.id = results.match_id
WHERE results.source = 'football_data' AND results.observed_at > %(since)s
  AND commence_time <= %(now)s AND matches.status <> 'postponed'
  AND (SELECT max(captured_at) FROM closing_lines WHERE match_id = matches.id)
      < results.observed_at + interval '5 minutes'
ORDER BY 1
"""

COPY_LINES = """
COPY closing_lines (
    match_id, market, line, reference, source, odds_1, odds_x, odds_2, fair_1, fair_x, fair_2,
    bookmaker_count, seen_at, kickoff_at, minutes_before_kickoff, missing, captured_at
) FROM STDIN
"""


@dataclass(slots=True, kw_only=True)
class Captured:
    """What a capture wrote: matches, lines by reference, and missing ones by reason."""

    matches: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Captured") -> None:
        """Count another capture's in."""
        self.matches += other.matches
        self.lines.update(other.lines)
        self.missing.update(other.missing)


def pending_match_ids(now: datetime, *, since: datetime | None = None) -> list[int]:
    """Matches that kicked off by `now` and are to be captured.

    Args:
        now: The current instant.
        since: Matches that began before are left alone unless a bet waits for them; by default
            seven days before `now`.
    """
    given = {
        "now": now,
        "stored": now - LONGEST_STORE,
        "since": now - LOOKS_BACK if since is None else since,
    }
    with connection.cursor() as cursor:
        cursor.execute(PENDING, given)
        return [match_id for (match_id,) in cursor.fetchall()]


def capture(match_ids: Iterable[int], *, now: datetime) -> Captured:
    """Write the closing lines of these matches, in place of earlier ones.

    Lines that came from football-data.co.uk stay until it gives new ones. Matches that have not
    kicked off by `now`, or are postponed, are left out.
    """
    captured = Captured()
    with transaction.atomic():
        lock()
        wanted = Match.objects.filter(pk__in=list(match_ids), commence_time__lte=now)
        played = wanted.exclude(status=Match.Status.POSTPONED).order_by("pk")
        kick_offs = list(played.values_list("pk", "commence_time"))
        for start in range(0, len(kick_offs), MATCHES_AT_ONCE):
            _capture(dict(kick_offs[start : start + MATCHES_AT_ONCE]), captured, now)
    if captured.matches:
        logger.info(
            "closing lines of %d matches: %d captured, %d missing",
            captured.matches,
            captured.lines.total(),
            captured.missing.total(),
        )
    return captured


def forget_unplayed(now: datetime) -> int:
    """Drop the lines of matches whose kick-off was put off, and the grades that hung on them.

    Returns:
        How many matches lost theirs.
    """
    unplayed = Q(match__commence_time__gt=now) | Q(match__status=Match.Status.POSTPONED)
    with transaction.atomic():
        lock()
        lines = ClosingLine.objects.filter(unplayed)
        match_ids = list(lines.order_by().values_list("match_id", flat=True).distinct())
        if match_ids:
            ClosingLine.objects.filter(match__in=match_ids).delete()
            _forget_grades(match_ids)
    return len(match_ids)


def lock() -> None:
    """Wait until no other transaction captures or grades, and keep others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _capture(kick_offs: dict[int, datetime], captured: Captured, now: datetime) -> None:
    quotes = read_closing_quotes(list(kick_offs))
    own = ClosingPrices(quotes.own)
    minimum = SettlementSettings.current().closing_minimum_operators
    prices = [*own.of_single_bookmakers(), *own.of_consensus(minimum_operators=minimum)]
    imported = list(ClosingPrices(quotes.football_data).of_football_data())
    missing = missing_lines(list(kick_offs), quotes, {price.key for price in prices + imported})
    _delete(list(kick_offs), {price.key[0] for price in imported})
    rows = [_row(price, ClosingLine.Source.QUOTES, kick_offs, now) for price in prices]
    rows += [_row(price, ClosingLine.Source.FOOTBALL_DATA, kick_offs, now) for price in imported]
    rows += [_missing_row(one, kick_offs, now) for one in missing]
    with connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
        for row in rows:
            copy.write_row(row)
    _forget_grades(kick_offs)
    captured.matches += len(kick_offs)
    captured.lines.update(price.reference for price in prices + imported)
    captured.missing.update(str(one.reason) for one in missing)


def _delete(match_ids: Sequence[int], imported: set[int]) -> None:
    """Lines from own quotes always; those of football-data.co.uk where it gave new ones."""
    ClosingLine.objects.filter(
        Q(match__in=match_ids, source=ClosingLine.Source.QUOTES)
        | Q(match__in=imported, source=ClosingLine.Source.FOOTBALL_DATA)
    ).delete()


def _forget_grades(match_ids: Iterable[int]) -> None:
    for model in graded_models():
        graded = model._default_manager.filter(match__in=list(match_ids))
        graded.exclude(clv_status=ClvStatus.PENDING).update(**UNGRADED)


def _row(
    price: ClosingPrice,
    source: ClosingLine.Source,
    kick_offs: dict[int, datetime],
    now: datetime,
) -> tuple[object, ...]:
    match_id, market, line = price.key
    kick_off = kick_offs[match_id]
    seen_at = datetime.fromtimestamp(price.seen_at, UTC)
    minutes = (kick_off - seen_at).total_seconds() / SECONDS_A_MINUTE
    head = (match_id, market, line, price.reference, source.value, *price.odds, *price.fair)
    return (*head, price.bookmaker_count, seen_at, kick_off, max(minutes, 0.0), "", now)


def _missing_row(
    missing: MissingLine, kick_offs: dict[int, datetime], now: datetime
) -> tuple[object, ...]:
    match_id, market, line = missing.key
    head = (match_id, market, line, "", ClosingLine.Source.QUOTES.value, *[None] * 6)
    return (*head, 0, None, kick_offs[match_id], None, missing.reason.value, now)
