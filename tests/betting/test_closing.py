"""Capturing closing lines: when, once, anew, and what is missing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from betting.closing.capture import capture, forget_unplayed, pending_match_ids
from betting.models import ClosingLine
from odds.models import Match
from tests.betting.closings import (
    ALL,
    KICK_OFF,
    LATER,
    MINUTE,
    PINNACLE,
    capture_pending,
    import_quote,
    line_of,
    look,
    make_bookmakers,
    missing,
    references,
    state_result,
)
from tests.factories import (
    make_bet,
    make_bookmaker,
    make_match,
    make_opportunity,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()


def test_a_kick_off_corrected_to_later_is_captured_anew():
    look(PINNACLE, before=30)
    capture_pending()
    corrected = KICK_OFF + 10 * MINUTE
    match = look({"pinnacle": (2.20, 1.70)}, at=KICK_OFF + 5 * MINUTE, kick_off=corrected)

    pending = pending_match_ids(corrected + MINUTE)
    capture_pending(corrected + MINUTE)

    assert pending == [match.pk]
    line = line_of("pinnacle")
    assert (line.odds_1, line.kickoff_at) == (Decimal("2.2"), corrected)
    assert line.minutes_before_kickoff == 5


def test_a_kick_off_corrected_to_earlier_takes_back_what_was_in_play():
    look(PINNACLE, before=30)
    look({"pinnacle": (1.20, 4.50)}, before=2)
    capture_pending()
    Match.objects.update(commence_time=KICK_OFF - 15 * MINUTE)

    capture_pending()

    assert line_of("pinnacle").odds_1 == Decimal("1.95")
    assert line_of("pinnacle").minutes_before_kickoff == 15


def test_a_match_nobody_collected_says_so():
    make_match(commence_time=KICK_OFF)

    captured = capture_pending()

    assert missing() == [("h2h", 0, "not_collected")]
    assert captured.missing == {"not_collected": 1}


def test_a_market_withdrawn_by_everyone_says_so():
    look(ALL, before=60)
    look({}, before=10)

    capture_pending()

    assert missing() == [("h2h", 0, "not_offered")]


def test_every_line_somebody_waits_for_has_a_row():
    match = look(ALL)
    look({"pinnacle": (1.9, 1.9)}, market="totals", line=3.0)
    look({"soft0": (1.9, 1.9)}, market="totals", line=3.5)
    make_bet(match=match, market="totals", outcome="over", line=Decimal("2.5"))
    make_opportunity(match=match, market="totals", outcome="over", line=Decimal("3.5"))
    make_opportunity(match=match, market="spreads", outcome="home", line=Decimal("-0.5"))

    capture_pending()

    assert missing() == [
        ("spreads", Decimal("-0.5"), "not_collected"),
        ("totals", Decimal("2.5"), "not_offered"),
        ("totals", Decimal("3.5"), "no_reference"),
    ]


def test_draw_no_bet_waits_for_the_match_winner():
    match = look(ALL)
    make_bet(match=match, market="draw_no_bet")

    capture_pending()

    assert missing() == []


def test_capturing_twice_changes_nothing():
    look(ALL)
    make_match(commence_time=KICK_OFF)
    capture_pending()
    columns = [
        f.attname for f in ClosingLine._meta.fields if f.attname not in ("id", "captured_at")
    ]
    before = list(ClosingLine.objects.values_list(*columns))

    again = pending_match_ids(LATER)
    capture(Match.objects.values_list("pk", flat=True), now=LATER + MINUTE)

    assert again == []
    assert list(ClosingLine.objects.values_list(*columns)) == before


def test_old_matches_are_left_alone_unless_a_bet_waits():
    old = make_match(commence_time=KICK_OFF)
    bet_on = make_bet(match=make_match(commence_time=KICK_OFF), placed_at=KICK_OFF - MINUTE).match

    pending = pending_match_ids(KICK_OFF + timedelta(days=8))

    assert pending == [bet_on.pk]
    assert pending_match_ids(KICK_OFF + timedelta(days=8), since=KICK_OFF - MINUTE) == sorted(
        [old.pk, bet_on.pk]
    )


def test_what_has_not_kicked_off_or_is_postponed_is_not_captured():
    coming = make_match(commence_time=LATER + MINUTE)
    postponed = make_match(commence_time=KICK_OFF, status="postponed")

    assert pending_match_ids(LATER) == []
    assert capture([coming.pk, postponed.pk], now=LATER).matches == 0


@pytest.mark.parametrize(
    "change", [{"commence_time": KICK_OFF + timedelta(days=2)}, {"status": "postponed"}]
)
def test_a_match_put_off_loses_its_lines(change):
    match = look(ALL)
    look(ALL, match="played")
    capture_pending()
    Match.objects.filter(pk=match.pk).update(**change)

    forgotten = forget_unplayed(LATER)

    assert forgotten == 1
    assert set(ClosingLine.objects.values_list("match__provider_id", flat=True)) == {"played"}
    assert forget_unplayed(LATER) == 0


def test_a_result_from_football_data_brings_its_closing_odds():
    match = look(PINNACLE | {"soft0": (1.9, 1.9)})
    capture_pending()
    import_quote(match, "pinnacle", 1.90, 2.00)
    state_result(match, 1, 0, at=LATER + timedelta(days=2))

    pending = pending_match_ids(LATER + timedelta(days=3))
    capture_pending(LATER + timedelta(days=3))

    assert pending == [match.pk]
    assert references() == {"pinnacle", "fd_pinnacle"}
    assert pending_match_ids(LATER + timedelta(days=3)) == []


def test_lines_of_football_data_outlive_a_recapture():
    match = look(PINNACLE)
    import_quote(match, "pinnacle", 1.90, 2.00)
    capture_pending()
    Match.objects.update(commence_time=F("commence_time") + timedelta(hours=2))

    capture_pending(LATER + timedelta(hours=3))

    assert references() == {"pinnacle", "fd_pinnacle"}
    assert line_of("fd_pinnacle").kickoff_at == KICK_OFF


def test_more_matches_ask_no_more_queries():
    counts = []
    for number in range(2):
        for match in range(1 + 4 * number):
            look(ALL, match=f"{number}-{match}")
        with CaptureQueriesContext(connection) as queries:
            capture_pending()
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert ClosingLine.objects.values("match").distinct().count() == 6


def test_the_command_captures_grades_and_tells(capsys):
    long_ago = KICK_OFF - timedelta(days=700)
    match = look(ALL, kick_off=long_ago)
    make_bet(match=match, bookmaker=make_bookmaker("soft0"), odds="2.10", placed_at=long_ago)
    make_match(commence_time=long_ago)

    call_command("capture_closing_lines", "--all")

    told = capsys.readouterr().out
    assert "2 matches captured" in told
    assert "pinnacle" in told
    assert "Market not collected before kick-off" in told
    assert "Graded" in told


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_leave_each_line_once():
    match = look(ALL)
    barrier = Barrier(2)

    def work(_number: int) -> int:
        try:
            barrier.wait()
            return capture([match.pk], now=LATER).matches
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        captured = list(threads.map(work, range(2)))

    assert captured == [1, 1]
    assert ClosingLine.objects.count() == 3
