"""What analysts and held-out matches said, recognised and said again; nothing else is touched."""

import re

import numpy as np
import pytest
from django.utils import translation

from strategies.admin import analyst_text
from strategies.agents.patron import Parameters as PatronParameters
from strategies.learning.analyst import analyse
from strategies.learning.evidence import Refusal
from strategies.learning.judging import judge
from strategies.registry import AGENTS
from tests.strategies.learning.rows import evidence_of, season

AGENT = AGENTS["sharp_reference"]
FRENCH = "fr"
ENGLISH_NAMES = r"\d\.\d|edge_pct|hours_to_kickoff|minimum_|maximum_"


def losing_below_three(edge):
    return -3.25 if edge < 3 else 1.0


def refused_before():
    refused = [Refusal(changes={"minimum_edge_pct": 3.0}, reason="It lost later.")]
    return evidence_of(season(1, clv_of_edge=losing_below_three), refused=refused)


def analysed():
    found = analyse(evidence_of(season(1, clv_of_edge=losing_below_three))).proposal
    loses = evidence_of(season(1, clv_of_edge=lambda _edge: -9.0))
    middle = evidence_of(season(1, clv_of_edge=lambda edge: -8.0 if 3 <= edge < 5 else 5.0))
    high = season(1, clv_of_edge=lambda edge: -8.0 if edge >= 8 else 1.0)
    return [
        found.failure_pattern,
        found.reasoning,
        analyse(loses).sentence,
        analyse(middle).sentence,
        analyse(evidence_of(high, kind=PatronParameters)).sentence,
        analyse(refused_before()).sentence,
    ]


def judged(gains):
    gains = np.array(gains, float)
    return judge(gains, np.full(len(gains), np.nan), bets_before=90, bets_after=60).sentence


@pytest.mark.parametrize("sentence", analysed())
def test_what_the_analyst_says_is_said_by_the_names_of_parameters_and_segments(sentence):
    with translation.override(FRENCH):
        said = analyst_text.said(sentence, AGENT)

    assert said != sentence
    assert not re.search(ENGLISH_NAMES, said)


@pytest.mark.parametrize(
    "sentence",
    [judged([1.5, -1.0] * 20), judged(np.linspace(1.5, 3.5, 40)), judged([0.25] * 40)],
    ids=["it did not stand", "it stood", "no spread"],
)
def test_what_the_held_out_matches_say_is_recognised(sentence):
    with translation.override(FRENCH):
        said = analyst_text.said(sentence, AGENT)

    assert said != sentence
    assert not re.search(r"\d\.\d", said)


def test_english_and_what_is_not_known_stay_word_for_word():
    own = "A model's 1.5 cents on edge_pct 2 to 3."
    with translation.override("en"):
        assert analyst_text.said(analysed()[0], AGENT) == analysed()[0]
    with translation.override(FRENCH):
        assert analyst_text.said(own, AGENT) == own


@pytest.mark.parametrize("value", ["below 1.5", "1.5 to 2.5", "1.5 or more"])
def test_bands_have_the_languages_decimal_mark(value):
    with translation.override(FRENCH):
        band = analyst_text.band(value)

    assert "1,5" in band
    assert "." not in band


def test_a_key_is_no_band():
    assert analyst_text.band("soccer_epl") == "soccer_epl"
