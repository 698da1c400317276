from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from odds.planner.slots import best_groups, slot_ends

WINDOW, LEAD = 15, 1
INSTANTS = st.lists(st.integers(0, 60), min_size=1, max_size=9).map(sorted)


def covered(kickoffs: list[int], calls: tuple[int, ...]) -> int:
    return sum(any(at - WINDOW <= call <= at - LEAD for call in calls) for at in kickoffs)


def candidate_calls(kickoffs: list[int]) -> list[int]:
    """Any call can be put off to the last instant for one of its matches, and loses none."""
    return sorted({at - LEAD for at in kickoffs})


def most_covered(kickoffs: list[int], calls: int) -> int:
    instants = candidate_calls(kickoffs)
    sets = combinations(instants, min(calls, len(instants)))
    return max(covered(kickoffs, chosen) for chosen in sets)


@given(INSTANTS)
def test_no_smaller_number_of_calls_covers_every_kick_off(kickoffs):
    ends = slot_ends(kickoffs, window=WINDOW, lead=LEAD)

    groups = [kickoffs[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert [at for group in groups for at in group] == kickoffs
    assert all(max(group) - WINDOW <= min(group) - LEAD for group in groups)
    if len(ends) <= 4:
        assert most_covered(kickoffs, len(ends) - 1) < len(kickoffs)


@given(INSTANTS, st.integers(0, 2))
def test_no_other_choice_of_so_few_calls_covers_more_kick_offs(kickoffs, calls):
    groups = best_groups(kickoffs, calls, window=WINDOW, lead=LEAD)

    assert len(groups) <= calls
    for start, end in groups:
        assert kickoffs[end - 1] - WINDOW <= kickoffs[start] - LEAD
    assert all(one[1] <= other[0] for one, other in pairwise(groups))
    assert sum(end - start for start, end in groups) == most_covered(kickoffs, calls)


def test_the_largest_groups_of_the_fewest_calls_are_not_always_the_best():
    kickoffs = [0, 10, 10, 10, 20, 20, 20]

    assert slot_ends(kickoffs, window=WINDOW, lead=LEAD) == [4, 7]
    assert best_groups(kickoffs, 1, window=WINDOW, lead=LEAD) == [(1, 7)]


def test_no_kick_offs_need_no_calls():
    assert slot_ends([], window=WINDOW, lead=LEAD) == []
    assert best_groups([], 3, window=WINDOW, lead=LEAD) == []
