"""An answer of scores: read by team name; what cannot be read is counted with its reason."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from odds import scores
from odds.parsing import RejectedError

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "the-odds-api"


def scored(match_id: str = "0" * 32, home: Any = "2", away: Any = "1", **given: Any) -> Any:
    """An item of `/scores`: Leeds United against Fulham, over, unless told otherwise."""
    home_team, away_team = given.pop("teams", ("Leeds United", "Fulham"))
    return {
        "id": match_id,
        "sport_key": "soccer_epl",
        "sport_title": "EPL",
        "commence_time": "2026-11-21T09:00:00Z",
        "completed": True,
        "home_team": home_team,
        "away_team": away_team,
        "scores": [{"name": home_team, "score": home}, {"name": away_team, "score": away}],
        "last_update": "2026-11-21T11:00:00Z",
    } | given


def read_one(event: Any) -> tuple[int, int]:
    [score], unreadable = scores.parse_scores([event])
    assert not unreadable
    return score.of("Leeds United", "Fulham")


def test_scores_are_read_by_the_names_of_the_teams():
    in_order = scored()
    turned = scored(scores=in_order["scores"][::-1])
    swapped = scored(home="1", away="2", teams=("Fulham", "Leeds United"))

    assert read_one(in_order) == read_one(turned) == read_one(swapped) == (2, 1)


def test_matches_that_are_coming_or_under_way_leave_nothing():
    coming = scored(completed=False, scores=None, last_update=None)
    under_way = scored("1" * 32, completed=False)

    assert scores.parse_scores([coming, under_way]) == ([], {})


TWO = [{"name": "Leeds United", "score": "2"}, {"name": "Fulham", "score": "1"}]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("text", "match is not an object"),
        (scored(id=None), "match without id"),
        (scored(completed=None), "match neither completed nor not"),
        (scored(completed="true"), "match neither completed nor not"),
        (scored(scores=None), "match without two scores"),
        (scored(scores=TWO[:1]), "match without two scores"),
        (scored(scores=[*TWO, TWO[0]]), "match without two scores"),
        (scored(scores=[None, TWO[1]]), "match without two scores"),
        (scored(scores=[TWO[0], TWO[0]]), "score of other teams"),
        (scored(scores=[TWO[0], {"name": "Fulham FC", "score": "1"}]), "score of other teams"),
        (scored(teams=("Fulham", "Fulham")), "score of other teams"),
        (scored(home=None), "score is not a whole number"),
        (scored(home=""), "score is not a whole number"),
        (scored(home="2.5"), "score is not a whole number"),
        (scored(home="-1"), "score is not a whole number"),
        (scored(home="120/6"), "score is not a whole number"),
        (scored(home="٢"), "score is not a whole number"),
        (scored(home="99999"), "score is not a whole number"),
        (scored(home=True), "score is not a whole number"),
    ],
)
def test_what_cannot_be_read_costs_only_itself_and_is_counted(event: Any, why: str):
    found, unreadable = scores.parse_scores([event, scored("1" * 32)])

    assert unreadable == {why: 1}
    assert [score.provider_id for score in found] == ["1" * 32]


def test_a_match_given_twice_is_counted_and_its_first_score_kept():
    [score], unreadable = scores.parse_scores([scored(), scored(home="9")])

    assert score.of("Leeds United", "Fulham") == (2, 1)
    assert unreadable == {"match given twice": 1}


def test_a_score_of_other_teams_is_of_no_use_to_a_match():
    [score], _unreadable = scores.parse_scores([scored()])

    with pytest.raises(RejectedError, match="score of other teams"):
        score.of("Leeds United", "Fulham FC")


@pytest.mark.recorded
@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded odds are not beside the repository")
def test_the_providers_own_example_is_read():
    body = json.loads((RECORDED / "documented-examples" / "scores_daysFrom.json").read_text())

    found, unreadable = scores.parse_scores(body)

    assert not unreadable
    assert [score.points for score in found] == [
        {"Sacramento Kings": 113, "Oklahoma City Thunder": 103},
        {"Portland Trail Blazers": 108, "Milwaukee Bucks": 137},
    ]


@pytest.mark.recorded
@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded odds are not beside the repository")
def test_every_completed_match_of_a_recorded_day_is_read():
    """1,032 matches of 89 sports; the record counts 114 completed and 18 under way."""
    events: dict[str, Any] = {}
    file = RECORDED / "wide_2026-04-16" / "scores_all_sports.csv.gz"
    with gzip.open(file, "rt") as text:
        for row in csv.DictReader(text):
            names = ("home_team", "away_team")
            event = events.setdefault(
                row["event_id"],
                {name: row[name] for name in names}
                | {"id": row["event_id"], "completed": row["completed"] == "True", "scores": []},
            )
            if row["score_name"]:
                event["scores"].append({"name": row["score_name"], "score": row["score_value"]})

    found, unreadable = scores.parse_scores(events.values())

    assert len(events) == 1032
    assert (len(found), unreadable) == (114, {})
    # Given as Collingwood Magpies 88, Carlton Blues 83, with Carlton at home.
    footy = next(score for score in found if "Carlton Blues" in score.points)
    assert footy.of("Carlton Blues", "Collingwood Magpies") == (83, 88)
