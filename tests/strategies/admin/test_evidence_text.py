"""What evidence names, in French; what is not known stays word for word."""

import pytest
from django.utils import translation

from strategies.admin import evidence_text
from strategies.registry import AGENTS


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("below 1.5", "moins de\u00a01,5"),
        ("1.5 to 2.5", "1,5 à 2,5"),
        ("-2 to 3", "−2 à 3"),
        ("5 or more", "5 ou plus"),
        ("soccer_epl", "soccer_epl"),
        ("1.5 cents or 2", "1.5 cents or 2"),
    ],
)
def test_bands_have_the_languages_words_and_decimal_mark(value, said):
    with translation.override("fr"):
        assert evidence_text.band(value) == said


def test_a_changed_parameter_has_its_name():
    with translation.override("fr"):
        said = evidence_text.changed("minimum_edge_pct = 2.5", AGENTS["sharp_reference"])

    assert said.endswith(" = 2,5")
    assert "minimum_edge_pct" not in said


def test_a_sentence_is_no_change():
    assert evidence_text.changed("Bet less.", AGENTS["sharp_reference"]) == "Bet less."
