"""The page of a bet: its closing line, its end, corrections, and who may."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from betting.models import Bet, BetChange
from tests.betting.bet_desk import ADD, LIST, a_reader, do, page_of, said
from tests.factories import make_account, make_bet, make_bookmaker

pytestmark = pytest.mark.django_db


def test_the_closing_line_is_explained_with_its_numbers(desk: Client) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    bet = make_bet(
        odds="2.30", clv_status="graded", clv_reference="fd_pinnacle", clv_fair_pct=7.3332,
        clv_pct=9.5238, closing_odds=Decimal("2.100"), closing_probability=0.46666,
        closing_minutes=4.2,
    )  # fmt: skip

    page = page_of(desk, bet)

    # 2.30 × 0.46666 − 1 = 0.0733; 2.30 ÷ 2.10 − 1 = 0.0952; 1 ÷ 0.46666 = 2.143.
    for words in (
        "You got a better price than the closing line: +7.3%.",
        "Pinnacle (football-data.co.uk) closed at 2.10, last seen 4 min before kick-off.",
        "that is a probability of 46.7%, fair odds of 2.14.",
        "You took 2.30: 2.30 × 46.7% − 1 = +7.3%.",
        "2.30 ÷ 2.10 − 1 = +9.5%. That flatters, and does not count.",
    ):
        assert words in page


def test_a_grade_that_a_correction_took_away_is_not_shown(desk: Client) -> None:
    bet = make_bet(
        odds="2.30", clv_status="graded", clv_reference="pinnacle", clv_fair_pct=7.3,
        clv_pct=9.5, closing_odds=Decimal("2.100"), closing_probability=0.46666,
    )  # fmt: skip

    do(desk, bet, "correct", **corrected(desk, bet, odds="2.40", reason="Misread"))

    page = page_of(desk, bet)
    assert "+7.3%" not in page
    assert "Not yet: a closing line is captured when the match begins" in page


@pytest.mark.parametrize(
    ("ending", "more", "profit"),
    [
        ("won", {}, "13.00"),
        ("half_won", {}, "6.50"),
        ("push", {}, "0.00"),
        ("half_lost", {}, "-5.00"),
        ("lost", {}, "-10.00"),
        ("void", {}, "0.00"),
        ("dead_heat", {"dead_heat_ways": "2"}, "1.50"),
    ],
)
def test_a_bet_is_settled_with_every_ending(
    desk: Client, ending: str, more: dict[str, str], profit: str
) -> None:
    bet = make_bet(odds="2.30", stake="10")

    do(desk, bet, "settle", ending=ending, final_score="2-1", reason="", **more)

    bet.refresh_from_db()
    assert (bet.result, bet.profit, bet.final_score) == (ending, Decimal(profit), "2-1")
    assert bet.settled_by == "manual"
    assert BetChange.objects.filter(bet=bet, kind="settled", by="owner").exists()


def test_a_dead_heat_without_its_number_is_refused(desk: Client) -> None:
    bet = make_bet()

    page = do(desk, bet, "settle", ending="dead_heat", final_score="1-1")

    bet.refresh_from_db()
    assert bet.status == "pending"
    assert said(page) == ["Say how many shared the dead heat, 2 or more."]
    assert 'value="1-1"' in page.content.decode()


def test_a_settled_bet_is_reopened_with_a_reason(desk: Client) -> None:
    bet = make_bet("won", odds="2.00", stake="10")

    refused = do(desk, bet, "reopen", reason="")
    do(desk, bet, "reopen", reason="The match was interrupted")

    bet.refresh_from_db()
    assert said(refused) == ["Reason: This field is required."]
    assert (bet.status, bet.profit) == ("pending", None)
    assert "The match was interrupted" in page_of(desk, bet)


def corrected(client: Client, bet: Bet, **given: Any) -> dict[str, Any]:
    """The form of a correction as shown, with these values typed over."""
    page = client.get(f"/admin/betting/bet/{bet.pk}/change/")
    form = page.context["correct_form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in (shown | given).items()}


def test_a_correction_is_paid_anew_and_logged_with_what_stood_before(desk: Client) -> None:
    bet = make_bet("won", odds="2.00", stake="10")

    do(desk, bet, "correct", **corrected(desk, bet, odds="2.50", reason="Misread the slip"))

    bet.refresh_from_db()
    assert (bet.odds, bet.profit) == (Decimal("2.500"), Decimal("15.00"))
    change = BetChange.objects.filter(bet=bet, kind="corrected").get()
    assert (change.before["odds"], change.after["odds"], change.by) == ("2", "2.5", "owner")
    page = page_of(desk, bet)
    assert re.search(r"Odds</span> 2\.00 → 2\.50", page)
    assert "Misread the slip" in page


def test_a_corrected_bookmaker_brings_its_commission(desk: Client) -> None:
    exchange = make_bookmaker("betfair_ex_eu", commission=Decimal("0.05"))
    bet = make_bet("won", odds="2.00", stake="10")

    do(desk, bet, "correct", **corrected(desk, bet, bookmaker=exchange.pk, reason="Wrong place"))

    bet.refresh_from_db()
    assert (bet.bookmaker, bet.commission, bet.profit) == (
        exchange, Decimal("0.050"), Decimal("9.50"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"odds": "0.9", "reason": "x"}, "Decimal odds are above 1 and at most 10000."),
        ({"odds": "2.50", "reason": ""}, "Reason: This field is required."),
        ({"reason": "x"}, "Nothing was changed: change a value before you save."),
    ],
)
def test_a_refused_correction_keeps_what_was_typed_and_writes_nothing(
    desk: Client, typed: dict[str, str], sentence: str
) -> None:
    bet = make_bet(odds="2.00", notes="two\nlines")

    page = do(desk, bet, "correct", **corrected(desk, bet, **typed))

    assert said(page) == [sentence]
    assert page.context["correct_form"]["odds"].value() in {typed.get("odds"), "2.000"}
    assert Bet.objects.get().odds == Decimal("2.000")
    assert set(BetChange.objects.values_list("kind", flat=True)) == {"placed"}


def test_a_bet_is_cancelled_and_restored(desk: Client) -> None:
    account = make_account("1000")
    bet = make_bet(stake="10")

    do(desk, bet, "cancel", reason="Entered twice")
    cancelled_at = Bet.objects.get().cancelled_at
    after = account.entries.total()
    do(desk, bet, "restore")

    assert cancelled_at is not None
    assert after == Decimal("1000.00")
    assert Bet.objects.get().cancelled_at is None
    assert account.entries.total() == Decimal("990.00")


def test_a_page_that_does_not_exist_leads_back(desk: Client) -> None:
    assert desk.get("/admin/betting/bet/999999999/change/").status_code == 302
    assert desk.post("/admin/betting/bet/999999999/settle", {"ending": "won"}).status_code == 302


@pytest.mark.parametrize("address", ["", "add/", "{pk}/change/"])
def test_a_stranger_is_sent_to_sign_in(address: str) -> None:
    bet = make_bet()

    answer = Client().get(LIST + address.format(pk=bet.pk))

    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


@pytest.mark.parametrize("what", ["settle", "reopen", "correct", "cancel", "restore"])
def test_a_reader_sees_bets_and_changes_none(what: str) -> None:
    reader, bet = a_reader("view_bet"), make_bet()

    page = page_of(reader, bet)
    refused = reader.post(
        f"/admin/betting/bet/{bet.pk}/{what}", {"ending": "won", "reason": "x", "odds": "3"}
    )

    assert f'/{bet.pk}/{what}"' not in page
    assert refused.status_code == 403
    assert reader.get(ADD).status_code == 403
    assert "settle_won" not in reader.get(LIST).content.decode()
    assert BetChange.objects.count() == 1


@pytest.mark.parametrize("what", ["settle", "reopen", "correct", "cancel", "restore"])
def test_buttons_answer_only_what_is_sent_with_its_token(desk: Client, what: str) -> None:
    bet = make_bet()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="owner"))
    address = f"/admin/betting/bet/{bet.pk}/{what}"

    assert strict.post(address, {"ending": "won", "reason": "x"}).status_code == 403
    assert strict.post(ADD, {}).status_code == 403
    assert desk.get(address).status_code == 405
    assert BetChange.objects.count() == 1
