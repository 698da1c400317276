from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.planner.shapes import CallShape, exchanges, offers

REGIONS_OF = {
    "pinnacle": {"eu"},
    "betfair_ex_eu": {"eu"},
    "winamax_fr": {"fr", "eu"},
    "betclic_fr": {"fr"},
    "pmu_fr": {"fr"},
    "ladbrokes_uk": {"uk"},
    "williamhill": {"uk", "eu"},
}


@pytest.mark.parametrize(
    ("shape", "cost"),
    [
        # The provider's guide: markets times regions; the recorded calls of 2 x 1 and 3 x 1.
        (CallShape(markets=("h2h", "totals"), regions=("eu",)), 2),
        (CallShape(markets=("h2h", "totals", "spreads"), regions=("eu",)), 3),
        (CallShape(markets=("h2h",), regions=("eu", "uk", "us")), 3),
        (CallShape(markets=("h2h",), bookmakers=tuple("abcdefghij")), 1),
        (CallShape(markets=("h2h", "totals"), bookmakers=tuple("abcdefghijk")), 4),
    ],
)
def test_a_call_costs_markets_times_regions_and_ten_names_are_one_region(shape, cost):
    assert shape.cost == cost


def test_named_bookmakers_of_two_regions_cost_one_credit():
    best, *_others = offers(
        markets=["h2h"],
        wanted={"pinnacle", "betclic_fr", "pmu_fr"},
        regions_of=REGIONS_OF,
        preferred=["williamhill", "pinnacle", "ladbrokes_uk"],
    )

    assert best.cost == 1
    assert best.shape.bookmakers == (
        "betclic_fr", "pinnacle", "pmu_fr", "williamhill", "ladbrokes_uk"
    )  # fmt: skip
    assert not best.lacks


def test_what_another_shape_would_buy_is_said():
    found = offers(
        markets=["h2h"], wanted={f"named_{i}" for i in range(11)} | {"pinnacle"},
        regions_of=REGIONS_OF | {f"named_{i}": {"eu"} for i in range(11)},
    )  # fmt: skip

    assert found[0].shape.regions == ("eu",)  # one credit; by name twelve would cost two
    wider = next(one for one in exchanges(found) if one.offer.shape.regions == ("eu", "fr"))
    assert wider.extra_cost == 1
    assert wider.gained == {"betclic_fr", "pmu_fr"}
    assert not wider.lost


KEYS = st.sets(st.sampled_from(sorted(REGIONS_OF)), min_size=1)


@given(KEYS, st.integers(1, 3))
def test_no_shape_that_brings_everything_wanted_is_cheaper(wanted, markets):
    keys = ["h2h", "totals", "spreads"][:markets]

    best = offers(markets=keys, wanted=wanted, regions_of=REGIONS_OF)[0]

    prices = [
        markets * count
        for count in range(1, 4)
        for regions in combinations(("eu", "fr", "uk"), count)
        if all(REGIONS_OF[key] & set(regions) for key in wanted)
    ]
    prices.append(markets)  # seven names or fewer are one group
    assert best.cost == min(prices)
    assert not best.lacks


@pytest.mark.parametrize(
    ("given_shape", "message"),
    [
        ({"markets": ()}, "at least one market"),
        ({"markets": ("h2h",)}, "either regions or bookmakers"),
        ({"markets": ("h2h",), "regions": ("eu",), "bookmakers": ("a",)}, "either regions"),
        ({"markets": ("h2h", "h2h"), "regions": ("eu",)}, "each of its markets once"),
    ],
)
def test_a_shape_that_cannot_be_asked_for_is_refused(given_shape, message):
    with pytest.raises(ValueError, match=message):
        CallShape(**given_shape)


def test_wanting_nobody_is_refused():
    with pytest.raises(ValueError, match="playable ones or references"):
        offers(markets=["h2h"], wanted=set(), regions_of=REGIONS_OF)
