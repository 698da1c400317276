"""The as-of join against a search through all quotes, one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from strategies.replay.history import Quotes
from strategies.replay.states import Series

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),  # match
        st.integers(0, 2),  # market
        st.sampled_from([0.0, 2.5]),  # line
        st.integers(-3, 2),  # column
        st.integers(0, 9),  # observed at
    ),
    unique=True,
    max_size=40,
)


def quotes_of(rows):
    rows = sorted(rows)
    columns = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    return Quotes(
        match=columns[0].astype(np.intp),
        market=columns[1].astype(np.intp),
        line=columns[2],
        column=columns[3].astype(np.intp),
        odds=np.full((len(rows), 3), 2.0) + np.arange(len(rows))[:, None],
        observed_at=columns[4],
    )


@given(ROWS, st.floats(-1, 11))
def test_the_quote_in_force_is_the_last_one_at_or_before_the_instant(rows, instant):
    quotes = quotes_of(rows)
    series = Series.of(quotes, 3)
    owner, places = series.of_matches(np.arange(3))

    in_force = series.at(places, np.full(len(places), instant))

    by_key = {}
    for number, row in enumerate(sorted(rows)):
        if row[4] <= instant:
            by_key[row[:4]] = number  # sorted by time inside a series
    keys = [sorted(rows)[first][:4] for first in series.first.tolist()]
    assert in_force.tolist() == [by_key.get(key, -1) for key in keys]
    assert [key[0] for key in keys] == owner.tolist()


@given(ROWS)
def test_every_series_belongs_to_one_match_market_and_line(rows):
    quotes = quotes_of(rows)

    series = Series.of(quotes, 3)

    groups = {}
    for first, group in zip(series.first.tolist(), series.group.tolist(), strict=True):
        groups.setdefault(group, set()).add(
            (int(quotes.match[first]), int(quotes.market[first]), float(quotes.line[first]))
        )
    assert all(len(keys) == 1 for keys in groups.values())
    assert len(groups) == len({row[:3] for row in rows})


def test_series_of_asked_matches_only():
    quotes = quotes_of([(0, 0, 0.0, 1, 5), (1, 0, 0.0, 1, 5), (1, 0, 0.0, 2, 5), (2, 0, 0.0, 0, 5)])
    series = Series.of(quotes, 4)

    owner, places = series.of_matches(np.array([2, 1, 3]))

    assert owner.tolist() == [0, 1, 1]
    assert quotes.column[series.first[places]].tolist() == [0, 1, 2]
