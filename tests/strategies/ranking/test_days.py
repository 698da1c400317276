"""The sums of days, against a plain recomputation, and which days are summed anew."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odds import results
from odds.models import Match, MatchChange
from strategies.live.settling import settle_predictions
from strategies.models import Prediction, StrategyDay, StrategyVersion
from strategies.ranking import days
from tests.factories import NOON, make_match, make_sport, make_strategy
from tests.strategies.ranking.predicted import PROFITS, many, on_lines, settled

pytestmark = pytest.mark.django_db

COLUMNS = (
    *("predictions", "won", "lost", "risk", "profit", "graded", "graded_matches"),
    *("clv_sum", "clv_squares", "raw_clv_sum"),
)
WON = {"won": 1, "half_won": 0.5}
LOST = {"lost": 1, "half_lost": 0.5}

MADE = st.lists(
    st.tuples(
        st.integers(0, 1),  # which version
        st.integers(0, 4),  # which match
        st.integers(0, 2),  # which line
        st.sampled_from(["", *PROFITS]),
        st.sampled_from(["pending", "graded", "early", "missing"]),
        st.floats(-20, 20, width=32),
    ),
    unique_by=lambda one: one[:3],
    max_size=25,
)
# Around midnight, UTC.
KICK_OFFS = [NOON.replace(hour=0) + timedelta(hours=hours) for hours in (-1, 0, 1, 24, 40)]


def stored():
    """All sums, by version and day."""
    return {
        (day.version_id, day.day): tuple(getattr(day, name) for name in COLUMNS)
        for day in StrategyDay.objects.all()
    }


def recomputed():
    """The same, by walking over the predictions one by one."""
    groups = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    clvs = defaultdict(list)
    for one in Prediction.objects.select_related("match"):
        key = one.version_id, one.match.commence_time.astimezone(UTC).date()
        sums = groups[key]
        sums["predictions"] += 1
        sums["won"] += WON.get(one.result, 0)
        sums["lost"] += LOST.get(one.result, 0)
        if one.result not in {"", "void"}:
            sums["risk"] += 1
            sums["profit"] += one.profit
        if one.clv_status == "graded":
            sums["graded"] += 1
            clvs[(*key, one.match_id)].append((one.clv_fair_pct, one.clv_pct))
    for (version, day, _match), pairs in clvs.items():
        fair, raw = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
        sums = groups[version, day]
        sums["graded_matches"] += 1
        sums["clv_sum"] += fair
        sums["clv_squares"] += fair**2
        sums["raw_clv_sum"] += raw
    return {key: tuple(sums[name] for name in COLUMNS) for key, sums in groups.items()}


def make_versions():
    return make_strategy(), make_strategy("consensus_value")


def assert_equal_sums():
    found, expected = stored(), recomputed()
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert found[key] == pytest.approx(sums, abs=1e-9), key


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=MADE, later=MADE)
def test_sums_are_those_of_walking_over_the_predictions(made, later):
    """Twice: predictions are exchanged for others in between, as if all had been corrected."""
    for rows in (made, later):
        Prediction.objects.all().delete()
        versions = list(StrategyVersion.objects.order_by("pk")) or list(make_versions())
        matches = list(Match.objects.order_by("pk")) or [
            make_match(commence_time=kickoff) for kickoff in KICK_OFFS
        ]
        for version, match, line, result, status, clv in rows:
            settled(
                versions[version],
                result,
                match=matches[match],
                market="totals",
                line=Decimal(line),
                clv_status=status,
                clv_fair_pct=clv,
                clv_pct=clv / 2,
            )

        days.sum_up(NOON)

        assert_equal_sums()


def test_a_day_is_that_of_the_kick_off_in_utc():
    version = make_strategy()
    settled(version, "won", kickoff=datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
    settled(version, "won", kickoff=datetime(2026, 11, 22, 0, 0, tzinfo=UTC))

    days.sum_up(NOON)

    found = StrategyDay.objects.values_list("day", "predictions")
    assert [(str(day), count) for day, count in found] == [("2026-11-21", 1), ("2026-11-22", 1)]


def test_a_match_counts_once_however_many_predictions_are_graded_on_it():
    version, match = make_strategy(), make_match()
    for line, clv in ((0, 2.0), (1, 4.0)):
        settled(version, "lost", match=match, market="totals", line=Decimal(line), clv=clv)
    settled(version, "lost", clv=-1.0, kickoff=match.commence_time)

    days.sum_up(NOON)

    day = StrategyDay.objects.get()
    assert (day.graded, day.graded_matches) == (3, 2)
    assert (day.clv_sum, day.clv_squares) == (pytest.approx(3 - 1), pytest.approx(9 + 1))


def test_what_pushed_was_risked_and_what_was_void_was_not():
    version = make_strategy()
    on_lines(version, make_match(), "won", "push", "void", "half_lost", "")

    days.sum_up(NOON)

    day = StrategyDay.objects.get()
    assert (day.predictions, day.risk, day.won, day.lost) == (5, 3, 1, 0.5)
    assert day.profit == pytest.approx(1.1 - 0.5)


def test_a_result_corrected_later_changes_the_day_of_an_old_match():
    version = make_strategy()
    match = make_match(commence_time=NOON - timedelta(days=100))
    settled(version, "", match=match)
    results.record(
        match.pk,
        source="odds_api",
        status="completed",
        home_score=2,
        away_score=0,
        observed_at=NOON,
    )
    settle_predictions(NOON)
    days.sum_up(NOON)
    assert StrategyDay.objects.get().profit == pytest.approx(1.1)

    much_later = NOON + timedelta(days=300)
    results.record(
        match.pk,
        source="hand",
        status="completed",
        home_score=0,
        away_score=0,
        observed_at=much_later,
    )
    settle_predictions(much_later)

    assert days.sum_up(much_later) == 1
    day = StrategyDay.objects.get()
    assert (day.won, day.lost, day.profit) == (0, 1, -1)


def test_a_result_taken_back_takes_the_sums_back():
    version = make_strategy()
    match = make_match(commence_time=NOON - timedelta(days=100))
    settled(version, "won", match=match)
    days.sum_up(None)

    Prediction.objects.update(result="", profit=None, settled_at=None)
    match.results.create(source="hand", status="scheduled", observed_at=NOON)

    assert days.sum_up(NOON) == 1
    assert (StrategyDay.objects.get().risk, StrategyDay.objects.get().predictions) == (0, 1)


@pytest.mark.parametrize("days_away", [-200, -3, 3, 200])
def test_a_match_that_moved_leaves_nothing_on_the_day_it_left(days_away):
    version = make_strategy()
    before = NOON + timedelta(days=days_away)
    match = make_match(commence_time=before)
    settled(version, "won", match=match)
    days.sum_up(None)
    assert StrategyDay.objects.get().day == before.date()

    match.commence_time = NOON - timedelta(days=50)
    match.save()
    MatchChange.objects.create(
        match=match,
        kind="kickoff",
        before=before.isoformat(),
        after=match.commence_time.isoformat(),
        observed_at=NOON,
    )
    MatchChange.objects.create(
        match=match, kind="renamed", before="A – B", after="C – D", observed_at=NOON
    )

    assert days.sum_up(NOON) == 2
    assert StrategyDay.objects.get().day == match.commence_time.date()


def test_a_day_whose_match_is_gone_is_gone():
    version = make_strategy()
    prediction = settled(version, "won")
    days.sum_up(NOON)

    prediction.match.delete()

    assert days.sum_up(NOON) == 1
    assert not StrategyDay.objects.exists()


def test_old_days_are_left_alone_unless_asked_for():
    version = make_strategy()
    settled(version, "won", kickoff=NOON - timedelta(days=100))

    assert days.sum_up(NOON) == 0
    assert days.sum_up(None) == 1


def test_summing_twice_changes_nothing():
    many(make_strategy(), 7, clv=1 / 3)
    days.sum_up(NOON)
    before = stored()

    assert days.sum_up(NOON) == 0
    assert days.sum_up(None) == 0
    assert stored() == before


def test_records_are_read_from_the_sums_as_fractions():
    version = make_strategy()
    many(version, 3, clv=3.0)
    days.sum_up(NOON)

    records = days.read_records([version.pk], before=NOON.date())

    assert records[str(version.pk)].matches == 2  # today's is not known yet
    assert records[str(version.pk)].clv == pytest.approx(0.03)


def test_the_work_does_not_grow_with_history():
    """Over 5,000 old predictions, those of the last days are found by index."""
    version, sport = make_strategy(), make_sport()
    old = Match.objects.bulk_create(
        Match(
            provider_id=f"old{number}",
            sport=sport,
            home_team="A",
            away_team="B",
            commence_time=NOON - timedelta(days=30 + number / 20),
        )
        for number in range(5_000)
    )
    Prediction.objects.bulk_create(
        Prediction(
            version=version,
            match=match,
            market="h2h",
            outcome="home",
            odds=Decimal(2),
            probability=0.5,
            edge_pct=0,
            kelly=0,
            predicted_at=NOON,
        )
        for match in old
    )
    many(version, 3, clv=1.0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matches, predictions")
        touched = days.touched_days(NOON)
        given = {"days": touched, "matches": days.matches_on(touched)}
        plan = ""
        for statement in (days.MATCHES_ON, days.sum_up_sql()):
            cursor.execute("EXPLAIN " + statement, given)
            plan += "\n".join(line for (line,) in cursor.fetchall())

    assert (len(touched), len(given["matches"])) == (3, 3)
    assert "Seq Scan on predictions" not in plan
    assert "Seq Scan on matches" not in plan
    with CaptureQueriesContext(connection) as queries:
        days.sum_up(NOON)
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 4
