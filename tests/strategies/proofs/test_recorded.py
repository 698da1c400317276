"""Two leagues' recorded seasons: a plain script that shares no code with us says the same."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks.plain_rules import buchdahl, kaunitz, prices, read_rows, results
from odds.football_data.importing import ImportSummary, import_file
from strategies.proofs import buchdahl as our_buchdahl
from strategies.proofs import kaunitz as our_kaunitz
from strategies.proofs.prices import only
from strategies.proofs.replaying import profits, settled_bets
from strategies.replay.reading import read_history

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "football-data"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2015, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
SPORTS = ["soccer_spl", "soccer_italy_serie_b"]


@pytest.mark.recorded
@pytest.mark.django_db
@pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded files are not beside the repository"
)
def test_a_plain_script_makes_the_same_bets():
    """Scotland from 2015 (all layouts) and Serie B from 2018 (with a maximum of 0)."""
    for file in [*RECORDED.glob("[0-9]*_SC0.csv.gz"), *RECORDED.glob("[0-9]*_I2.csv.gz")]:
        import_file(file.read_bytes(), name=file.name, summary=ImportSummary(), now=NOW)
    history = read_history(SPORTS, since=SINCE, until=UNTIL, markets=["h2h"])
    rows = read_rows(RECORDED, ["SC0", "I2"])
    won = results(rows)

    def ours(trial, shown):
        seen = only(history, shown, trial.moment)
        bets = settled_bets(trial, seen)
        return sorted(np.round(profits(bets, seen), 9).tolist())

    def plain(bets):
        return sorted(np.round(bets[2], 9).tolist())

    for moment, best, mean in (
        ("before_close", ["Max", "BbMx"], ["Avg", "BbAv"]),
        ("at_close", ["MaxC"], ["AvgC"]),
    ):
        for offsets in ((0.05, 0.05, 0.05), our_kaunitz.OFFSETS):
            theirs = kaunitz(prices(rows, best), prices(rows, mean), won, np.array(offsets))
            assert len(theirs[2]) > 10
            assert ours(our_kaunitz.trial(offsets, moment), our_kaunitz.SHOWN) == plain(theirs)
    best, sharp = prices(rows, ["Max", "BbMx"]), prices(rows, ["PS", "P"])
    for threshold in (0.0, 0.02, 0.05):
        theirs = buchdahl(best, sharp, won, threshold)
        assert len(theirs[2]) > 100
        assert ours(our_buchdahl.trial(threshold), our_buchdahl.SHOWN) == plain(theirs)
