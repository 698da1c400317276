"""Reading files of football-data.co.uk, with every oddity the real ones have."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.football_data.prices import PriceBlock, Rejection
from odds.football_data.reading import ListedFile, UnreadableFileError, read_file
from tests.odds.football_data.files import PRICES, csv_bytes, row

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "football-data"
needs_recordings = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded files are not beside the repository"
)
EXTRA = {
    "Country": "Norway",
    "League": "Eliteserien ",
    "Season": "2012",
    "Date": "23/03/2012",
    "Time": "18:00",
    "Home": "Molde",
    "Away": "Stromsgodset",
    "HG": "2",
    "AG": "1",
    "Res": "H",
}


def block(read: ListedFile, key: str, market: str, *, is_closing: bool) -> PriceBlock:
    [found] = [
        one
        for one in read.blocks
        if (one.source.key, one.market, one.is_closing) == (key, market, is_closing)
    ]
    return found


def reasons(rejections: list[Rejection]) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.column, one.value, one.reason) for one in rejections]


def test_a_row_is_read_with_its_kickoff_in_utc_and_its_score():
    read = read_file(csv_bytes(row(Date="17/08/2024", Time="17:30")))

    [match] = read.matches
    assert (match.league.sport_key, match.season) == ("soccer_epl", "2024/25")
    assert match.kickoff == datetime(2024, 8, 17, 16, 30, tzinfo=UTC)  # British summer time
    assert match.is_time_known
    assert (match.home, match.away, match.score) == ("Leeds", "Fulham", (2, 1))
    assert read.rejected_rows == read.rejected_cells == []


def test_every_block_of_prices_is_read_with_its_line_and_moment():
    read = read_file(csv_bytes(row(**PRICES)))

    found = {
        (one.source.key, one.market, one.is_closing): (one.handicap.tolist(), one.odds.tolist())
        for one in read.blocks
    }
    nan = pytest.approx(np.nan, nan_ok=True)
    assert found == {
        ("bet365", "h2h", False): ([0], [[2.10, 3.40, 3.60]]),
        ("pinnacle", "h2h", False): ([0], [[2.15, 3.45, 3.65]]),
        ("market_max", "h2h", False): ([0], [[2.20, 3.50, 3.75]]),
        ("pinnacle", "totals", False): ([2.5], [[1.95, nan, 1.93]]),
        ("pinnacle", "spreads", False): ([-0.25], [[1.88, nan, 2.02]]),
        ("pinnacle", "h2h", True): ([0], [[2.05, 3.50, 3.80]]),
        ("pinnacle", "totals", True): ([2.5], [[1.90, nan, 1.98]]),
        ("pinnacle", "spreads", True): ([-0.5], [[2.05, nan, 1.86]]),
    }


def test_betbrain_aggregates_of_before_2019_are_the_maximum_and_the_average():
    cells = {"BbMxH": "2.2", "BbMxD": "3.5", "BbMxA": "4"}
    cells |= {"BbAv>2.5": "1.9", "BbAv<2.5": "1.8"}
    cells |= {"BbAH": "26", "BbAHh": "-0.75", "BbMxAHH": "1.95", "BbMxAHA": "1.97"}

    read = read_file(csv_bytes(row(Date="08/08/2015", Time="", **cells)))

    assert block(read, "market_max", "h2h", is_closing=False).odds.tolist() == [[2.2, 3.5, 4]]
    assert block(read, "market_average", "totals", is_closing=False).odds[0, 0] == 1.9
    assert block(read, "market_max", "spreads", is_closing=False).handicap.tolist() == [-0.75]
    assert not read.matches[0].is_time_known
    assert read.matches[0].kickoff == datetime(2015, 8, 8, 14, tzinfo=UTC)  # 15:00 UK


def test_two_bookmakers_whose_columns_begin_alike_are_told_apart():
    betfair = {"BFH": "1.6", "BFD": "4.33", "BFA": "5"}
    exchange = {"BFEH": "1.66", "BFED": "4.5", "BFEA": "5.6"}
    betfred = {"BFDH": "1.3", "BFDD": "6", "BFDA": "9.5"}

    old = read_file(csv_bytes(row(**betfair, **exchange)))
    new = read_file(csv_bytes(row(**betfred, **exchange)))

    assert {one.source.key for one in old.blocks} == {"betfair_sb_uk", "betfair_ex_uk"}
    assert {one.source.key for one in new.blocks} == {"betfred_uk", "betfair_ex_uk"}


def test_gzip_byte_order_mark_old_encoding_and_line_ends_change_nothing():
    plain = csv_bytes(row(**PRICES))
    expected = read_file(plain)

    for content in (
        gzip.compress(plain),
        b"\xef\xbb\xbf" + plain,
        plain.replace(b"\r\n", b"\n"),
        plain.replace(b"2.15", b"2.15\xa0"),  # a cp1252 no-break space
        plain.replace(b"2.15", "2.15\u00a0".encode()),
        plain + b",,,,\r\n\r\n",
    ):
        read = read_file(content)
        assert read.matches == expected.matches
        assert [one.odds.tolist() for one in read.blocks if one.market == "h2h"] == [
            one.odds.tolist() for one in expected.blocks if one.market == "h2h"
        ]
        assert read.rejected_cells == []


def test_a_name_with_an_umlaut_is_read_in_both_encodings():
    text = csv_bytes(row("Preußen Münster", "Ulm", Div="D2")).decode()

    names = [read_file(text.encode(e)).matches[0].home for e in ("utf-8", "cp1252")]

    assert names == ["Preußen Münster"] * 2


@pytest.mark.parametrize("text", ["09/08/2019", "9/8/2019", "09/08/19", "9/8/19"])
def test_dates_are_day_month_year_in_every_form_of_one_file(text: str):
    read = read_file(csv_bytes(row("Everton", "Fulham"), row(Date=text)))

    assert [match.day for match in read.matches] == [date(2025, 1, 12), date(2019, 8, 9)]


def test_the_first_of_columns_with_one_name_counts_and_nameless_ones_do_not():
    header = ["Div", "Date", "HomeTeam", "AwayTeam", "PSH", "PSD", "PSA", "PSH", "", ""]
    cells = ["E0", "12/01/2025", "Leeds", "Fulham", "2.1", "3.4", "3.6", "9", "8", "7"]

    read = read_file("\n".join([",".join(header), ",".join(cells)]).encode())

    assert block(read, "pinnacle", "h2h", is_closing=False).odds.tolist() == [[2.1, 3.4, 3.6]]


@pytest.mark.parametrize("bad", ["0", "-", "`", "1xBet", "#N/A", "1", "0.98", "1.0004", "1e9"])
def test_a_cell_that_is_not_odds_costs_only_its_quote(bad: str):
    read = read_file(csv_bytes(row("Everton", **PRICES | {"PSCH": bad}), row(**PRICES)))

    assert block(read, "pinnacle", "h2h", is_closing=True).match.tolist() == [1]
    assert block(read, "pinnacle", "h2h", is_closing=False).match.tolist() == [0, 1]
    assert reasons(read.rejected_cells) == [
        (2, "PSCH", bad, "not decimal odds above 1"),
        (2, "PSCH", bad, "one side without odds"),
    ]


def test_a_missing_draw_is_left_out_and_an_empty_quote_is_no_fault():
    cells = {"PSH": "2.1", "PSD": "", "PSA": "3.6", "B365H": "", "B365D": "", "B365A": ""}

    read = read_file(csv_bytes(row(**cells)))

    [pinnacle, bet365] = sorted(read.blocks, key=lambda one: -len(one.match))
    assert np.isnan(pinnacle.odds[0, 1])
    assert len(bet365.match) == 0
    assert read.rejected_cells == []


@pytest.mark.parametrize("line", ["", "-0.175", "99", "x"])
def test_handicap_odds_need_a_line_in_quarters(line: str):
    read = read_file(csv_bytes(row(**PRICES | {"AHh": line})))

    assert len(block(read, "pinnacle", "spreads", is_closing=False).match) == 0
    assert len(block(read, "pinnacle", "spreads", is_closing=True).match) == 1
    told = [one.reason for one in read.rejected_cells]
    assert told == ["not a handicap line"] * bool(line) + ["handicap odds without a line"]


@pytest.mark.parametrize(
    ("given", "column", "reason"),
    [
        ({"Div": "E9"}, "Div", "league MON_PS does not know"),
        ({"Date": "31/02/2025"}, "Date", "date that cannot be read"),
        ({"Date": ""}, "Date", "date that cannot be read"),
        ({"HomeTeam": ""}, "HomeTeam", "match without two teams"),
        ({"AwayTeam": "Leeds"}, "AwayTeam", "match of a team against itself"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_line(
    given: dict[str, str], column: str, reason: str
):
    read = read_file(csv_bytes(row("Everton"), row(**given), row("Chelsea")))

    assert [match.home for match in read.matches] == ["Everton", "Chelsea"]
    [rejection] = read.rejected_rows
    assert (rejection.line, rejection.column, rejection.reason) == (3, column, reason)


def test_a_match_given_twice_counts_once_but_clubs_may_meet_again():
    read = read_file(csv_bytes(row(), row(FTHG="3"), row(Date="19/01/2025")))

    assert [match.score for match in read.matches] == [(2, 1), (2, 1)]
    assert [one.reason for one in read.rejected_rows] == ["match given twice"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("2", "", "H"), "not a score"),
        (("2", "-1", "H"), "not a score"),
        (("2", "1", "A"), "score that contradicts its result"),
        (("1", "1", "H"), "score that contradicts its result"),
    ],
)
def test_a_score_that_cannot_be_true_is_left_out(cells: tuple[str, ...], reason: str):
    read = read_file(csv_bytes(row(**dict(zip(("FTHG", "FTAG", "FTR"), cells, strict=True)))))

    assert read.matches[0].score is None
    assert [one.reason for one in read.rejected_cells] == [reason]


def test_a_coming_match_has_no_score_and_no_fault():
    fixture = row(**PRICES)
    for column in ("FTHG", "FTAG", "FTR"):
        del fixture[column]

    read = read_file(csv_bytes(fixture))

    assert read.matches[0].score is None
    assert read.rejected_cells == []


def test_the_extra_leagues_have_closing_prices_only_under_old_and_new_names():
    new = EXTRA | {"PSCH": "1.76", "PSCD": "3.87", "PSCA": "5.18"}
    new |= {"B365CH": "1.7", "B365CD": "3.8", "B36CA": "5.5"}  # misspelt at the source
    old = EXTRA | {"PH": "1.76", "PD": "3.87", "PA": "5.18", "AvgH": "1.75", "AvgD": "3.75"}

    new_read, old_read = read_file(csv_bytes(new)), read_file(csv_bytes(old | {"AvgA": "5.24"}))

    [match] = new_read.matches
    assert match == old_read.matches[0]
    assert (match.league.sport_key, match.season) == ("soccer_norway_eliteserien", "2012")
    assert match.score == (2, 1)
    assert block(new_read, "bet365", "h2h", is_closing=True).odds.tolist() == [[1.7, 3.8, 5.5]]
    assert (
        block(new_read, "pinnacle", "h2h", is_closing=True).odds.tolist()
        == block(old_read, "pinnacle", "h2h", is_closing=True).odds.tolist()
    )
    assert all(one.is_closing for one in old_read.blocks)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "does not name the columns"),
        (b"<html>404</html>", "does not name the columns"),
        (gzip.compress(b"Div,Date", mtime=0)[:-6], "cannot be unpacked"),
        (b"Div,Date,HomeTeam,AwayTeam\n" + b'"' + b"x" * 200_000, "cannot be read"),
    ],
)
def test_something_else_is_refused_in_one_sentence(content: bytes, message: str):
    with pytest.raises(UnreadableFileError, match=message):
        read_file(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(rest: bytes):
    try:
        read = read_file(b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,PSH,PSD,PSA\n" + rest)
    except UnreadableFileError:
        return
    for one in read.blocks:
        assert np.nanmin(one.odds, initial=2) > 1


@pytest.mark.recorded
@needs_recordings
def test_every_row_of_the_recorded_files_is_read():
    reads = [read_file(file.read_bytes()) for file in sorted(RECORDED.glob("*.csv.gz"))]

    assert len(reads) == 173
    assert sum(len(read.matches) for read in reads) == 59_343  # counted by who collected them
    assert sum(match.score is None for read in reads for match in read.matches) == 2
    assert [one for read in reads for one in read.rejected_rows] == []
    bad = [one.value for read in reads for one in read.rejected_cells]
    assert {"0", "-", "`", "1xBet"} <= set(bad)
    assert len(bad) < 200


@pytest.mark.recorded
@needs_recordings
def test_every_row_of_the_other_recorded_layouts_is_read():
    for folder, count in (("as-of", 41), ("fixtures", 3), ("extra-leagues", 10)):
        reads = [read_file(file.read_bytes()) for file in (RECORDED / folder).glob("*.csv.gz")]
        assert len(reads) == count
        assert all(read.matches and not read.rejected_rows for read in reads)
