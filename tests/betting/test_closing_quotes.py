"""Closing quotes: which still count at kick-off, and which references they make."""

from decimal import Decimal

import pytest

from betting.models import ClosingLine
from odds.models import Bookmaker, Match
from tests.betting.closings import (
    ALL,
    BOOKS,
    EXCHANGE,
    KICK_OFF,
    LATER,
    MINUTE,
    PINNACLE,
    capture_pending,
    import_quote,
    line_of,
    look,
    make_bookmakers,
    missing,
    references,
)
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_sport,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()


def test_sharp_exchange_and_consensus_each_leave_a_line():
    look(ALL)

    captured = capture_pending()

    assert (captured.matches, captured.lines.total(), captured.missing.total()) == (1, 3, 0)
    assert references() == {"pinnacle", "betfair_ex_eu", "consensus"}
    line = line_of("pinnacle")
    assert (line.odds_1, line.odds_x, line.odds_2) == (Decimal("1.95"), None, Decimal("1.95"))
    assert (line.fair_1, line.fair_x, line.fair_2) == (pytest.approx(0.5), None, pytest.approx(0.5))
    assert (line.minutes_before_kickoff, line.seen_at) == (10, KICK_OFF - 10 * MINUTE)
    assert (line.source, line.bookmaker_count, line.captured_at) == ("quotes", 1, LATER)


def test_a_consensus_is_the_median_of_everyone_with_the_median_odds():
    look(ALL)

    capture_pending()

    line = line_of("consensus")
    assert line.bookmaker_count == 6
    assert line.odds_1 == Decimal("1.925")  # of 1.90 1.91 1.92 1.93 1.95 1.98
    assert line.fair_1 == pytest.approx(0.5)


def test_an_exchange_is_read_before_commission_and_in_proportion():
    look({"betfair_ex_eu": (1.80, 2.20)})

    capture_pending()

    # p = 2.20 / (1.80 + 2.20).
    line = line_of("betfair_ex_eu")
    assert line.fair_1 == pytest.approx(0.55)
    assert line.odds_1 == Decimal("1.8")


def test_a_bookmaker_loses_its_margin_by_one_common_exponent():
    look({"pinnacle": (1.40, 3.00)})

    capture_pending()

    line = line_of("pinnacle")
    low, high = 1.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        if 1.40**-middle + 3.00**-middle > 1:
            low = middle
        else:
            high = middle
    assert line.fair_1 == pytest.approx(1.40**-low)


def test_prices_seen_in_play_are_not_the_closing_line():
    look(PINNACLE, before=30)
    look({"pinnacle": (1.20, 4.50)}, before=-5)

    capture_pending()

    assert line_of("pinnacle").odds_1 == Decimal("1.95")
    assert line_of("pinnacle").minutes_before_kickoff == 30


def test_a_quote_withdrawn_before_the_closing_look_does_not_count():
    look(ALL, before=60)
    look(EXCHANGE | BOOKS, before=10)

    capture_pending()

    assert references() == {"betfair_ex_eu", "consensus"}
    assert line_of("consensus").bookmaker_count == 5


def test_a_quote_withdrawn_before_kick_off_and_back_in_play_is_no_closing_quote():
    look(ALL, before=60)
    look(EXCHANGE | BOOKS, before=10)
    look(ALL, before=-5)

    capture_pending()

    assert references() == {"betfair_ex_eu", "consensus"}
    assert line_of("consensus").bookmaker_count == 5


def test_a_quote_withdrawn_and_back_before_kick_off_is_a_closing_quote():
    look(ALL, before=60)
    look(EXCHANGE | BOOKS, before=30)
    look(ALL, before=10)

    capture_pending()

    assert references() == {"pinnacle", "betfair_ex_eu", "consensus"}
    assert line_of("pinnacle").minutes_before_kickoff == 10


def test_a_quote_withdrawn_only_in_play_is_a_closing_quote():
    look(ALL, before=10)
    look(EXCHANGE | BOOKS, before=-5)

    capture_pending()

    assert line_of("pinnacle").odds_1 == Decimal("1.95")


def test_football_data_leaves_lines_where_own_quotes_were_withdrawn():
    match = look(PINNACLE | EXCHANGE, before=60)
    look(EXCHANGE, before=10)
    import_quote(match, "pinnacle", 1.90, 2.00)

    capture_pending()

    assert references() == {"betfair_ex_eu", "fd_pinnacle"}
    assert line_of("fd_pinnacle").odds_1 == Decimal("1.9")


