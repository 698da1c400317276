"""What is known of a version, against the same sums written out in plain Python."""

import json
from datetime import timedelta
from decimal import Decimal
from statistics import mean

import pytest

from betting.bets.rules import Ending
from strategies.learning.evidence import Refusal
from strategies.learning.reading import read_evidence
from strategies.models import StrategyVersion
from tests.factories import NOON, make_bookmaker, make_match, make_prediction, make_strategy
from tests.strategies.learning.rows import evidence_of, made

# Odds, edge, result, profit of a unit, fair CLV (None: not graded).
PLAYED = (
    ("2.100", 2.5, "won", 1.1, 3.0),
    ("2.100", 2.9, "lost", -1.0, -1.0),
    ("1.400", 4.0, "half_won", 0.2, 2.0),
    ("5.500", 9.0, "lost", -1.0, -8.0),
    ("3.300", 9.5, "void", 0.0, None),
    ("1.900", 3.5, "push", 0.0, 0.5),
    ("2.000", 25.0, "", None, None),
)


@pytest.fixture
def version(db):
    return make_strategy(agent="sharp_reference")


def play(version, *, count=None, started=NOON):
    """The predictions above, each a minute after the one before, on matches of their own."""
    bookmaker = make_bookmaker()
    for number, (odds, edge, result, profit, clv) in enumerate(PLAYED[:count]):
        said = started + timedelta(minutes=number)
        graded = {"clv_status": "graded", "clv_fair_pct": clv} if clv is not None else {}
        settled = {"result": result, "profit": profit, "settled_at": NOON} if result else {}
        make_prediction(
            version=version,
            match=make_match(commence_time=said + timedelta(hours=10)),
            bookmaker=bookmaker,
            odds=Decimal(odds),
            edge_pct=edge,
            predicted_at=said,
            **graded,
            **settled,
        )


def read(version, **given):
    return read_evidence(version, **{"until": NOON + timedelta(days=30)} | given)


def segment(evidence, dimension, value):
    found = [s for s in evidence.segments if (s.dimension, s.value) == (dimension, value)]
    assert len(found) == 1, [(s.dimension, s.value) for s in evidence.segments]
    return found[0]


def test_base_rates_are_those_of_plain_arithmetic(version):
    play(version)

    base = read(version).base

    settled = [row for row in PLAYED if row[2] not in {"", "void"}]
    clvs = [row[4] for row in PLAYED if row[4] is not None]
    assert (base.predictions, base.settled) == (7, 5)
    assert base.win_rate_pct == pytest.approx(100 * 1.5 / 3.5)  # won and half of one, two lost
    assert base.yield_pct == pytest.approx(100 * sum(row[3] for row in settled) / 5)
    assert (base.graded, base.graded_matches) == (5, 5)
    assert base.clv_pct == pytest.approx(mean(clvs))


def test_every_dimension_holds_every_prediction_once(version):
    play(version)

    evidence = read(version)

    counted = {}
    for each in evidence.segments:
        counted[each.dimension] = counted.get(each.dimension, 0) + each.rates.predictions
    assert counted == dict.fromkeys(
        ("league", "odds", "bookmaker", "hours_to_kickoff", "market", "edge_pct"), 7
    )


def test_bands_hold_their_lower_end_and_not_their_upper():
    rows = [made(edge_pct=edge, match_id=place) for place, edge in enumerate((2.0, 2.99, 3.0))]

    evidence = evidence_of(rows)

    assert segment(evidence, "edge_pct", "2 to 3").rates.predictions == 2
    assert segment(evidence, "edge_pct", "3 to 5").rates.predictions == 1


def test_the_outermost_bands_are_open():
    evidence = evidence_of([made(edge_pct=-0.5), made(edge_pct=20.0), made(edge_pct=500.0)])

    lowest, highest = (
        segment(evidence, "edge_pct", "below 0"),
        segment(evidence, "edge_pct", "20 or more"),
    )
    assert (lowest.low, lowest.high, highest.low, highest.high) == (None, 0.0, 20.0, None)
    assert highest.rates.predictions == 2


def test_segments_have_the_rates_of_their_predictions(version):
    play(version)

    evidence = read(version)

    low_edges = segment(evidence, "edge_pct", "2 to 3").rates
    assert (low_edges.predictions, low_edges.settled, low_edges.graded) == (2, 2, 2)
    assert low_edges.win_rate_pct == pytest.approx(50)
    assert low_edges.yield_pct == pytest.approx(100 * (1.1 - 1.0) / 2)
    assert low_edges.clv_pct == pytest.approx((3.0 - 1.0) / 2)
    assert segment(evidence, "odds", "2 to 3").rates.predictions == 3
    assert segment(evidence, "hours_to_kickoff", "6 to 24").rates.predictions == 7


