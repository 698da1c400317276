"""When the site's prices were on offer, as far as it says; its seasons and leagues."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.football_data.instants import closed_at, collected_at, kickoff, season_start_year
from odds.football_data.leagues import DIVISIONS, LEAGUES
from odds.football_data.reading import read_file
from tests.odds.football_data.files import csv_bytes, row


@pytest.mark.parametrize(
    ("match", "stated"),
    [
        # Summer time is an hour ahead of UTC; 2025-01-12 was a Sunday.
        (datetime(2025, 1, 12, 14, tzinfo=UTC), datetime(2025, 1, 10, 15, tzinfo=UTC)),
        (datetime(2025, 1, 13, 20, tzinfo=UTC), datetime(2025, 1, 10, 15, tzinfo=UTC)),
        (datetime(2025, 1, 14, 19, 45, tzinfo=UTC), datetime(2025, 1, 14, 15, tzinfo=UTC)),
        (datetime(2025, 1, 16, 19, tzinfo=UTC), datetime(2025, 1, 14, 15, tzinfo=UTC)),
        (datetime(2024, 8, 17, 11, 30, tzinfo=UTC), datetime(2024, 8, 16, 14, tzinfo=UTC)),
        (datetime(2025, 1, 10, 15, 30, tzinfo=UTC), datetime(2025, 1, 10, 14, 30, tzinfo=UTC)),
    ],
)
def test_prices_are_stated_at_the_friday_or_tuesday_before(match: datetime, stated: datetime):
    assert collected_at(match) == stated


@given(
    st.datetimes(datetime(1994, 1, 1), datetime(2040, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))
)
def test_prices_are_stated_in_order_and_at_most_four_days_before(at: datetime):
    before, closing = collected_at(at), closed_at(at)

    assert before < closing < at
    assert 3600 <= (at - before).total_seconds() < 4 * 86_400


def test_the_pandemic_season_that_ended_in_august_is_one_season():
    read = read_file(csv_bytes(row(Date="24/08/2019"), row("Everton", Date="02/08/2020")))

    assert {match.season for match in read.matches} == {"2019/20"}
    assert season_start_year(date(2026, 6, 30)) == 2025
    assert kickoff(date(2026, 7, 1), time(20)) == datetime(2026, 7, 1, 19, tzinfo=UTC)


def test_the_leagues_are_as_many_as_the_site_has_and_keys_are_not_shared():
    assert len(DIVISIONS) == 22
    assert len({league.sport_key for league in LEAGUES.values()}) == len(LEAGUES) == 38
