"""Laws of pricing on random markets, and its agreement with a slow second method."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from betting.detection.board import Board
from betting.detection.findings import Finding, find
from betting.detection.pricing import Thresholds, price
from odds.devig import Method
from tests.betting.markets import (
    BETFAIR,
    DEFAULTS,
    MATCHBOOK,
    PINNACLE,
    SOFT,
    Bookie,
    Offer,
    arrays_of,
    findings_of,
)
from tests.betting.slow_pricing import Group, edge_of, slow_find

pytestmark = pytest.mark.filterwarnings("error")

BOOKIES = [
    PINNACLE,
    Bookie(key="second_sharp", kind="sharp"),
    BETFAIR,
    Bookie(key="betfair_sb_uk", operator="betfair"),
    MATCHBOOK,
    *(Bookie(key=f"unibet_{land}", operator="unibet") for land in ("eu", "fr", "uk")),
    Bookie(key="winamax_fr", is_playable=True),
    Bookie(key="betclic_fr", is_playable=True),
    *SOFT[:5],
]
HOME = [1.85, 2.0, 2.07, 2.1, 2.15, 2.23, 2.4, 3.1]
DRAW = [3.0, 3.25, 3.3, 3.45, 3.7, 4.2]
AWAY = [3.1, 3.4, 3.55, 3.6, 3.8, 3.95, 4.6]
EVEN = [1.7, 1.83, 1.9, 1.95, 2.0, 2.04, 2.1, 2.6]


def odds_of(market: str) -> st.SearchStrategy[tuple[float | None, float | None, float | None]]:
    if market != "h2h":
        return st.tuples(st.sampled_from(EVEN), st.none(), st.sampled_from(EVEN))
    missing = st.sampled_from([None, *DRAW, *DRAW])
    return st.tuples(st.sampled_from(HOME), missing, st.sampled_from(AWAY))


@st.composite
def markets(draw, min_size: int = 0) -> list[Offer]:
    """One to three groups, each with some of the bookmakers."""
    groups = draw(
        st.lists(
            st.sampled_from(
                [
                    *((1, "h2h", 0.0), (2, "h2h", 0.0), (1, "spreads", -0.5)),
                    *((1, "totals", 2.5), (1, "totals", 2.25)),
                ]
            ),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    return [
        Offer(
            bookie=bookie,
            match=match,
            market=market,
            line=line,
            odds=draw(odds_of(market)),
            changed_at=draw(st.sampled_from([0.0, 100.0, 200.0])),
            seen_at=draw(st.sampled_from([900.0, 1000.0])),
            age=draw(st.sampled_from([0.0, 0.0, 0.0, None, 1800.0, 1801.0])),
        )
        for match, market, line in groups
        for bookie in draw(st.lists(st.sampled_from(BOOKIES), min_size=min_size, unique=True))
    ]


thresholds = st.builds(
    replace,
    st.just(DEFAULTS),
    devig=st.sampled_from([Method.MULTIPLICATIVE, Method.POWER]),
    minimum_edge_pct=st.sampled_from([0.37, 1.937]),
    minimum_consensus_operators=st.integers(2, 5),
    rejects_lagging=st.booleans(),
    detects_arbitrage=st.booleans(),
    only_playable=st.booleans(),
)


def as_rows(findings: list[Finding]) -> list[dict]:
    return [{name: getattr(finding, name) for name in Finding.__slots__} for finding in findings]


def by_key(rows: list[dict]) -> dict[tuple, dict]:
    keys = [
        tuple(row[n] for n in ("match_id", "market", "line", "outcome", "kind")) for row in rows
    ]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, rows, strict=True))


def is_near_a_limit(offers: list[Offer], limits: Thresholds) -> bool:
    """Whether rounding may decide which side of a limit an edge or an overround is on."""
    edges = {0.0, limits.minimum_edge_pct / 100, limits.maximum_edge_pct / 100}
    for market in {(o.match, o.market, o.line) for o in offers}:
        members = [o for o in offers if (o.match, o.market, o.line) == market]
        for places in ([0, 2], [0, 1, 2]):
            group = Group(offers=members, places=places, settings=limits)
            for one in members:
                for place in places:
                    edge = edge_of(group, one, place)
                    if edge is not None and any(abs(edge - limit) < 1e-9 for limit in edges):
                        return True
    return False


@settings(max_examples=300)
@given(offers=markets(), limits=thresholds, has_draws=st.booleans())
def test_pricing_agrees_with_the_slow_second_method(offers, limits, has_draws):
    assume(not is_near_a_limit(offers, limits))

    found = by_key(as_rows(findings_of(offers, limits, has_draws=has_draws)))
    expected = by_key(slow_find(offers, limits, has_draws=has_draws))

    assert found.keys() == expected.keys()
    for key, row in expected.items():
        legs = row.pop("legs", [])
        assert [(leg.outcome, leg.bookmaker, leg.odds) for leg in found[key]["legs"]] == legs
        for name, value in row.items():
            assert found[key][name] == (
                pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            ), (key, name)


@given(offers=markets(), limits=thresholds, order=st.randoms(use_true_random=False))
def test_the_order_of_quotes_and_bookmakers_changes_nothing(offers, limits, order):
    shuffled = list(offers)
    order.shuffle(shuffled)

    found, again = (by_key(as_rows(findings_of(o, limits))) for o in (offers, shuffled))

    assert found == again


@given(offers=markets(min_size=6), other=odds_of("h2h"))
def test_an_edge_does_not_depend_on_the_other_prices_of_who_offers_it(offers, other):
    """Under a consensus: nobody here is sharp or an exchange."""
    offers = [given for given in offers if given.bookie.kind == "soft"]
    assume(offers)
    first = offers[0]
    moved = replace(first, odds=(first.odds[0], other[1] and first.odds[1] and other[1], other[2]))
    assume((moved.odds[1] is None) == (first.odds[1] is None))

    edges = []
    for own in (first, moved):
        quotes, panel = arrays_of([own, *offers[1:]])
        prices = price(Board.of(quotes, panel, has_draws=False), DEFAULTS)
        group = (
            (prices.board.match_id == own.match)
            & (prices.board.market == quotes.market[0])
            & (prices.board.line == own.line)
        )
        column = prices.board.panel.key == own.bookie.key
        edges.append(prices.edge[group][:, column, 0])

    np.testing.assert_array_equal(*edges)


@given(offers=markets(), limits=thresholds)
def test_a_match_is_priced_as_if_it_were_alone(offers, limits):
    assume(offers)
    twins = [replace(given, match=given.match + 10) for given in offers]

    found = by_key(as_rows(findings_of(offers, limits)))
    together = by_key(as_rows(findings_of([*offers, *twins], limits)))

    assert len(together) == 2 * len(found)
    for (match, *rest), row in found.items():
        assert together[(match, *rest)] == row
        assert together[(match + 10, *rest)] == row | {"match_id": match + 10}


@given(offers=markets(), limits=thresholds, shrinkage=st.floats(0, 1))
def test_the_expected_edge_is_its_share_of_the_claimed_one(offers, limits, shrinkage):
    for finding in findings_of(offers, replace(limits, shrinkage=shrinkage)):
        if finding.shrunk_edge_pct is not None:
            assert finding.shrunk_edge_pct == pytest.approx(shrinkage * finding.edge_pct)


@given(offers=markets(), limits=thresholds)
def test_bookmakers_without_a_quote_change_nothing(offers, limits):
    assume(offers)
    quotes, panel = arrays_of(offers)
    _none, wider = arrays_of([*offers, Offer(bookie=Bookie(key="a_stranger"), odds=(2, 3, 4))])

    assert find(quotes, panel, limits, has_draws=False) == find(
        quotes, wider, limits, has_draws=False
    )
