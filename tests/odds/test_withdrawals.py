"""Quotes withdrawn: history alone tells what was on offer at any past instant."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from odds.models import LatestQuote, Match, Quote
from odds.parsing import SeenQuote, Snapshot, parse_snapshot
from odds.replay import (
    Recording,
    find_recordings,
    looks_american,
    read_recordings,
    store_recording,
)
from odds.storage import CONTRADICTS, store_snapshot
from odds.tally import Tally
from odds.withdrawals import WITHDRAW, Asked
from tests.odds.test_storage import KICKOFF, LATER, NOON, offer, seen, snapshot, store

SERIES = Path(__file__).resolve().parents[3] / "shared/data/the-odds-api/series"
HOUR = timedelta(hours=1)
OTHER = {"bookmaker_key": "betclic_fr"}
ANOTHER_MATCH = "b" * 32

Odds = tuple[float | None, ...]
Key = tuple[str, str, str, float]  # match, bookmaker, market, line


def history(key: str = "pinnacle") -> list[tuple[datetime, Decimal | None]]:
    """When the home odds of a bookmaker changed, and to what."""
    rows = Quote.objects.filter(bookmaker__key=key).order_by("observed_at")
    return list(rows.values_list("observed_at", "odds_1"))


def on_offer(at: datetime, sport: str = "%") -> dict[Key, Odds]:
    """What history says was on offer at an instant, for matches that are not long over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (match_id, bookmaker_id, market, line)
                   provider_id, bookmakers.key, market, line::float8,
                   odds_1::float8, odds_x::float8, odds_2::float8
            FROM quotes
            JOIN matches ON matches.id = match_id
            JOIN sports ON sports.id = sport_id
            JOIN bookmakers ON bookmakers.id = bookmaker_id
            WHERE observed_at <= %s AND commence_time > %s AND sports.key LIKE %s
            ORDER BY match_id, bookmaker_id, market, line, observed_at DESC
            """,
            [at, at - 12 * HOUR, sport],
        )
        rows = [(row[:4], row[4:]) for row in cursor.fetchall()]
    return {key: odds for key, odds in rows if any(odds)}


def offered(quotes: list[SeenQuote]) -> dict[Key, Odds]:
    """The same of a snapshot's quotes."""
    return {(q.provider_id, q.bookmaker_key, q.market, q.line): q.odds for q in quotes}


def store_empty(at: datetime, **asked: Any) -> Tally:
    """Store an answer without a match."""
    with transaction.atomic():
        return store_snapshot(Snapshot(), observed_at=at, asked=Asked(**asked))


@pytest.mark.django_db
def test_a_quote_withdrawn_and_back_unchanged_has_three_rows():
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER))
    gone = store(offer(2.0, 3.4, 3.5, **OTHER), at=NOON + HOUR)
    without = LatestQuote.objects.get(bookmaker__key="pinnacle")

    back = store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER), at=LATER)

    odds = Decimal("2.100")
    assert history() == [(NOON, odds), (NOON + HOUR, None), (LATER, odds)]
    assert (without.is_offered, without.seen_at) == (False, NOON)
    current = LatestQuote.objects.get(bookmaker__key="pinnacle")
    assert (current.is_offered, current.changed_at, current.seen_at) == (True, LATER, LATER)
    assert (gone.withdrawn, gone.stored.total(), gone.unchanged_total) == ({"h2h": 1}, 0, 1)
    assert (back.withdrawn.total(), back.stored, back.odds_stored) == (0, {"h2h": 1}, 3)


@pytest.mark.django_db
def test_a_withdrawal_is_written_once():
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER))

    tallies = [store(offer(2.1, 3.5, 3.6), at=at) for at in (NOON + HOUR, NOON + HOUR, LATER)]

    assert [tally.withdrawn.total() for tally in tallies] == [1, 0, 0]
    assert history("betclic_fr") == [(NOON, Decimal("2.000")), (NOON + HOUR, None)]


@pytest.mark.django_db
def test_a_match_that_is_missing_is_withdrawn_with_every_line():
    totals = [offer(1.9, None, 1.95, market="totals", line=line) for line in (2.25, 2.5)]
    store(*totals, offer(2.1, 3.5, 3.6))

    tally = store(
        offer(2.1, 3.5, 3.6, provider_id=ANOTHER_MATCH),
        offer(1.9, None, 1.95, market="totals", line=2.5, provider_id=ANOTHER_MATCH),
        at=LATER,
    )

    assert tally.withdrawn == {"h2h": 1, "totals": 2}
    assert {key[0] for key in on_offer(LATER)} == {ANOTHER_MATCH}


