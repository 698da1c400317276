"""The first steps: each is done by what it asks for, and all of them done are shown no more."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from betting.bankroll import ledger
from betting.models import LedgerEntry
from monps import first_steps
from tests.factories import NOON, make_bet, make_bookmaker

pytestmark = pytest.mark.django_db

KEY, SPORTS, BANKROLL, PLAYABLE, MAIL = range(5)


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    settings.SIMULATED, settings.ODDS_API_KEY = False, ""
    settings.EMAIL_HOST, settings.EMAIL_TO = "", []
    ledger.cash_account(now=NOON)
    make_bookmaker()


def done(*, has_sports: bool = False) -> set[int]:
    steps = first_steps.left(has_sports=has_sports)
    return {place for place, step in enumerate(steps) if step.is_done}


def test_a_fresh_installation_has_everything_before_it() -> None:
    assert done() == set()
    assert len(first_steps.left(has_sports=False)) == 5


@pytest.mark.parametrize(("name", "value"), [("SIMULATED", True), ("ODDS_API_KEY", "a key")])
def test_odds_come_from_the_simulator_or_with_a_key(settings: Any, name: str, value: Any) -> None:
    setattr(settings, name, value)

    assert done() == {KEY}


def test_a_collected_sport_is_a_chosen_one() -> None:
    assert done(has_sports=True) == {SPORTS}


def adjusted() -> None:
    ledger.post(ledger.cash_account(now=NOON), "adjustment", Decimal(-500), now=NOON)


def opened() -> None:
    ledger.open_account(make_bookmaker("unibet_fr"), initial=Decimal(200), now=NOON)


def bet_on() -> None:
    make_bet(at=NOON - timedelta(hours=1))


@pytest.mark.parametrize("act", [adjusted, opened, bet_on])
def test_the_bankroll_is_set_by_hand_by_an_account_or_by_a_bet(act: Callable[[], None]) -> None:
    assert LedgerEntry.objects.get().amount == 1000  # assumed, not set

    act()

    assert done() == {BANKROLL}


def test_a_bookmaker_to_bet_with_is_marked() -> None:
    make_bookmaker("winamax_fr", is_playable=True)

    assert done() == {PLAYABLE}


@pytest.mark.parametrize(
    ("host", "to", "is_done"),
    [("mail.example.org", ["a@example.org"], True), ("mail.example.org", [], False)],
)
def test_mail_needs_a_server_and_somebody_to_write_to(
    settings: Any, host: str, to: list[str], is_done: bool
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_TO = host, to

    assert done() == ({MAIL} if is_done else set())


def test_the_list_disappears_when_all_is_done(settings: Any) -> None:
    settings.ODDS_API_KEY = "a key"
    settings.EMAIL_HOST, settings.EMAIL_TO = "mail.example.org", ["a@example.org"]
    make_bookmaker("winamax_fr", is_playable=True)
    adjusted()

    assert len(first_steps.left(has_sports=False)) == 5
    assert first_steps.left(has_sports=True) == []
