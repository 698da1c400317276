"""Why a price counts: the same numbers and verdicts as detection's, with what they came from."""

from dataclasses import replace

import pytest

from betting.detection.board import Board
from betting.detection.explanation import (
    Check,
    Explanation,
    Place,
    Role,
    Source,
    band_at,
    bands,
    explain,
    place_of,
)
from betting.detection.guards import Rejection
from betting.detection.pricing import Thresholds
from odds.devig import Method
from tests.betting.markets import (
    BETFAIR,
    BRAVE,
    DEFAULTS,
    EVEN,
    FIVE_PERCENT,
    MATCHBOOK,
    PINNACLE,
    SOFT,
    Bookie,
    Offer,
    arrays_of,
    findings_of,
    offer,
    the,
)

SKEWED = [offer(PINNACLE, 1.50, 2.60), *(offer(bookie, 1.45, 2.50) for bookie in SOFT[:3])]
LEFT_BEHIND = [
    offer(PINNACLE, 1.95, 1.95, changed_at=9),
    *(offer(bookie, 1.90, 1.90, changed_at=9) for bookie in SOFT[:3]),
    offer(BRAVE, 2.10, 1.75, changed_at=1),
]


def board_of(offers: list[Offer]) -> Board:
    return Board.of(*arrays_of(offers), has_draws=False)


def explained(
    offers: list[Offer], bookmaker: str = "brave", thresholds: Thresholds = DEFAULTS
) -> Explanation:
    board = board_of(offers)
    at = place_of(board, match_id=1, market="h2h", line=0, outcome="home", bookmaker=bookmaker)
    assert at is not None
    return explain(board, thresholds, at)


def check_of(told: Explanation, guard: Rejection) -> Check:
    return next(check for check in told.checks if check.guard == guard)


def roles(told: Explanation) -> dict[str, Role]:
    return {voice.bookmaker: voice.role for voice in told.voices}


def test_the_formula_has_the_numbers_by_hand() -> None:
    brave = Bookie(key="brave", commission=0.05, kind="exchange")

    told = explained([*EVEN, offer(brave, 2.20, 1.75)])

    # Pinnacle's even prices are a fair half; 1 + 0.95 × 1.20 = 2.14; 0.5 × 2.14 − 1 = 7 %.
    assert (told.odds, told.commission) == (2.20, 0.05)
    assert told.net == pytest.approx(2.14)
    assert told.fair == pytest.approx(0.5)
    assert told.edge == pytest.approx(0.07)


@pytest.mark.parametrize(
    "offers",
    [
        [*EVEN, FIVE_PERCENT],
        [*EVEN, offer(BRAVE, 2.10, 1.75, age=3600)],
        [*EVEN, offer(BRAVE, 2.10, None)],
        [*EVEN, offer(BRAVE, 2.10, 1.20)],
        [*EVEN, offer(BRAVE, 2.60, 1.60)],
        [*EVEN[:2], FIVE_PERCENT],
        LEFT_BEHIND,
    ],
    ids=["passes", "stale", "incomplete", "margin", "too good", "few", "lagging"],
)
def test_it_agrees_with_what_detection_found(offers: list[Offer]) -> None:
    found = the(findings_of(offers), "value")

    told = explained(offers)
    refused = [check.guard.value for check in told.checks if not check.passes]

    assert told.edge is not None
    assert 100 * told.edge == pytest.approx(found.edge_pct)
    assert told.fair == found.fair_probability
    assert (refused or [""])[0] == found.rejection


def test_each_guard_tells_the_numbers_it_compared() -> None:
    told = explained([*EVEN, offer(BRAVE, 2.10, 1.75, age=1200)])

    few = check_of(told, Rejection.FEW_BOOKMAKERS)
    # Five offer the home side, and four operators besides the one that offers the price.
    assert (few.value, few.bound, few.second_value, few.second_bound) == (5, 3, 4, 4)
    stale = check_of(told, Rejection.STALE)
    assert (stale.value, stale.bound) == (20, 30)
    margin = check_of(told, Rejection.OVERROUND)
    assert margin.value == pytest.approx(1 / 2.10 + 1 / 1.75)
    good = check_of(told, Rejection.TOO_GOOD)
    assert (good.value, good.bound) == (pytest.approx(5), 20)
    outcomes = check_of(told, Rejection.INCOMPLETE)
    assert (outcomes.value, outcomes.bound) == (2, 2)


def test_a_price_left_behind_counts_who_moved_since() -> None:
    lagging = check_of(explained(LEFT_BEHIND), Rejection.LAGGING)

    assert not lagging.passes
    assert (lagging.value, lagging.second_value, lagging.second_bound) == (1, 4, 3)


