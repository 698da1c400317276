"""What is in force, for any history of statements about one match."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from odds import results
from odds.models import MatchResult
from tests.factories import NOON

HAND, FOOTBALL_DATA, ODDS_API = "hand", "football_data", "odds_api"
MINUTE = timedelta(minutes=1)

STATEMENTS = st.lists(
    st.builds(
        lambda source, minute, goals: MatchResult(
            source=source,
            status="scheduled" if goals is None and source == HAND else "completed",
            home_score=goals,
            away_score=goals,
            observed_at=NOON + minute * MINUTE,
        ),
        st.sampled_from([HAND, FOOTBALL_DATA, ODDS_API]),
        st.integers(0, 20),
        st.none() | st.integers(0, 3),
    ),
    unique_by=lambda one: one.observed_at,
)


@given(STATEMENTS, st.randoms())
def test_what_is_in_force_does_not_depend_on_the_order_of_reading(said: list[Any], random: Any):
    shuffled = random.sample(said, len(said))

    assert results.in_force(shuffled) is results.in_force(said)


@given(STATEMENTS)
def test_what_is_in_force_is_the_best_sources_last_word_since_the_last_withdrawal(said: list[Any]):
    """A second method: walk through time, forgetting everything at each withdrawal."""
    last_word: dict[str, MatchResult] = {}
    for one in sorted(said, key=lambda one: one.observed_at):
        if one.status == "scheduled":
            last_word.clear()
        else:
            last_word[one.source] = one
    best = last_word.get(HAND) or last_word.get(FOOTBALL_DATA) or last_word.get(ODDS_API)

    assert results.in_force(said) is best