@pytest.mark.django_db
def test_an_empty_answer_withdraws_what_was_asked_for():
    total = offer(1.9, None, 1.95, market="totals", line=2.5)
    lay = offer(2.14, 3.6, 3.7, market="h2h_lay")  # comes unasked with the match winner
    store(offer(2.1, 3.5, 3.6), lay, total)

    tally = store_empty(LATER, sport_key="soccer_epl", markets=["h2h"])

    assert tally.withdrawn == {"h2h": 1, "h2h_lay": 1}
    assert on_offer(LATER) == offered([total])
    assert len(on_offer(LATER - HOUR)) == 3


@pytest.mark.django_db
def test_another_sport_and_another_market_are_left_alone():
    tennis = offer(1.8, None, 2.1, provider_id=ANOTHER_MATCH)
    total = offer(1.9, None, 1.95, market="totals", line=2.5)
    store(tennis, sport_key="tennis_atp")
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER), total)

    tally = store(offer(2.1, 3.5, 3.6), at=LATER)

    assert tally.withdrawn == {"h2h": 1}
    assert on_offer(LATER) == offered([tennis, total, offer(2.1, 3.5, 3.6)])


@pytest.mark.django_db
def test_an_answer_of_one_match_says_nothing_of_the_others():
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER))
    store(offer(1.8, 3.5, 4.6, provider_id=ANOTHER_MATCH), at=NOON)
    asked = Asked(sport_key="soccer_epl", markets=["h2h"], is_whole_sport=False)

    with transaction.atomic():
        store_snapshot(snapshot([seen()], [offer(2.1, 3.5, 3.6)]), observed_at=LATER, asked=asked)

    assert {key[:2] for key in on_offer(LATER)} == {
        ("a" * 32, "pinnacle"),
        (ANOTHER_MATCH, "pinnacle"),
    }


@pytest.mark.django_db
def test_a_match_of_the_day_before_is_left_alone():
    store(offer(2.1, 3.5, 3.6))

    at = KICKOFF + timedelta(hours=12)
    tally = store_empty(at, sport_key="soccer_epl", markets=["h2h"])

    assert tally.withdrawn.total() == 0
    just_before = store_empty(at - timedelta(seconds=1), sport_key="soccer_epl", markets=["h2h"])
    assert just_before.withdrawn == {"h2h": 1}


@pytest.mark.django_db
def test_a_late_snapshot_withdraws_nothing():
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER))
    store(offer(1.9, None, 1.95, market="totals", line=2.5), at=NOON)
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER), at=LATER)

    late = store(
        offer(2.1, 3.5, 3.6),
        offer(1.9, None, 1.95, market="totals", line=3.5),
        at=NOON + HOUR,
    )

    assert late.withdrawn.total() == 0
    assert LatestQuote.objects.filter(is_offered=False).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("at", [NOON + 2 * HOUR, NOON + HOUR])
def test_odds_of_while_it_was_withdrawn_contradict_history(at: datetime):
    both = offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER)
    store(*both)
    store(both[0], at=NOON + HOUR)
    store(*both, at=LATER)

    late = store(*both, at=at)

    assert late.rejected == {("h2h", CONTRADICTS): 1}
    assert len(history("betclic_fr")) == 3


@pytest.mark.django_db
def test_odds_of_before_a_withdrawal_do_not_bring_the_quote_back():
    both = offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER)
    store(*both)
    store(both[0], at=LATER)

    late = store(*both, at=NOON + HOUR)

    assert (late.stored.total(), late.unchanged_total) == (0, 2)
    assert not LatestQuote.objects.get(bookmaker__key="betclic_fr").is_offered


@pytest.mark.django_db
def test_the_compatibility_views_leave_withdrawals_out():
    store(offer(2.1, 3.5, 3.6), offer(1.9, None, 1.95, market="totals", line=2.5))
    store_empty(LATER, sport_key="soccer_epl", markets=["h2h", "totals"])

    with connection.cursor() as cursor:
        counts = []
        for view in ("odds_history", "odds_totals", "odds"):
            cursor.execute(f"SELECT count(*) FROM {view}")
            counts += cursor.fetchone()

    assert (counts, Quote.objects.count(), Quote.objects.all().with_odds().count()) == (
        [1, 1, 5],
        4,
        2,
    )


