"""Parameters of agents: every number has a default and a range, and nothing else passes."""

import json
import math
from dataclasses import dataclass

import pytest

from strategies.parameters import ParametersError, Range, as_mapping, number, parse, ranges
from strategies.registry import AGENTS

every_agent = pytest.mark.parametrize("key", AGENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    rain_pct: float = number(10.0, low=0.0, high=100.0)
    stations: int = number(4, low=2, high=20)


def test_what_is_not_given_has_its_default():
    assert parse(Weather, {}) == Weather(rain_pct=10.0, stations=4)
    assert parse(Weather, {"rain_pct": 30}) == Weather(rain_pct=30.0, stations=4)


def test_numbers_become_of_the_kind_their_default_is():
    parsed = parse(Weather, {"rain_pct": 30, "stations": 5.0})

    assert (type(parsed.rain_pct), type(parsed.stations)) == (float, int)


@pytest.mark.parametrize("edge", [{"rain_pct": 0}, {"rain_pct": 100}, {"stations": 20}])
def test_the_ends_of_a_range_belong_to_it(edge):
    parse(Weather, edge)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"snow": 1}, "There is no parameter 'snow'; there are rain_pct, stations."),
        ({"rain_pct": "10"}, "rain_pct is '10', which is not a number."),
        ({"rain_pct": None}, "rain_pct is None, which is not a number."),
        ({"rain_pct": True}, "rain_pct is True, which is not a number."),
        ({"rain_pct": math.nan}, "rain_pct is nan, which is not a number."),
        ({"rain_pct": math.inf}, "rain_pct is inf, which is not a number."),
        ({"stations": 4.5}, "stations is 4.5, but must be a whole number."),
        ({"stations": 1}, "stations is 1, but must lie between 2 and 20."),
        ({"rain_pct": 100.5}, "rain_pct is 100.5, but must lie between 0 and 100."),
    ],
)
def test_anything_else_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(ParametersError) as refused:
        parse(Weather, given)

    assert str(refused.value) == sentence


def test_ranges_tell_what_a_form_needs():
    assert ranges(Weather) == {
        "rain_pct": Range(default=10.0, low=0.0, high=100.0, is_whole=False),
        "stations": Range(default=4, low=2, high=20, is_whole=True),
    }


@every_agent
def test_an_agents_defaults_lie_in_their_ranges(key):
    kind = AGENTS[key].parameters

    assert parse(kind, as_mapping(kind())) == kind()


@every_agent
def test_an_agents_parameters_survive_a_row_of_json(key):
    kind = AGENTS[key].parameters
    highest = {name: allowed.high for name, allowed in ranges(kind).items()}
    chosen = parse(kind, highest)

    assert parse(kind, json.loads(json.dumps(as_mapping(chosen)))) == chosen


@every_agent
def test_an_agents_threshold_is_one_of_its_parameters(key):
    assert AGENTS[key].threshold in ranges(AGENTS[key].parameters)
    assert AGENTS[key].key == key
