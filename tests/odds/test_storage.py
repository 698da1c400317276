"""Storing snapshots: change-only, idempotent, late ones in their place, changes of matches."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from odds.models import Bookmaker, LatestQuote, Match, MatchChange, Quote, Sport
from odds.parsing import SeenMatch, SeenQuote, Snapshot, parse_snapshot
from odds.storage import CONTRADICTS, store_snapshot
from odds.tally import Tally

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
KICKOFF = NOON + timedelta(days=1)


def seen(provider_id: str = "a" * 32, **given: Any) -> SeenMatch:
    return SeenMatch(
        **{
            "provider_id": provider_id,
            "sport_key": "soccer_epl",
            "sport_title": "EPL",
            "commence_time": KICKOFF,
            "home_team": "Leeds United",
            "away_team": "Fulham",
        }
        | given
    )


def offer(*odds: float | None, **given: Any) -> SeenQuote:
    return SeenQuote(
        **{
            "provider_id": "a" * 32,
            "bookmaker_key": "pinnacle",
            "bookmaker_title": "Pinnacle",
            "market": "h2h",
            "line": 0.0,
            "odds": odds,
            "source_updated_at": NOON,
        }
        | given
    )


def snapshot(matches: Iterable[SeenMatch], quotes: Iterable[SeenQuote]) -> Snapshot:
    made = Snapshot(matches=list(matches), quotes=list(quotes))
    made.received.update(quote.market for quote in made.quotes)
    return made


def store(*quotes: SeenQuote, at: datetime = NOON, **changes: Any) -> Tally:
    ids = {quote.provider_id for quote in quotes} or {"a" * 32}
    with transaction.atomic():
        return store_snapshot(
            snapshot([seen(key, **changes) for key in ids], quotes), observed_at=at
        )


def history() -> list[tuple[datetime, Decimal | None]]:
    return list(Quote.objects.order_by("observed_at").values_list("observed_at", "odds_1"))


@pytest.mark.django_db
def test_the_same_snapshot_twice_stores_nothing_new():
    first = store(offer(2.1, 3.5, 3.6))

    second = store(offer(2.1, 3.5, 3.6))

    assert (first.stored.total(), second.stored.total(), second.unchanged_total) == (1, 0, 1)
    assert history() == [(NOON, Decimal("2.100"))]


@pytest.mark.django_db
def test_an_unchanged_quote_is_seen_again_but_not_stored_again():
    store(offer(2.1, 3.5, 3.6))

    store(offer(2.1, 3.5, 3.6), at=LATER)

    current = LatestQuote.objects.get()
    assert (current.changed_at, current.seen_at) == (NOON, LATER)
    assert len(history()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("after", [(2.15, 3.5, 3.6), (2.1, None, 3.6), (2.1, 3.5, 3.61)])
def test_a_change_of_any_of_its_odds_is_stored(after: tuple[float | None, ...]):
    store(offer(2.1, 3.5, 3.6))

    tally = store(offer(*after), at=LATER)

    assert tally.stored == {"h2h": 1}
    assert LatestQuote.objects.get().changed_at == LATER
    assert Quote.objects.count() == 2


@pytest.mark.django_db
def test_a_quote_left_out_keeps_the_time_it_was_last_seen():
    store(offer(2.1, 3.5, 3.6), offer(2.0, 3.4, 3.5, bookmaker_key="betclic_fr"))

    store(offer(2.1, 3.5, 3.6), at=LATER)

    assert LatestQuote.objects.get(bookmaker__key="betclic_fr").seen_at == NOON


@pytest.mark.django_db
def test_each_line_of_a_market_is_a_quote_of_its_own():
    store(*(offer(1.9, None, 1.95, market="totals", line=line) for line in (2.25, 2.5, 0.0)))

    assert sorted(Quote.objects.values_list("line", flat=True)) == [
        Decimal("0.00"),
        Decimal("2.25"),
        Decimal("2.50"),
    ]


@pytest.mark.django_db
def test_an_older_snapshot_goes_into_history_and_leaves_the_current_quote():
    store(offer(2.3, 3.5, 3.6), at=LATER)

    tally = store(offer(2.1, 3.5, 3.6), at=NOON)
    again = store(offer(2.1, 3.5, 3.6), at=NOON)

    assert (tally.stored.total(), again.stored.total()) == (1, 0)
    assert history() == [(NOON, Decimal("2.100")), (LATER, Decimal("2.300"))]
    assert LatestQuote.objects.get().odds_1 == Decimal("2.300")


@pytest.mark.django_db
def test_an_older_snapshot_that_repeats_what_was_in_force_stores_nothing():
    store(offer(2.1, 3.5, 3.6), at=NOON)
    store(offer(2.3, 3.5, 3.6), at=LATER)

    between = store(offer(2.1, 3.5, 3.6), at=NOON + timedelta(hours=1))

    assert between.stored.total() == 0


@pytest.mark.django_db
def test_an_older_snapshot_that_contradicts_history_is_rejected_with_the_reason():
    store(offer(2.1, 3.5, 3.6), at=NOON)
    store(offer(2.1, 3.5, 3.6), at=LATER)

    between = store(offer(2.2, 3.5, 3.6), at=NOON + timedelta(hours=1))

    assert between.rejected == {("h2h", CONTRADICTS): 1}
    assert between.unchanged_total == 0
    assert len(history()) == 1


@pytest.mark.django_db
def test_a_moved_kickoff_is_followed_and_noted():
    store(offer(2.1, 3.5, 3.6))

    store(offer(2.1, 3.5, 3.6), at=LATER, commence_time=KICKOFF + timedelta(minutes=3))

    assert Match.objects.get().commence_time == KICKOFF + timedelta(minutes=3)
    assert MatchChange.objects.get().kind == MatchChange.Kind.KICKOFF


@pytest.mark.django_db
def test_teams_swapped_at_the_source_keep_their_odds_and_the_swap_is_visible():
    swapped = {"home_team": "Fulham", "away_team": "Leeds United"}
    store(offer(2.1, 3.5, 3.6))

    # The source's home is now Fulham, so its first odds are Fulham's.
    tally = store(offer(3.6, 3.5, 2.1), at=LATER, **swapped)

    match = Match.objects.get()
    assert (match.home_team, match.is_swapped_at_source) == ("Leeds United", True)
    assert tally.stored.total() == 0
    assert MatchChange.objects.get().kind == MatchChange.Kind.SWAPPED
    store(offer(2.1, 3.5, 3.6), at=LATER + timedelta(hours=1))
    assert not Match.objects.get().is_swapped_at_source
    assert MatchChange.objects.count() == 2


@pytest.mark.django_db
def test_a_handicap_turns_with_swapped_teams_and_a_total_does_not():
    swapped = {"home_team": "Fulham", "away_team": "Leeds United"}
    handicap = {"market": "spreads", "line": -0.5}
    total = {"market": "totals", "line": 2.5}
    store(offer(1.9, None, 2.0, **handicap), offer(1.8, None, 2.1, **total))

    tally = store(
        offer(2.0, None, 1.9, market="spreads", line=0.5),
        offer(1.8, None, 2.1, **total),
        at=LATER,
        **swapped,
    )

    assert tally.stored.total() == 0


@pytest.mark.django_db
def test_a_renamed_team_is_followed_and_noted():
    store(offer(2.1, 3.5, 3.6))

    store(offer(2.1, 3.5, 3.6), at=LATER, home_team="Leeds")

    assert Match.objects.get().home_team == "Leeds"
    assert MatchChange.objects.get().kind == MatchChange.Kind.RENAMED


@pytest.mark.django_db
def test_an_old_answer_does_not_move_a_kickoff_back():
    store(offer(2.1, 3.5, 3.6), at=LATER)

    store(offer(2.0, 3.5, 3.6), at=NOON, commence_time=KICKOFF - timedelta(hours=2))

    assert Match.objects.get().commence_time == KICKOFF


@pytest.mark.django_db
def test_unknown_bookmakers_and_sports_are_added_and_known_ones_described():
    store(offer(2.1, 3.5, 3.6, bookmaker_key="betfair_ex_eu"), offer(2, 3, 4, bookmaker_key="new"))

    exchange = Bookmaker.objects.get(key="betfair_ex_eu")
    assert (exchange.kind, exchange.operator, exchange.commission) == (
        "exchange",
        "betfair",
        Decimal("0.050"),
    )
    assert Bookmaker.objects.get(key="new").kind == "soft"
    assert Sport.objects.get().title == "EPL"


@pytest.mark.django_db
def test_storing_needs_the_callers_transaction(transactional_db: None):
    with pytest.raises(transaction.TransactionManagementError):
        store_snapshot(snapshot([], []), observed_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_failure_half_way_leaves_nothing_behind():
    def store_and_fail() -> None:
        with transaction.atomic():
            store_snapshot(snapshot([seen()], [offer(2.1, 3.5, 3.6)]), observed_at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        store_and_fail()

    assert (Match.objects.count(), Quote.objects.count(), LatestQuote.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_the_compatibility_views_show_history_as_the_original_did():
    store(offer(2.1, 3.5, 3.6), offer(1.9, None, 1.95, market="totals", line=2.5))

    with connection.cursor() as cursor:
        cursor.execute("SELECT sport, bookmaker, home_odds, draw_odds, away_odds FROM odds_history")
        wide = cursor.fetchall()
        cursor.execute("SELECT line, over_odds, under_odds FROM odds_totals")
        totals = cursor.fetchall()
        cursor.execute("SELECT outcome, odds_value FROM odds ORDER BY odds_value")
        tall = cursor.fetchall()

    assert wide == [
        ("soccer_epl", "pinnacle", Decimal("2.100"), Decimal("3.500"), Decimal("3.600"))
    ]
    assert totals == [(Decimal("2.50"), Decimal("1.900"), Decimal("1.950"))]
    assert [outcome for outcome, _odds in tall] == ["over", "under", "home", "draw", "away"]


def test_the_parser_and_the_storage_agree_on_markets():
    markets = {choice for choice, _label in Quote._meta.get_field("market").choices}
    body = [
        {
            "id": "1",
            "sport_key": "s",
            "commence_time": "2026-11-22T15:00:00Z",
            "home_team": "A",
            "away_team": "B",
            "bookmakers": [
                {
                    "key": "b",
                    "markets": [
                        {
                            "key": key,
                            "outcomes": [
                                {"name": name, "price": 2, "point": 0}
                                for name in (("Over", "Under") if key == "totals" else ("A", "B"))
                            ],
                        }
                        for key in markets
                    ],
                }
            ],
        }
    ]

    assert {quote.market for quote in parse_snapshot(body).quotes} == markets


SNAPSHOTS = st.lists(
    st.tuples(
        st.integers(0, 6),  # the hour it was observed
        st.dictionaries(st.sampled_from("abc"), st.sampled_from([1.5, 2.0, 2.5]), max_size=3),
    ),
    max_size=8,
)


class TestAnyOrderOfSnapshots(HypothesisTestCase):
    """History answers "what was in force then" whatever the order of arrival."""

    @settings(max_examples=60)
    @given(SNAPSHOTS)
    def test_as_of_gives_the_newest_known_odds(self, arrivals: list[tuple[int, dict[str, float]]]):
        told: dict[tuple[str, int], float | None] = {}
        for hour, prices in arrivals:
            store(
                *(offer(o, 3.0, 4.0, bookmaker_key=key) for key, o in prices.items()),
                at=NOON + timedelta(hours=hour),
            )
            for key, odds in prices.items():
                known = [h for k, h in told if k == key]
                if not known or hour > max(known) or hour < min(known):
                    told[key, hour] = odds  # anything between repeats history or is rejected
            withdraw_unseen(told, hour, prices)

        for key in "abc":
            for hour in range(7):
                known = [h for k, h in told if k == key and h <= hour]
                in_force = (
                    Quote.objects.as_of(NOON + timedelta(hours=hour))
                    .filter(bookmaker__key=key)
                    .order_by("-observed_at")
                    .first()
                )
                expected = told[key, max(known)] if known else None
                found = in_force and in_force.odds_1
                assert (found and float(found)) == expected


def withdraw_unseen(
    told: dict[tuple[str, int], float | None], hour: int, prices: dict[str, float]
) -> None:
    """The newest look withdraws what it no longer sees; a look at no market tells nothing."""
    is_late = any(h > hour for (_key, h), odds in told.items() if odds)
    if not prices or is_late:
        return
    newest = {key: max(h for k, h in told if k == key) for key, _hour in told}
    for key, last in newest.items():
        if last < hour and told[key, last]:
            told[key, hour] = None
