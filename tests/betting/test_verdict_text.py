"""The verdict's sentence: one for each kind, with its numbers, in both languages' figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from betting.performance.verdict import Evidence, Verdict, judge
from betting.performance.verdict_text import numbers, sentence

WINNING = Evidence(
    bets=412,
    graded=412,
    matches=380,
    claimed_pct=3.14,
    clv_pct=1.8,
    clv_low_pct=0.6,
    clv_high_pct=3.0,
    raw_clv_pct=4.6,
    yield_pct=4.1,
    yield_low_pct=-8.0,
    yield_high_pct=16.0,
    luck_pct=2.3,
    bets_needed=210,
)
LOSING = replace(WINNING, clv_pct=-1.8, clv_low_pct=-3.0, clv_high_pct=-0.6, luck_pct=-2.3)
UNDECIDED = replace(WINNING, clv_low_pct=-0.4, clv_high_pct=4.0, bets_needed=600)


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


def test_who_beats_the_closing_line_is_told_by_how_much_and_what_luck_added() -> None:
    assert judge(WINNING) == Verdict.WINNING
    assert sentence(WINNING) == (
        "You beat the closing line by 1.8% on 412 bets (+3.1% claimed, between 0.6% and 3.0%): "
        "your selection is worth money; results of +4.1% include 2.3 points of good luck."
    )


def test_luck_is_also_told_in_money() -> None:
    assert sentence(WINNING, luck=Decimal("52.20"), currency="€").endswith(
        "include 2.3 points (+52.20\N{NO-BREAK SPACE}€) of good luck."
    )


def test_who_is_beaten_is_told_by_the_size_of_it() -> None:
    assert judge(LOSING) == Verdict.LOSING
    assert sentence(LOSING) == (
        "The closing line beats you by 1.8% on 412 bets (+3.1% claimed, between 0.6% and 3.0%): "
        "your selection costs money; results of +4.1% include 2.3 points of bad luck."
    )


def test_who_cannot_be_told_from_luck_is_told_how_many_bets_are_missing() -> None:
    assert judge(UNDECIDED) == Verdict.UNDECIDED
    # 220 matches are missing, with 412 bets on 380 matches that is 238.5 bets.
    assert sentence(UNDECIDED) == (
        "Your CLV of +1.8% on 412 bets (+3.1% claimed, between −0.4% and +4.0%) is not yet told "
        "from luck: about 239 more graded bets are needed at this rate; results of +4.1% include "
        "2.3 points of good luck."
    )


def test_who_never_will_be_told_from_luck_is_told_so() -> None:
    hopeless = replace(UNDECIDED, clv_pct=0.0, bets_needed=None)

    assert "is not told from luck, and at this rate never will be;" in sentence(hopeless)


def test_at_least_one_more_bet_is_needed_while_nothing_is_decided() -> None:
    assert "about 1 more graded bet is needed" in sentence(replace(UNDECIDED, bets_needed=380))


def test_too_few_matches_say_nothing_and_results_even_less() -> None:
    few = Evidence(bets=14, graded=9, matches=9, yield_pct=41.0, clv_pct=6.0)

    assert judge(few) == Verdict.TOO_FEW
    assert sentence(few) == (
        "Too early to tell: a verdict needs 21 more matches graded by a closing line (9 so far), "
        "and results of +41.0% say nothing yet."
    )
    assert "needs 1 more match graded" in sentence(replace(few, matches=29, graded=29))


def test_equal_grades_are_nothing_to_judge_by() -> None:
    same = Evidence(bets=40, graded=40, matches=40, yield_pct=1.0, clv_pct=2.0)

    assert sentence(same) == (
        "Every graded bet has the same CLV, which leaves nothing to judge by."
    )


def test_without_a_bet_there_is_nothing_to_judge() -> None:
    assert sentence(Evidence(bets=0, graded=0, matches=0)) == (
        "No bet has been settled yet, so there is nothing to judge."
    )


@pytest.mark.parametrize(
    ("luck", "expected"),
    [
        (2.3, "; results are +4.1%, and good luck gave 2.3 points of those on graded bets."),
        (-2.3, "; results are +4.1%, and bad luck took 2.3 points from those on graded bets."),
    ],
)
def test_luck_is_told_of_the_graded_bets_where_not_all_are(luck: float, expected: str) -> None:
    assert sentence(replace(WINNING, bets=500, luck_pct=luck)).endswith(expected)


def test_what_is_unknown_is_left_out_of_the_sentence() -> None:
    bare = replace(WINNING, claimed_pct=None, luck_pct=None)

    assert sentence(bare) == (
        "You beat the closing line by 1.8% on 412 bets (between 0.6% and 3.0%): your selection is "
        "worth money."
    )


def test_a_percent_sign_in_the_language_does_not_break_the_sentence() -> None:
    with translation.override("fr"):
        assert "1,8" in sentence(WINNING)
        assert dict(numbers(WINNING)).values()


def test_the_numbers_behind_it_are_listed_with_dashes_for_the_unknown() -> None:
    told = dict(numbers(WINNING, luck=Decimal(-5), currency="€"))
    unknown = dict(numbers(Evidence(bets=0, graded=0, matches=0)))

    assert told["Edge claimed"] == "+3.1%"
    assert told["The true CLV lies between"] == "+0.6% and +3.0%"
    assert told["The true yield lies between"] == "−8.0% and +16.0%"
    assert told["Luck on the graded bets"] == "+2.3 points (−5.00\N{NO-BREAK SPACE}€)"
    assert list(unknown.values()) == ["0", "0", "0", *["–"] * 8]