def test_an_unchanged_quote_is_dated_by_the_look_that_still_saw_it():
    look(PINNACLE, before=300)
    look(PINNACLE, before=4)

    capture_pending()

    assert line_of("pinnacle").minutes_before_kickoff == 4


def test_a_collection_of_another_market_sport_or_of_scores_is_no_look():
    look(PINNACLE, before=60)
    look({"pinnacle": (1.9, 1.9)}, before=30, market="totals", line=2.5)
    look(PINNACLE, before=20, match="other", sport="tennis_wta")
    make_collection(
        sport=make_sport(key="tennis_atp"),
        endpoint="scores",
        started_at=KICK_OFF - 5 * MINUTE,
    )

    capture_pending()

    of_match = ClosingLine.objects.filter(match__provider_id="match")
    assert {line.market: line.minutes_before_kickoff for line in of_match} == {
        "h2h": 60,
        "totals": 30,
    }


def test_without_a_collection_the_newest_quote_is_the_look():
    look(ALL, before=60, is_collected=False)
    look({"pinnacle": (2.00, 1.90)}, before=7, is_collected=False)

    capture_pending()

    assert references() == {"pinnacle"}
    assert line_of("pinnacle").minutes_before_kickoff == 7


def test_an_exchange_without_money_is_no_reference():
    look(
        {"betfair_ex_eu": (1.05, 1.05, 1.01), "pinnacle": (2.5, 3.2, 2.9)},
        sport="soccer_epl",
    )

    capture_pending()

    assert references() == {"pinnacle"}


@pytest.mark.parametrize("odds", [(1.60, 1.60), (2.10, 2.10)])
def test_a_bookmaker_with_an_absurd_margin_is_no_reference(odds):
    look({"pinnacle": odds})

    capture_pending()

    assert missing() == [("h2h", 0, "no_reference")]


def test_a_football_match_winner_without_a_draw_is_no_reference():
    look(PINNACLE, sport="soccer_epl")

    capture_pending()

    assert missing() == [("h2h", 0, "no_reference")]


def test_skins_of_one_operator_are_one_voice():
    for key in ("skin0", "skin1", "skin2"):
        make_bookmaker(key, operator="soft0")
    three = dict(list(BOOKS.items())[:3])
    look(three | {"skin0": (1.9, 1.9), "skin1": (1.9, 1.9), "skin2": (1.9, 1.9)})

    capture_pending()

    assert missing() == [("h2h", 0, "no_reference")]


def football_data_of(match: Match) -> None:
    make_bookmaker("market_average", kind=Bookmaker.Kind.AGGREGATE)
    make_bookmaker("market_max", kind=Bookmaker.Kind.AGGREGATE)
    make_bookmaker("betfair_ex_uk", kind=Bookmaker.Kind.EXCHANGE, operator="betfair")
    import_quote(match, "pinnacle", 2.50, 3.30, 2.90)
    import_quote(match, "betfair_ex_uk", 2.60, 3.40, 2.96)
    import_quote(match, "market_average", 2.45, 3.25, 2.85)
    import_quote(match, "market_max", 2.60, 3.45, 3.00)
    import_quote(match, "bet365", 2.45, 3.25, 2.85)


def test_football_data_leaves_lines_of_its_own():
    match = make_match(commence_time=KICK_OFF)
    football_data_of(match)
    import_quote(match, "pinnacle", 2.40, 3.30, 3.00, before=60)

    capture_pending()

    assert references() == {"fd_pinnacle", "fd_betfair_ex_uk", "fd_market_average"}
    assert missing() == []
    line = line_of("fd_pinnacle")
    assert (line.odds_1, line.source) == (Decimal("2.5"), "football_data")
    assert line.minutes_before_kickoff == 1


def test_football_data_never_displaces_own_quotes():
    match = look({"pinnacle": (2.20, 3.30, 3.40)}, before=90, sport="soccer_epl")
    football_data_of(match)
    import_quote(match, "pinnacle", 2.40, 3.30, 3.00, before=60)

    capture_pending()

    assert line_of("pinnacle").odds_1 == Decimal("2.2")
    assert line_of("pinnacle").minutes_before_kickoff == 90
    assert line_of("fd_pinnacle").odds_1 == Decimal("2.5")


def test_averages_of_a_market_have_no_voice_in_the_consensus():
    make_bookmaker("market_average", kind=Bookmaker.Kind.AGGREGATE)
    match = look(dict(list(BOOKS.items())[:3]))
    import_quote(match, "market_average", 1.90, 1.90)

    capture_pending()

    assert references() == {"fd_market_average"}
    assert missing() == []
