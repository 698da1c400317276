"""The blind bettor: small tables worked by hand, and the recorded seasons against the published."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from betting.reports.blind_bets import PUBLISHED, BlindRow, grade, read_prices
from odds.football_data.importing import ImportSummary, gather_statistics, import_file
from tests.odds.football_data.files import csv_bytes, row

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "football-data"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2019, 7, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
BEST = {"MaxH": "2.20", "MaxD": "3.60", "MaxA": "3.80"}
CLOSE = {"PSCH": "2.00", "PSCD": "3.50", "PSCA": "4.00"}


def table(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


def test_a_blind_bettor_by_hand():
    # A book without margin, so that every method gives 1 / odds as the fair probability.
    closing = table((2, 4, 4), (2, 4, 4))
    taken = table((2.2, 3.6, 4), (2, 4.4, 3.8))

    graded = grade(taken, closing, np.array([0, 2]))

    # Won 2.2 and 3.8 of six units; raw CLV +10 -10 0 0 +10 -5 %.
    assert graded is not None
    assert graded.bets == 6
    assert graded.realised == pytest.approx(6.0 / 6 - 1)
    assert graded.raw == pytest.approx(0.05 / 6)
    assert graded.raw_beat == pytest.approx(2 / 6)
    assert graded.fair == pytest.approx(graded.raw)
    # Yields of the two matches: -0.8/3 and +0.8/3; their sd over the root of two.
    assert graded.yield_error == pytest.approx(0.8 / 3)


def test_a_longer_price_at_a_book_with_margin_is_praised_by_raw_clv_only():
    closing = table(*[(1.95, 3.4, 3.9)] * 2)  # overround 1.063

    graded = grade(closing * 1.02, closing, np.array([0, 1]))

    assert graded is not None
    assert graded.raw == pytest.approx(0.02)
    assert graded.raw_beat == 1
    assert graded.fair < 0
    assert graded.fair_beat == 0


def test_matches_without_one_of_the_prices_are_left_out():
    nan = np.nan
    closing = table((2, 4, 4), (nan, nan, nan), (2, 4, 4))
    taken = table((2, 4, 4), (2, 4, 4), (nan, nan, nan))

    graded = grade(taken, closing, np.array([0, 0, 0]))

    assert graded is not None
    assert (graded.bets, graded.yield_error) == (3, None)
    assert grade(taken[1:], closing[1:], np.array([0, 0])) is None


@pytest.mark.django_db
def test_prices_before_kickoff_and_at_the_close_are_read_apart():
    later = {"MaxCH": "9", "MaxCD": "9", "MaxCA": "9", "PSH": "8", "PSD": "8", "PSA": "8"}
    content = csv_bytes(
        row(**BEST, **CLOSE, **later),
        row("Everton", FTHG="1", FTAG="1", FTR="D", **BEST),
        row("Chelsea", FTHG="", FTAG="", FTR="", **BEST, **CLOSE),
        row("Arsenal", Date="12/01/2019", **BEST, **CLOSE),
    )
    import_file(content, name="E0.csv", summary=ImportSummary(), now=NOW)

    prices = read_prices(["soccer_epl"], since=SINCE, until=UNTIL)

    assert sorted(prices.won.tolist()) == [0, 1]
    [place] = np.flatnonzero(prices.won == 0)
    assert prices.taken["market_max"][place].tolist() == [2.2, 3.6, 3.8]
    assert prices.closing[place].tolist() == [2, 3.5, 4]
    assert np.isnan(prices.closing[1 - place]).all()
    assert np.isnan(prices.taken["bet365"]).all()
    assert len(read_prices(["soccer_spain_la_liga"], since=SINCE, until=UNTIL).won) == 0


def report(*arguments: str) -> str:
    out = io.StringIO()
    call_command("report_blind_bets", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_report_shows_ours_beside_the_published():
    import_file(csv_bytes(row(**BEST, **CLOSE)), name="E0.csv", summary=ImportSummary(), now=NOW)

    lines = report("--leagues", "E0").splitlines()

    assert lines[1].split()[-7:-5] == ["3", "-26.67%"]  # 2.2 of 3 units came back
    published = ["98,629", "-2.47%", "0.51%", "+2.28%", "62.0%", "-1.99%", "42.0%"]
    assert lines[2].split()[-7:] == published
    assert set(lines[3].split()[1:]) == {"–"}


@pytest.mark.django_db
def test_nothing_imported_is_one_sentence():
    with pytest.raises(CommandError, match="run import_football_data first"):
        report()


@pytest.mark.recorded
@pytest.mark.django_db
@pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded files are not beside the repository"
)
def test_recorded_seasons_agree_with_the_published_table():
    """Ten of 130 files: raw CLV praises the best price, yield and fair CLV do not."""
    for season in ("2019-2020", "2020-2021", "2021-2022", "2023-2024", "2024-2025"):
        for league in ("E0", "SP1"):
            file = RECORDED / f"{season}_{league}.csv.gz"
            import_file(file.read_bytes(), name=file.name, summary=ImportSummary(), now=NOW)
    gather_statistics()

    prices = read_prices(["soccer_epl", "soccer_spain_la_liga"], since=SINCE, until=UNTIL)
    rows: dict[str, BlindRow] = {}
    for policy, taken in prices.taken.items():
        graded = grade(taken, prices.closing, prices.won)
        assert graded is not None
        rows[policy] = graded

    best = rows["market_max"]
    assert best.bets > 11_000
    assert best.raw > 0
    assert best.raw_beat > 0.5
    assert best.fair < 0
    assert best.fair_beat < 0.5
    for policy, published in PUBLISHED.items():
        ours = rows[policy]
        # Big leagues have smaller margins than all 22, so closing values lie a little higher.
        assert ours.raw == pytest.approx(published.raw, abs=0.02)
        assert ours.fair == pytest.approx(published.fair, abs=0.02)
        error = np.hypot(ours.yield_error or 0, published.yield_error or 0)
        assert abs(ours.realised - published.realised) < 3 * error + 0.02
