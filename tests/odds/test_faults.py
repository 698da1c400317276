"""Every fault of the source over real HTTP: a clear row, nobody else's quote lost, recovery."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from odds import collector, gate
from odds.models import Collection, CollectionSettings, LatestQuote
from odds.simulator.faults import NAMES, SPOILT_QUOTES, Fault
from odds.simulator.server import Server, build_server
from odds.simulator.sources import DEFAULT_ANCHOR, SimulatedSource
from tests.factories import make_sport

HOLDS = 20  # seconds, longer than is waited for
KEY = "abadcafeabadcafeabadcafeabadcafe"
EPL, LA_LIGA = "soccer_epl", "soccer_spain_la_liga"
EXPECTED = {
    "invalid_key": ("wrong_key", "refused the key"),
    "out_of_credits": ("out_of_credits", "credits at The Odds API are used up"),
    "rate_limited": ("rate_limited", "fewer calls a second"),
    "unprocessable": ("bad_request", "Invalid markets: h2h"),
    "server_error": ("unavailable", "HTTP 500"),
    "timeout": ("unavailable", "did not answer within 4 seconds"),
    "truncated": ("malformed", "not complete JSON"),
    "malformed": ("malformed", "The Odds API"),
    "disconnect": ("unavailable", "could not be reached"),
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Server]:
    source = SimulatedSource(seed=1, speed=60, anchor=DEFAULT_ANCHOR)
    with build_server(source, port=0, quota=0) as server:
        settings.ODDS_API_BASE_URL = server.url
        settings.ODDS_API_KEY = KEY
        CollectionSettings.objects.create(timeout_seconds=4, minimum_interval_seconds=60)
        yield server


def collect(sport_key: str, *, is_forced: bool = True) -> Collection:
    make_sport(key=sport_key, is_collected=True)
    return collector.collect_sport(
        sport_key, clock=timezone.now, reason="command", is_forced=is_forced
    )


def test_every_fault_of_the_simulator_is_expected_here():
    assert set(NAMES) == EXPECTED.keys() | SPOILT_QUOTES.keys()


@pytest.mark.parametrize("fault", EXPECTED.keys() - {"out_of_credits"})
def test_a_spoilt_call_leaves_a_clear_row_and_everything_else_as_it_was(
    simulator: Server, fault: str
):
    collect(EPL)
    before = LatestQuote.objects.count()
    simulator.faults.add(Fault(fault=fault, sport=EPL, times=1, seconds=HOLDS))

    spoilt, other = collect(EPL), collect(LA_LIGA)
    kept = LatestQuote.objects.filter(match__sport__key=EPL).count()
    recovered = collect(EPL)

    failure, message = EXPECTED[fault]
    assert (spoilt.status, spoilt.failure) == ("failed", failure)
    assert message in spoilt.error
    assert KEY not in spoilt.error
    assert other.status == recovered.status == "stored"
    assert other.quotes_stored > 0
    assert kept == before > 0


def test_credits_that_are_gone_stop_every_call_until_the_reset(simulator: Server):
    simulator.faults.add(Fault(fault="out_of_credits", sport=EPL, times=1))

    spoilt = collect(EPL)

    assert (spoilt.failure, spoilt.credits_remaining) == ("out_of_credits", 0)
    assert EXPECTED["out_of_credits"][1] in spoilt.error
    with pytest.raises(gate.CollectionRefusedError, match="0 credits are left"):
        collect(LA_LIGA, is_forced=False)
    assert gate.due_sport_keys(spoilt.started_at + timedelta(days=1)) == []


def test_a_forced_call_learns_that_the_account_was_refilled(simulator: Server):
    simulator.faults.add(Fault(fault="out_of_credits", sport=EPL, times=1))
    collect(EPL)

    refilled = collect(EPL)

    assert (refilled.status, refilled.credits_remaining) == ("stored", 99_999_999)
    assert collect(LA_LIGA, is_forced=False).status == "stored"


@pytest.mark.parametrize("fault", ["server_error", "truncated", "disconnect", "rate_limited"])
def test_a_passing_fault_is_tried_again_at_the_next_tick(simulator: Server, fault: str):
    simulator.faults.add(Fault(fault=fault, sport=EPL, times=1))
    spoilt = collect(EPL)

    due = gate.due_at(spoilt.sport, spoilt.started_at, gate.terms_at(spoilt.started_at))

    assert due - spoilt.started_at == timedelta(seconds=20)
    assert gate.due_sport_keys(due) == [EPL]


@pytest.mark.parametrize("fault", SPOILT_QUOTES)
def test_spoilt_quotes_cost_only_themselves(simulator: Server, fault: str):
    whole = collect(EPL)
    simulator.faults.add(Fault(fault=fault, sport=EPL, times=1))

    spoilt = collect(EPL)
    incomplete = LatestQuote.objects.filter(odds_x=None).count()
    recovered = collect(EPL)

    assert {whole.status, spoilt.status, recovered.status} == {"stored"}
    accepted = spoilt.quotes_stored + spoilt.quotes_unchanged
    spoilt_quotes = {
        "missing_outcomes": incomplete,
        "suspended": whole.quotes_received - spoilt.quotes_received,
        "bad_bookmaker": spoilt.quotes_rejected,
    }
    assert accepted > 0
    assert 0 < spoilt_quotes[fault] < whole.quotes_received
    assert recovered.quotes_rejected == 0


def test_a_slow_source_does_not_hold_the_next_sport_longer_than_the_timeout(simulator: Server):
    simulator.faults.add(Fault(fault="timeout", times=1, seconds=HOLDS))
    started = time.monotonic()

    collect(EPL)

    assert time.monotonic() - started < HOLDS