def test_predictions_on_one_match_are_one_cluster():
    """By hand: clusters sum to +2, -2 about a mean of 1, so 2/1 * 8 = 16, and 4 / 4 = 1."""
    rows = [made(match_id=match, clv_pct=clv) for match, clv in ((1, 1), (1, 3), (2, 0), (2, 0))]

    base = evidence_of(rows).base

    assert (base.graded, base.graded_matches, base.clv_pct) == (4, 2, 1.0)
    assert base.clv_error == pytest.approx(1.0)


def test_what_is_undefined_is_none(version):
    base = read(version).base

    assert (base.predictions, base.settled, base.graded, base.graded_matches) == (0, 0, 0, 0)
    assert (base.win_rate_pct, base.yield_pct, base.clv_pct, base.clv_error) == (None,) * 4


def test_a_price_without_a_bookmaker_is_in_no_bookmaker_segment():
    evidence = evidence_of([made(bookmaker=None)])

    assert not [each for each in evidence.segments if each.dimension == "bookmaker"]


def test_only_a_timely_closing_line_counts(version):
    make_prediction(version=version, clv_status="early", clv_fair_pct=50.0)

    assert read(version).base.graded == 0


def test_other_versions_and_later_matches_are_left_out(version):
    play(version, count=3)
    other = StrategyVersion.objects.create(
        strategy=version.strategy, number=2, parameters={}, created_at=NOON
    )
    play(other, count=2, started=NOON + timedelta(days=1))
    play(version, count=1, started=NOON + timedelta(days=5))

    assert read(version, until=NOON + timedelta(days=4)).base.predictions == 3


def test_reading_takes_two_queries_however_many_predictions(version, django_assert_num_queries):
    play(version)
    play(version, started=NOON + timedelta(days=1))
    fresh = StrategyVersion.objects.get(pk=version.pk)

    with django_assert_num_queries(2):
        assert read(fresh).base.predictions == 14


def test_only_the_newest_are_looked_at(version):
    play(version)

    evidence = read(version, newest=2)

    assert evidence.base.predictions == 2
    assert segment(evidence, "edge_pct", "20 or more").rates.predictions == 1  # the newest


def test_examples_are_balanced_the_newest_and_of_different_matches():
    lost = [made(match_id=number // 2, odds=2 + number) for number in range(60)]
    won = [made(match_id=100 + n, result=Ending.WON, profit=1.1) for n in range(4)]

    evidence = evidence_of([*lost, *won])

    assert [row.odds for row in evidence.failures] == [2, 4, 6, 8]
    assert [row.result for row in evidence.successes] == ["won"] * 4


def test_there_are_ten_examples_of_each_at_most():
    rows = [made(match_id=n, result=r) for n in range(50) for r in (Ending.LOST, Ending.WON)]

    evidence = evidence_of(rows)

    assert (len(evidence.failures), len(evidence.successes)) == (10, 10)


def test_failures_are_told_although_nothing_was_won():
    evidence = evidence_of([made(match_id=number) for number in range(3)])

    assert (len(evidence.failures), len(evidence.successes)) == (3, 0)


def test_the_parameters_come_with_their_values_and_ranges(version):
    told = read(version).as_json()

    assert told["parameters"] == [
        {"name": "minimum_edge_pct", "value": 2.0, "low": 0.0, "high": 20.0, "is_whole": False},
        {"name": "maximum_edge_pct", "value": 20.0, "low": 1.0, "high": 1000.0, "is_whole": False},
    ]


def test_evidence_is_plain_json_without_teams_or_ids(version):
    play(version)
    refused = [Refusal(changes={"minimum_edge_pct": 4.0}, reason="It lost on held-out matches.")]

    told = read(version, refused=refused).as_json()

    again = json.loads(json.dumps(told, allow_nan=False))
    assert again == told
    assert again["refused_proposals"] == [
        {"changes": {"minimum_edge_pct": 4.0}, "reason": "It lost on held-out matches."}
    ]
    assert set(again["failures"][0]) == {
        *("league", "market", "outcome", "odds", "probability"),
        *("edge_pct", "agreement", "clv_pct", "result"),
    }
    match = make_match()
    assert match.home_team not in json.dumps(told)


def test_segments_too_small_to_tell_are_counted():
    rows = [made(match_id=n) for n in range(12)] + [made(match_id=99, league="soccer_rare")]

    told = evidence_of(rows).as_json()

    assert "soccer_rare" not in {each["value"] for each in told["segments"]}
    assert told["segments_too_small_to_tell"] == 1
