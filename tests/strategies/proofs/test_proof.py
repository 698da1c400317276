"""A whole proof from imported files: stored, printed, cancelled, and the same after a row."""

import io
import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.core.management import CommandError, call_command

from strategies.jobs import cancel, queued_ids, requeue_abandoned
from strategies.models import Proof
from strategies.proofs.jobs import ask, calculate
from strategies.proofs.proof import Step, make
from strategies.proofs.results import Results
from tests.odds.football_data.files import PRICES, load, row

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SINCE, UNTIL = datetime(2024, 7, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
BOTH = PRICES | {
    "MaxH": "2.60", "MaxD": "3.50", "MaxA": "3.75",
    "AvgH": "2.00", "AvgD": "3.40", "AvgA": "3.60",
    "MaxCH": "2.10", "MaxCD": "3.60", "MaxCA": "3.90",
    "AvgCH": "2.02", "AvgCD": "3.45", "AvgCA": "3.70",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


def load_two() -> None:
    load(row(**BOTH), row("Everton", FTHG="0", FTAG="1", FTR="A", **BOTH))


def prove(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prove", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_proof_counts_what_the_files_hold():
    load_two()

    results = make(["soccer_epl"], since=SINCE, until=UNTIL)

    kaunitz, buchdahl = results.studies
    # 2.6 (1 / 2.00 - .05) = 1.17 before the close; 2.1 (1 / 2.02 - .05) = 0.93 at it.
    assert [(run.key, run.matches, run.record.bets) for run in kaunitz.runs] == [
        ("alpha_before_close", 2, 2),
        ("offsets_before_close", 2, 2),
        ("alpha_at_close", 2, 0),
        ("offsets_at_close", 2, 0),
    ]
    assert kaunitz.runs[0].record.realised == pytest.approx((1.6 - 1) / 2)
    assert [run.record.bets for run in buchdahl.runs] == [2, 2]
    assert (results.matches, results.first_day, results.last_day) == (2, "2025-01-12", "2025-01-12")
    sets = {one.key: one.markets for one in results.price_sets}
    assert sets == {
        "pinnacle_close": 2,
        "pinnacle_before": 2,
        "average_close": 2,
        "bet365_before": 2,
        "betbrain_before": 0,  # BetBrain's averages end in 2019
        "average_before": 2,
        "totals_pinnacle_close": 2,
        "exchange_close": 0,
    }


def test_results_are_the_same_after_a_row():
    load_two()
    results = make(["soccer_epl"], since=SINCE, until=UNTIL)

    stored = json.loads(json.dumps(results.as_json(), allow_nan=False))

    assert Results.of_json(stored) == results


def test_results_of_another_form_are_refused():
    with pytest.raises(ValueError, match="form 0, not 1"):
        Results.of_json({"form": 0})


def test_the_command_prints_three_tables_and_stores_a_row():
    load_two()

    said = prove()

    proof = Proof.objects.get()
    assert (proof.status, proof.progress, proof.step) == (Proof.Status.DONE, 1.0, "")
    assert Results.of_json(proof.result).matches == 2
    assert proof.fingerprint == proof.result["fingerprint"]
    assert proof.code_version
    for words in ("Kaunitz", "Buchdahl", "Devig methods", "56,435", "right: +7.23%", "43,322"):
        assert words in said
    assert f"Stored as proof {proof.pk}" in said


def test_the_command_keeps_to_leagues_and_days():
    load_two()

    prove("--leagues", "E0", "--from", "2025-01-12", "--to", "2025-01-12")

    with pytest.raises(CommandError, match="import files of football-data"):
        prove("--leagues", "SP1")
    with pytest.raises(CommandError, match="import files of football-data"):
        prove("--from", "2025-01-13")
    with pytest.raises(CommandError, match="import files of football-data"):
        prove("--to", "2025-01-11")
    assert [one.status for one in Proof.objects.order_by("pk")] == ["done"] + ["failed"] * 3


def test_a_proof_is_made_once():
    load_two()
    proof = ask(by="owner", now=NOW)

    assert ask(by="owner", now=NOW) == proof
    assert queued_ids(Proof) == [proof.pk]
    assert calculate(proof.pk, clock=clock)
    assert not calculate(proof.pk, clock=clock)

    assert queued_ids(Proof) == []
    assert ask(by="owner", now=NOW) != proof


def test_progress_is_in_the_row_while_it_runs():
    load_two()
    proof = ask(by="owner", now=NOW)
    seen: list[tuple[float, Step]] = []

    calculate(proof.pk, clock=clock, watch=lambda share, step: seen.append((share, step)))

    shares = [share for share, _step in seen]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert {step for _share, step in seen} == set(Step)


def test_a_waiting_proof_is_cancelled_at_once():
    proof = ask(by="owner", now=NOW)

    assert cancel(Proof, proof.pk, now=NOW)

    proof.refresh_from_db()
    assert (proof.status, proof.finished_at) == (Proof.Status.CANCELLED, NOW)
    assert not calculate(proof.pk, clock=clock)
    assert not cancel(Proof, proof.pk, now=NOW)


def test_a_running_proof_stops_at_its_next_step():
    load_two()
    proof = ask(by="owner", now=NOW)

    def cancel_halfway(_share: float, step: Step) -> None:
        if step is Step.BUCHDAHL:
            assert cancel(Proof, proof.pk, now=NOW)

    ticks = count()
    calculate(
        proof.pk, clock=lambda: NOW + timedelta(seconds=2 * next(ticks)), watch=cancel_halfway
    )

    proof.refresh_from_db()
    assert (proof.status, proof.result) == (Proof.Status.CANCELLED, None)
    assert 0.5 <= proof.progress < 1


def test_what_breaks_off_is_said_in_the_row():
    load_two()
    proof = ask(by="owner", now=NOW)

    def break_off(_share: float, _step: Step) -> None:
        raise RuntimeError("no more paper")

    with pytest.raises(RuntimeError):
        calculate(proof.pk, clock=clock, watch=break_off)

    proof.refresh_from_db()
    assert proof.status == Proof.Status.FAILED
    assert proof.error == "The calculation broke off: RuntimeError: no more paper"


def test_an_abandoned_proof_is_queued_anew():
    proof = ask(by="owner", now=NOW)
    Proof.objects.update(status=Proof.Status.RUNNING, started_at=NOW, progress=0.4, step="x")

    assert requeue_abandoned(Proof) == 1

    proof.refresh_from_db()
    assert (proof.status, proof.progress, proof.started_at) == (Proof.Status.QUEUED, 0.0, None)


def test_a_scope_without_matches_fails_with_a_sentence():
    proof = ask(by="owner", now=NOW, sport_keys=["soccer_epl"])

    assert calculate(proof.pk, clock=clock)

    proof.refresh_from_db()
    assert proof.status == Proof.Status.FAILED
    assert "import files of football-data.co.uk first" in proof.error
