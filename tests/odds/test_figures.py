"""How numbers and times are written, in both languages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from odds import figures

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("passed", "english", "french"),
    [
        (timedelta(seconds=59), "< 1 min", "< 1 min"),
        (timedelta(minutes=3, seconds=59), "3 min", "3 min"),
        (timedelta(hours=1), "1 h", "1 h"),
        (timedelta(hours=47), "47 h", "47 h"),
        (timedelta(days=2), "2 d", "2 j"),
        (timedelta(seconds=-5), "< 1 min", "< 1 min"),  # another clock, a little ahead
    ],
)
def test_an_age_has_one_unit(passed: timedelta, english: str, french: str) -> None:
    with translation.override("en"):
        assert figures.age(NOW - passed, NOW) == english
        assert figures.ago(NOW - passed, NOW) == f"{english} ago"
    with translation.override("fr"):
        assert figures.age(NOW - passed, NOW) == french
        assert figures.ago(NOW - passed, NOW) == f"il y a {french}"


def test_what_is_ahead_is_told_from_what_is_behind() -> None:
    with translation.override("en"):
        assert figures.away(NOW + timedelta(hours=5), NOW) == "in 5 h"
        assert figures.away(NOW - timedelta(hours=5), NOW) == "5 h ago"


@pytest.mark.parametrize(
    ("odds", "english", "french"),
    [
        (Decimal("2.300"), "2.30", "2,30"),
        (Decimal("1.005"), "1.005", "1,005"),
        (Decimal("1000.000"), "1000.00", "1000,00"),
        (2.2222, "2.22", "2,22"),  # computed: what was never offered needs no third place
        (None, "–", "–"),
    ],
)
def test_odds_have_a_third_place_only_where_one_was_offered(
    odds: Decimal | float | None, english: str, french: str
) -> None:
    with translation.override("en"):
        assert figures.decimal_odds(odds) == english
    with translation.override("fr"):
        assert figures.decimal_odds(odds) == french


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (3.5, "+3.5%", f"+3,5{NBSP}%"),
        (-2.04, "−2.0%", f"−2,0{NBSP}%"),
        (-0.04, "0.0%", f"0,0{NBSP}%"),  # no minus before nothing
        (None, "–", "–"),
    ],
)
def test_a_gain_has_its_sign(value: float | None, english: str, french: str) -> None:
    with translation.override("en"):
        assert figures.signed_percent(value) == english
    with translation.override("fr"):
        assert figures.signed_percent(value) == french


@pytest.mark.parametrize(
    ("line", "plain", "signed"),
    [("2.50", "2.5", "+2.5"), ("-0.75", "-0.75", "−0.75"), ("0.00", "0", "0"), ("10", "10", "+10")],
)
def test_a_line_has_no_needless_zeros(line: str, plain: str, signed: str) -> None:
    with translation.override("en"):
        assert figures.plain_line(Decimal(line)) == plain
        assert figures.signed_line(Decimal(line)) == signed


def test_moments_are_in_the_users_zone() -> None:
    with translation.override("en"):
        assert figures.moment(NOW) == "21 Nov 2026, 13:00"
    with translation.override("fr"):
        assert figures.moment(NOW) == "21 nov. 2026, 13:00"
        assert figures.near_moment(NOW) == "21 nov., 13:00"


def test_nothing_known_is_a_dash() -> None:
    assert {
        figures.age(None, NOW),
        figures.moment(None),
        figures.percent(None),
        figures.share(None),
        figures.whole(None),
    } == {"–"}


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [(3.5, "3.5", "3,5"), (20.0, "20", "20"), (0.001, "0.001", "0,001"), (None, "–", "–")],
)
def test_a_parameter_has_no_needless_zeros(value: float | None, english: str, french: str) -> None:
    with translation.override("en"):
        assert figures.plain(value) == english
    with translation.override("fr"):
        assert figures.plain(value) == french
