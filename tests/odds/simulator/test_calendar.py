"""The endless calendar of matches."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from odds.simulator.calendar import Calendar
from odds.simulator.sports import DAY, SPORTS

EPOCH = datetime(2026, 1, 7, 15, tzinfo=UTC).timestamp()  # a Wednesday


@pytest.fixture(params=SPORTS.values(), ids=list(SPORTS))
def sport(request):
    return request.param


@pytest.fixture
def calendar():
    return Calendar(3, EPOCH)


def season_of(calendar, sport):
    end = calendar.start + sport.rounds * sport.round_seconds
    matches = calendar.between(sport, calendar.start, end + 2 * DAY)
    return [match for match in matches if match.season == 0]


def test_everyone_meets_everyone_twice_a_season_once_at_home(calendar, sport):
    pairs = Counter((match.home_team, match.away_team) for match in season_of(calendar, sport))

    clubs = sport.teams
    assert pairs == Counter((home, away) for home in clubs for away in clubs if home != away)


def test_no_club_plays_twice_in_a_round(calendar, sport):
    rounds = {}
    for match in season_of(calendar, sport):
        number = match.number // len(sport.slots)
        rounds.setdefault(number, []).extend([match.home_team, match.away_team])

    assert all(sorted(clubs) == sorted(sport.teams) for clubs in rounds.values())


def test_an_id_is_32_hexadecimal_characters_and_leads_back_to_its_match(calendar, sport):
    matches = season_of(calendar, sport)

    assert all(len(bytes.fromhex(match.provider_id)) == 16 for match in matches)
    assert len({match.provider_id for match in matches}) == len(matches)
    assert [Calendar(3, EPOCH).match(match.provider_id) for match in matches] == matches


@pytest.mark.parametrize("stranger", ["", "0" * 32, "f" * 32, "z" * 32, "12"])
def test_an_unknown_id_leads_nowhere(calendar, stranger):
    with pytest.raises(KeyError):
        calendar.match(stranger)


def test_an_id_of_another_seed_leads_nowhere(calendar, sport):
    foreign = Calendar(4, EPOCH).between(sport, EPOCH, EPOCH + 9 * DAY)[0]

    with pytest.raises(KeyError):
        calendar.match(foreign.provider_id)


def test_the_calendar_starts_on_the_monday_of_its_epoch(calendar):
    assert datetime.fromtimestamp(calendar.start, UTC) == datetime(2026, 1, 5, tzinfo=UTC)


def test_matches_come_in_the_order_of_their_kick_offs(calendar, sport):
    matches = calendar.between(sport, EPOCH, EPOCH + 30 * DAY)

    kick_offs = [match.commence for match in matches]
    assert kick_offs == sorted(kick_offs)
    assert all(EPOCH <= kick_off <= EPOCH + 30 * DAY for kick_off in kick_offs)


def test_the_calendar_never_ends(calendar, sport):
    in_fifty_years = EPOCH + 50 * 365 * DAY

    assert calendar.between(sport, in_fifty_years, in_fifty_years + 14 * DAY)