@pytest.fixture
def _emptied_history(transactional_db: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes")  # unmanaged: Django does not empty it


@pytest.mark.usefixtures("_emptied_history")
def test_two_stores_racing_write_one_withdrawal():
    both = offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, **OTHER)
    store(*both)
    tallies: list[Tally] = []

    def store_the_same() -> None:
        try:
            tallies.append(store(both[0], at=LATER))
        finally:
            connections.close_all()

    second = threading.Thread(target=store_the_same)
    with transaction.atomic():
        tallies.append(store(both[0], at=LATER))
        second.start()
        wait_until(is_another_waiting)
    second.join(timeout=10)

    assert [tally.withdrawn.total() for tally in tallies] == [1, 0]
    assert history("betclic_fr") == [(NOON, Decimal("2.000")), (LATER, None)]


def is_another_waiting() -> bool:
    """Somebody waits for a lock that the first store holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


PRICES = st.dictionaries(
    st.sampled_from("abcd"), st.sampled_from([1.5, 2.0, 2.5]), min_size=0, max_size=4
)


class TestAnySequenceOfSnapshots(HypothesisTestCase):
    """History is as good as having kept every snapshot."""

    @settings(max_examples=40)
    @given(st.lists(PRICES, min_size=1, max_size=8))
    def test_what_was_on_offer_is_what_each_snapshot_held(self, looks: list[dict[str, float]]):
        asked = Asked(sport_key="soccer_epl", markets=["h2h"])
        held = [
            [offer(odds, 3.0, 4.0, bookmaker_key=key) for key, odds in prices.items()]
            for prices in looks
        ]

        for number, quotes in enumerate(held):
            with transaction.atomic():
                store_snapshot(
                    snapshot([seen()] if quotes else [], quotes),
                    observed_at=NOON + number * HOUR,
                    asked=asked,
                )

        for number, quotes in enumerate(held):
            for later in (timedelta(), HOUR / 2):
                assert on_offer(NOON + number * HOUR + later) == offered(quotes)
        current = LatestQuote.objects.filter(is_offered=True)
        assert set(current.values_list("bookmaker__key", flat=True)) == looks[-1].keys()


def rows_handled(plan: dict[str, Any]) -> float:
    """Rows that all steps of an executed plan gave or threw away."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    own += plan.get("Rows Removed by Join Filter", 0)
    return own * plan["Actual Loops"] + sum(map(rows_handled, plan.get("Plans", ())))


@pytest.mark.django_db
def test_no_quote_is_compared_with_all_others_though_tables_are_believed_empty():
    """As they are to ANALYZE where what fills them is not committed yet."""
    count = 600
    keys = [f"book_{number}" for number in range(count)]
    store(*(offer(2.1, 3.5, 3.6, bookmaker_key=key) for key in keys))
    match = Match.objects.get()
    asked = {"sports": [match.sport_id], "markets": ["h2h"], "matches": None, "now": LATER}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 10"
            " WHERE relname IN ('matches', 'latest_quotes')"
        )
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {WITHDRAW}", asked)
        [([explained],)] = cursor.fetchall()

    assert Quote.objects.filter(odds_1=None).count() == count
    assert rows_handled(explained["Plan"]) < 20 * count


@pytest.mark.recorded
@pytest.mark.skipif(not SERIES.exists(), reason="the recorded odds are not beside the repository")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("series", "every"),
    [
        ("baseball_mlb_2026_us_5min", 10),
        ("soccer_fifa_world_cup_2026_us", 8),
        ("multi_region_2026", 1),
    ],
)
def test_a_recorded_market_is_rebuilt_from_history_and_stored_once(series: str, every: int):
    looks: list[Recording] = []
    for file in find_recordings([SERIES / series])[:20]:
        with file.open("rb") as stream:
            looks += islice(read_recordings(file, stream), 120 - len(looks))

    withdrawn = sum(store_recording(look, odds_format="detect").withdrawn.total() for look in looks)

    assert withdrawn > 100
    checked = [look for look in looks if look.sport_key][::every]
    assert len(checked) >= 12
    for look in checked:
        held = parse_snapshot(look.body, american=looks_american(look.body))
        assert on_offer(look.observed_at, look.sport_key or "%") == offered_as_stored(held)
    rows = Quote.objects.count()
    for look in checked:
        assert store_recording(look, odds_format="detect").withdrawn.total() == 0
    assert Quote.objects.count() == rows


def offered_as_stored(held: Snapshot) -> dict[Key, Odds]:
    """What a snapshot offers, each match with its teams in the order in which it is stored."""
    known = dict(Match.objects.values_list("provider_id", "away_team"))
    turned = {
        match.provider_id for match in held.matches if match.home_team == known[match.provider_id]
    }
    as_stored = {}
    for key, odds in offered(held.quotes).items():
        match, bookmaker, market, line = key
        if match in turned and market != "totals":
            as_stored[match, bookmaker, market, 0.0 - line] = odds[::-1]
        else:
            as_stored[key] = odds
    return as_stored
