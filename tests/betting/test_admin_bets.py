"""The list of bets in the admin, and what is done with several at once."""

import csv
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betting.models import Bet, BetChange
from tests.betting.bet_desk import LIST, act, said
from tests.clients import parts_of
from tests.factories import make_account, make_bet, make_bookmaker, make_match

CARDS = f"{LIST}summary/"

pytestmark = pytest.mark.django_db


def test_the_list_says_what_was_bet_at_which_odds_and_how_it_ended(desk: Client) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    make_bet(
        "won",
        match=make_match(home_team="Lens", away_team="Lille"),
        odds="2.30",
        stake="10",
        edge_pct=3.5,
        bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)"),
        clv_status="graded",
        clv_reference="pinnacle",
        clv_fair_pct=1.8,
        clv_pct=4.2,
    )

    page = desk.get(LIST).content.decode()

    for words in ("Lens – Lille", "2.30", "Winamax (FR)", "claimed +3.5%", "10.00\xa0€", "Won",
                  "+13.00\xa0€", "+1.8%", "raw +4.2%, Pinnacle"):  # fmt: skip
        assert words in page


def test_the_cards_count_money_and_leave_paper_out(desk: Client) -> None:
    # The contract's table: 5 won at 2.00 and 3 lost at 2.50, each 10: +20 on 80, 62.5 % won.
    make_account("1000")
    for _number in range(5):
        make_bet("won", odds="2.00")
    for _number in range(3):
        make_bet("lost", odds="2.50")
    make_bet("won", odds="9.00", is_paper=True)
    make_bet(stake="15")

    page = desk.get(CARDS)

    summary = page.context["summary"]
    assert summary.balance.bankroll == Decimal("1020.00")
    assert summary.balance.exposure == Decimal("15.00")
    assert (summary.won, summary.lost, summary.pending) == (5, 3, 1)
    text = page.content.decode()
    for words in ("1,020.00\xa0€", "15.00\xa0€ at risk", "+20.00\xa0€", "ROI +25.0%", "5 – 3",
                  "62.5% of them won"):  # fmt: skip
        assert words in text
    assert summary.sentence in text


def test_all_bets_to_choose_are_counted_and_none_is_invented(desk: Client) -> None:
    for _number in range(51):
        make_bet()

    page = desk.get(LIST).content.decode()

    assert "Select all 51 bets" in " ".join(page.split())
    assert "9999999999" not in page


def test_an_empty_desk_has_its_initial_bankroll_and_no_invented_rates(desk: Client) -> None:
    page = desk.get(LIST).content.decode()
    cards = desk.get(CARDS).content.decode()

    assert parts_of(page) == [CARDS]
    assert "1,000.00\xa0€" in cards
    assert "No bet is settled yet." in cards
    assert "No bet here" in page
    assert "0.0%" not in page + cards


def test_filters_narrow_by_end_paper_clv_bookmaker_and_league(desk: Client) -> None:
    won = make_bet("won", clv_status="graded", clv_fair_pct=2.0, clv_reference="consensus")
    lost = make_bet("half_lost", clv_status="graded", clv_fair_pct=-1.0, clv_reference="consensus")
    pushed = make_bet("push", is_paper=True, clv_status="line_moved")
    pending = make_bet(bookmaker=make_bookmaker("winamax_fr"))
    cancelled = make_bet()
    Bet.objects.filter(pk=cancelled.pk).update(cancelled_at=timezone.now())
    Bet.objects.filter(pk=won.pk).update(league="Ligue 1")

    def listed(query: str) -> set[Bet]:
        return set(desk.get(LIST + query).context["cl"].result_list)

    assert listed("") == {won, lost, pushed, pending}
    assert listed("?show=won") == {won}
    assert listed("?show=lost") == {lost}
    assert listed("?show=void") == {pushed}
    assert listed("?show=pending") == {pending}
    assert listed("?show=cancelled") == {cancelled}
    assert listed("?paper=yes") == {pushed}
    assert listed("?paper=no") == {won, lost, pending}
    assert listed("?clv=positive") == {won}
    assert listed("?clv=negative") == {lost}
    assert listed("?clv=missing") == {pushed}
    assert listed("?clv=pending") == {pending}
    assert listed("?bookmaker=winamax_fr") == {pending}
    assert listed("?league=Ligue+1") == {won}
    assert listed(f"?q={won.home_team.replace(' ', '+')}&show=won") == {won}


def test_the_list_asks_the_same_number_of_questions_for_two_bets_and_for_twenty(
    desk: Client,
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(LIST)
        return len(asked)

    make_bet("won", clv_status="graded", clv_fair_pct=2.0, clv_reference="pinnacle")
    make_bet()
    few = questions()
    for number in range(18):
        make_bet("lost" if number % 2 else "", bookmaker=make_bookmaker(f"book_{number}"))

    assert questions() == few


def test_nobody_edits_or_deletes_the_row_itself(desk: Client) -> None:
    bet = make_bet(odds="2.00")

    sent = desk.post(f"/admin/betting/bet/{bet.pk}/change/", {"odds": "3.00"})
    deleted = desk.post(f"/admin/betting/bet/{bet.pk}/delete/", {"post": "yes"})

    assert (sent.status_code, deleted.status_code) == (403, 403)
    assert Bet.objects.get().odds == Decimal("2.000")


@pytest.mark.parametrize("action", ["won", "lost", "push", "void"])
def test_selected_bets_are_settled_and_settled_ones_left(desk: Client, action: str) -> None:
    pending, paper = make_bet(), make_bet(is_paper=True)
    settled = make_bet("half_won")

    page = act(desk, f"settle_{action}", pending, paper, settled)

    assert [Bet.objects.get(pk=bet.pk).result for bet in (pending, paper, settled)] == [
        action, action, "half_won",
    ]  # fmt: skip
    assert said(page)[0].startswith("2 of 3 bets settled as:")
    assert "1 left as they were" in said(page)[0]


def test_cancelling_selected_bets_asks_why_first(desk: Client) -> None:
    one, other = make_bet(), make_bet("won")

    asked = act(desk, "cancel_selected", one, other)
    before = Bet.objects.cancelled().count()
    refused = act(desk, "cancel_selected", one, other, confirmed="yes", reason="")
    done = act(desk, "cancel_selected", one, other, confirmed="yes", reason="Entered twice")

    assert "Cancel these bets?" in asked.content.decode()
    assert before == 0
    assert "This field is required." in refused.content.decode()
    assert Bet.objects.cancelled().count() == 2
    assert said(done) == ["2 bets cancelled, their stakes given back; 0 left as they were."]
    assert BetChange.objects.filter(kind="cancelled", reason="Entered twice").count() == 2


def test_selected_bets_are_exported_as_a_file(desk: Client) -> None:
    chosen = make_bet("won", odds="2.30", notes="=1+1")
    make_bet(odds="7.77")

    answer = desk.post(LIST, {"action": "export_selected", "_selected_action": [chosen.pk]})

    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["odds"], row["result"], row["notes"]) for row in rows] == [
        ("2.300", "won", "'=1+1"),
    ]  # fmt: skip
