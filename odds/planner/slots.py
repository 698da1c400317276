"""Kick-offs that one call covers: the fewest calls for all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]


def slot_ends(kickoffs: Sequence[int], *, window: int, lead: int) -> list[int]:
    """Divide kick-offs into the fewest groups that one call each can cover.

    A call covers the kick-offs from `lead` to `window` seconds after it. The latest call that
    still covers the earliest kick-off covers every other that any call could cover with it; so
    taking it, again and again, needs the fewest calls.

    Args:
        kickoffs: Seconds, ascending; repeated ones are in one group.
        window: The longest time between call and kick-off.
        lead: The shortest; below `window`.

    Returns:
        For each group in order, the position after its last kick-off.

    Source:
        Covering intervals by the fewest points, greedily by their right ends; Kleinberg & Tardos
        (2005), "Algorithm Design", exercises of chapter 4.
    """
    ends: list[int] = []
    start = 0
    while start < len(kickoffs):
        start = bisect_right(kickoffs, kickoffs[start] - lead + window, lo=start)
        ends.append(start)
    return ends


def best_groups(
    kickoffs: Sequence[int], calls: int, *, window: int, lead: int
) -> list[tuple[int, int]]:
    """The groups that a number of calls too small for all covers, with the most kick-offs.

    Args:
        kickoffs: Seconds, ascending; repeated ones count each.
        calls: How many groups at most.
        window: The longest time between call and kick-off.
        lead: The shortest; below `window`.

    Returns:
        First and end position of each group, in order; of several equal sets, one.
    """
    count = len(kickoffs)
    # most[i, j]: how many of the first i kick-offs j calls can cover.
    most = np.zeros((count + 1, calls + 1), dtype=np.int64)
    starts = [bisect_left(kickoffs, at - (window - lead)) for at in kickoffs]
    for end, start in enumerate(starts, start=1):
        most[end] = most[end - 1]
        np.maximum(most[end, 1:], most[start, :-1] + (end - start), out=most[end, 1:])
    groups, end, left = [], count, calls
    while end and left:
        if most[end, left] == most[end - 1, left]:
            end -= 1
        else:
            groups.append((starts[end - 1], end))
            end, left = starts[end - 1], left - 1
    return groups[::-1]
