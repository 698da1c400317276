"""Whose match is it: names of two sources, and the traps that looking alike sets."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.football_data.leagues import DIVISIONS
from odds.football_data.reading import read_file
from odds.football_data.teams import NamedMatch, Pairing, pair, slug, team_key

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SATURDAY = datetime(2025, 1, 11, 15, tzinfo=UTC)


def match(home: str, away: str, *, hours: float = 0) -> NamedMatch:
    return NamedMatch(home=home, away=away, kickoff=SATURDAY + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Nott'm Forest", "Nottingham Forest"),
        ("Man United", "Manchester United"),
        ("Man City", "Manchester City"),
        ("Wolves", "Wolverhampton Wanderers"),
        ("Ein Frankfurt", "Eintracht Frankfurt"),
        ("M'gladbach", "Borussia Monchengladbach"),
        ("FC Koln", "1. FC Köln"),
        ("Mainz", "FSV Mainz 05"),
        ("Preußen Münster", "SC Preußen Münster"),
        ("Ath Bilbao", "Athletic Bilbao"),
        ("Ath Madrid", "Atlético Madrid"),
        ("Espanol", "Espanyol"),
        ("Paris SG", "Paris Saint Germain"),
        ("St Etienne", "Saint Etienne"),
        ("Inter", "Inter Milan"),
        ("Milan", "AC Milan"),
        ("Verona", "Hellas Verona"),
        ("Sp Lisbon", "Sporting Lisbon"),
        ("Falkirk", "Falkirk F.C."),
        ("Fenerbahce", "Fenerbahçe"),
    ],
)
def test_one_team_has_one_key(theirs: str, ours: str):
    assert team_key(theirs) == team_key(ours)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Man City", "Manchester United"),
        ("Ath Madrid", "Real Madrid"),
        ("Inter", "AC Milan"),
        ("Sheffield United", "Sheffield Wednesday"),
        ("Dundee", "Dundee United"),
        ("Paris FC", "Paris Saint Germain"),
        ("Sociedad", "Real Sociedad B"),
        ("Ajaccio", "Ajaccio GFCO"),
        ("U Craiova", "U Craiova 1948"),
        ("Club Brugge", "Cercle Brugge KSV"),
    ],
)
def test_two_teams_have_two_keys(one: str, other: str):
    assert team_key(one) != team_key(other)


def test_a_name_that_is_only_a_kind_of_club_keeps_it():
    assert team_key("AC") == "ac"
    assert slug("Nott'm Forest") == "nott-m-forest"


@given(st.text(max_size=40))
def test_keys_are_stable_whatever_the_name(name: str):
    assert team_key(team_key(name)) == team_key(name)


def test_both_teams_and_the_time_make_a_match():
    theirs = [match("Man City", "Everton"), match("Leeds", "Fulham")]
    ours = [match("Leeds United", "Fulham", hours=24), match("Manchester City", "Everton")]

    assert pair(theirs, ours, {}).ours == {0: (1, False), 1: (0, False)}


def test_another_time_is_another_match():
    theirs = [match("Celtic", "Rangers")]

    assert pair(theirs, [match("Celtic", "Rangers", hours=37)], {}) == Pairing()
    assert pair(theirs, [match("Celtic", "Rangers", hours=-36)], {}).ours == {0: (0, False)}


def test_the_nearest_counts_and_none_is_taken_twice():
    theirs = [match("Celtic", "Rangers"), match("Celtic", "Rangers", hours=24)]
    ours = [match("Celtic", "Rangers", hours=1), match("Celtic", "Rangers", hours=23)]

    assert pair(theirs, ours, {}).ours == {0: (0, False), 1: (1, False)}
    assert pair(theirs, ours[:1], {}).ours == {0: (0, False)}


def test_teams_listed_the_other_way_round_are_told():
    assert pair([match("Celtic", "Rangers")], [match("Rangers", "Celtic")], {}).ours == {
        0: (0, True)
    }


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (("Man United", "Everton"), ("Manchester City", "Everton")),
        (("Man City", "Everton"), ("Manchester United", "Everton")),
        (("Real Madrid", "Girona"), ("Atlético Madrid", "Girona")),
        (("Ath Madrid", "Girona"), ("Real Madrid", "Girona")),
        (("Everton", "Sheffield United"), ("Everton", "Sheffield Wednesday")),
        (("Man City", "Everton"), ("A Name Nobody Knows", "Everton")),
        (("A Name Nobody Knows", "Everton"), ("Manchester City", "Everton")),
    ],
)
def test_teams_that_only_look_alike_are_never_one(theirs: tuple[str, str], ours: tuple[str, str]):
    assert pair([match(*theirs)], [match(*ours)], {}) == Pairing()


def test_one_sure_team_proves_a_name_nobody_knew():
    theirs = [match("Real Madrid", "Alcoyano CD Nuevo"), match("Leeds", "Fulham")]
    ours = [match("Real Madrid", "Alcoyano de la Villa"), match("Leeds United", "Fulham")]

    pairing = pair(theirs, ours, {})

    assert pairing.ours == {0: (0, False), 1: (1, False)}
    assert pairing.learned == {"Alcoyano CD Nuevo": "Alcoyano de la Villa"}


@pytest.mark.parametrize(
    ("more_theirs", "more_ours"),
    [
        ([("Everton", "New Name")], []),  # theirs is a team that plays elsewhere in the list
        ([("Everton", "Our Name")], []),  # ours is known to them under its own name
        ([], [("Everton", "New Name")]),  # theirs is known to us under its own name
        ([("Real Madrid", "Third")], []),  # two of theirs might be it
        ([], [("Real Madrid", "Third")]),  # two of ours might be it
    ],
)
def test_a_doubt_proves_nothing(
    more_theirs: list[tuple[str, str]], more_ours: list[tuple[str, str]]
):
    theirs = [match("Real Madrid", "New Name"), *(match(*m, hours=2) for m in more_theirs)]
    ours = [match("Real Madrid", "Our Name"), *(match(*m, hours=2) for m in more_ours)]
    is_sure = more_theirs == [("Everton", "New Name")]

    assert (0 in pair(theirs, ours, {}).ours) == is_sure


def test_what_a_person_said_wins_over_what_is_known():
    theirs, ours = [match("Inter", "Roma")], [match("Inter Turku", "AS Roma")]

    assert pair(theirs, ours, {"Inter": "Inter Turku"}).ours == {0: (0, False)}
    assert pair(theirs, [match("Inter Milan", "AS Roma")], {"Inter": "Inter Turku"}) == Pairing()


@pytest.mark.recorded
@pytest.mark.skipif(not SHARED.exists(), reason="the recorded files are not beside the repository")
def test_recorded_names_of_both_sources_meet_and_never_collide():
    theirs: dict[str, set[str]] = defaultdict(set)
    for file in (SHARED / "football-data").glob("20*.csv.gz"):
        for listed in read_file(file.read_bytes()).matches:
            theirs[listed.league.sport_key] |= {listed.home, listed.away}
    ours: dict[str, set[str]] = defaultdict(set)
    wide = SHARED / "the-odds-api" / "wide_2026-04-16" / "events_all_sports.csv.gz"
    with gzip.open(wide, "rt") as lines:
        for event in csv.DictReader(lines):
            ours[event["sport_key"]] |= {event["home_team"], event["away_team"]}

    for names in [*theirs.values(), *(ours[one.sport_key] for one in DIVISIONS.values())]:
        assert len({team_key(name) for name in names}) == len(names)
    keys = {sport: {team_key(name) for name in names} for sport, names in theirs.items()}
    unknown = [
        name for sport in keys for name in ours.get(sport, ()) if team_key(name) not in keys[sport]
    ]
    assert sum(bool(ours.get(sport)) for sport in keys) >= 15
    assert unknown == []