def test_a_guard_that_is_off_says_so_and_refuses_nothing() -> None:
    told = explained(LEFT_BEHIND, thresholds=replace(DEFAULTS, rejects_lagging=False))

    lagging = check_of(told, Rejection.LAGGING)
    assert (lagging.is_on, lagging.passes) == (False, True)


def test_every_bookmaker_has_a_part_or_a_reason() -> None:
    brother = Bookie(key="brother", operator="brave")
    offers = [
        *EVEN,
        FIVE_PERCENT,
        offer(brother, 1.90, 1.90),
        offer(SOFT[4], 1.90, 1.90, age=3600),
        offer(SOFT[5], 1.90, None),
        offer(SOFT[6], 1.50, 1.50),
    ]

    assert roles(explained(offers)) == {
        "pinnacle": Role.REFERENCE,
        "soft0": Role.OUTRANKED,
        "soft1": Role.OUTRANKED,
        "soft2": Role.OUTRANKED,
        "brave": Role.OWN_OPERATOR,
        "brother": Role.OWN_OPERATOR,
        "soft4": Role.STALE,
        "soft5": Role.INCOMPLETE,
        "soft6": Role.OVERROUND,
    }


def test_in_a_consensus_all_other_operators_count() -> None:
    offers = [*(offer(bookie, 1.90, 1.90) for bookie in SOFT[:4]), FIVE_PERCENT]

    found = roles(explained(offers))

    assert {found[f"soft{number}"] for number in range(4)} == {Role.IN_CONSENSUS}


def test_every_reference_says_what_it_would_hold_fair() -> None:
    offers = [
        offer(PINNACLE, 1.95, 1.95),
        offer(BETFAIR, 2.40, 1.60),
        offer(MATCHBOOK, 2.50, 1.50),
        *(offer(bookie, 1.80, 2.00) for bookie in SOFT[:4]),
        FIVE_PERCENT,
    ]

    sharp, exchange, consensus = explained(offers).judges

    assert [one.is_in_force for one in (sharp, exchange, consensus)] == [True, False, False]
    assert (sharp.bookmaker, exchange.bookmaker) == ("pinnacle", "betfair_ex_eu")
    assert sharp.fair == pytest.approx(dict.fromkeys(Method, 0.5))
    # Betfair has the lower overround; in proportion: (1 / 2.4) / (1 / 2.4 + 1 / 1.6) = 0.4.
    assert exchange.fair == pytest.approx(dict.fromkeys(Method, 0.4))
    # Of pinnacle, two exchanges and four softs the median is a soft's: (1 / 1.8) / (19 / 18).
    assert consensus.fair[Method.MULTIPLICATIVE] == pytest.approx(10 / 19)


def test_a_reference_that_nobody_offers_has_no_numbers() -> None:
    sharp, exchange, consensus = explained([*EVEN[:2], FIVE_PERCENT]).judges

    assert sharp.is_in_force
    assert exchange.fair == consensus.fair == dict.fromkeys(Method)
    assert (exchange.source, exchange.bookmaker) == (Source.EXCHANGE, None)


def test_the_band_spans_what_the_methods_claim() -> None:
    board = board_of([*SKEWED, offer(BRAVE, 1.70, 2.10)])
    at = place_of(board, match_id=1, market="h2h", line=0, outcome="home", bookmaker="brave")
    assert at is not None

    band = band_at(bands(board, DEFAULTS), at)

    first, second = 1 / 1.50, 1 / 2.60
    multiplicative = first / (first + second) * 1.70 - 1
    additive = (first - (first + second - 1) / 2) * 1.70 - 1
    assert band is not None
    # A favourite has least under the proportional method, which leaves longshots their margin.
    assert band[0] == pytest.approx(multiplicative)
    assert band[0] < additive <= band[1] + 1e-12


def test_without_a_reference_there_is_no_edge_and_no_band() -> None:
    told = explained([offer(SOFT[0], 1.90, 1.90), FIVE_PERCENT])

    assert (told.fair, told.edge, told.band) == (None, None, None)


def test_a_price_that_is_no_longer_offered_has_no_place() -> None:
    board = board_of(EVEN)
    known = {"match_id": 1, "market": "h2h", "line": 0.0, "outcome": "home"}

    assert place_of(board, bookmaker="brave", **known) is None
    assert place_of(board, bookmaker="soft0", **known | {"line": 2.5}) is None
    assert isinstance(place_of(board, bookmaker="soft0", **known), Place)
