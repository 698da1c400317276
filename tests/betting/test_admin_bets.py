"""Bets in the admin: recording, settling, correcting, cancelling, and who may."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betting.models import Bet, BetChange, LedgerEntry, Opportunity, StakingSettings
from odds.models import Match
from tests.factories import make_account, make_bet, make_bookmaker, make_match, make_opportunity

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
LIST = "/admin/betting/bet/"
ADD = "/admin/betting/bet/add/"


@pytest.fixture
def desk() -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def coming() -> Match:
    return make_match(
        home_team="Lens", away_team="Lille", commence_time=timezone.now() + timedelta(hours=3)
    )


@pytest.fixture
def found(coming: Match) -> Opportunity:
    """2.30 at Winamax against a fair probability of 0.45, seen three minutes ago."""
    return make_opportunity(
        match=coming,
        best_bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True),
        price_seen_at=timezone.now() - timedelta(minutes=3),
    )


def a_reader(*codenames: str) -> Client:
    """Someone with these permissions and no others."""
    user = User.objects.create(username="reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client(headers=ENGLISH)
    client.force_login(user)
    return client


def filled(page: Any, **given: Any) -> dict[str, Any]:
    """What a browser sends: the form as it was shown, with these values typed over."""
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in (shown | given).items()}
    return {name: value for name, value in sent.items() if value is not False}


def page_of(client: Client, bet: Bet) -> str:
    page = client.get(f"/admin/betting/bet/{bet.pk}/change/")
    assert page.status_code == 200
    return str(page.content.decode())


def do(client: Client, bet: Bet, what: str, **sent: Any) -> Any:
    return client.post(f"/admin/betting/bet/{bet.pk}/{what}", sent, follow=True)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def act(client: Client, action: str, *bets: Bet, **sent: Any) -> Any:
    chosen = {"action": action, "_selected_action": [bet.pk for bet in bets]}
    return client.post(LIST, chosen | sent, follow=True)


# The list


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

    page = desk.get(LIST)

    summary = page.context["summary"]
    assert summary.balance.bankroll == Decimal("1020.00")
    assert summary.balance.exposure == Decimal("15.00")
    assert (summary.won, summary.lost, summary.pending) == (5, 3, 1)
    text = page.content.decode()
    for words in ("1,020.00\xa0€", "15.00\xa0€ at risk", "+20.00\xa0€", "ROI +25.0%", "5 – 3",
                  "62.5% of them won"):  # fmt: skip
        assert words in text
    assert summary.sentence in text


def test_an_empty_desk_has_its_initial_bankroll_and_no_invented_rates(desk: Client) -> None:
    page = desk.get(LIST).content.decode()

    assert "1,000.00\xa0€" in page
    assert "No bet is settled yet." in page
    assert "No bet here" in page
    assert "0.0%" not in page


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


# A new bet


def test_an_opportunity_fills_the_form_and_says_how_much_to_stake(
    desk: Client, found: Opportunity
) -> None:
    make_account("1000")

    page = desk.get(f"{ADD}?opportunity={found.pk}")

    text = page.content.decode()
    shown = filled(page)
    assert shown["wager"] == "h2h:home"
    assert shown["odds"] == Decimal("2.300")
    # By hand: an expected edge of 1.75 % at 2.30 is a Kelly fraction of 0.0175 / 1.3 = 1.346 %;
    # a quarter of it of 1000 is 3.37, in steps of 0.50 downwards 3.00.
    assert shown["stake"] == Decimal("3.00")
    assert "1.35%" in text
    assert "Computed on the expected edge" in text
    assert "+3.5% → +1.8%" in text
    assert "This price was seen" not in text


def test_the_suggestion_says_which_limit_cut_it(desk: Client, found: Opportunity) -> None:
    make_account("1000")
    StakingSettings.objects.create(cap_bet_pct=0.1)

    page = desk.get(f"{ADD}?opportunity={found.pk}")

    assert filled(page)["stake"] == Decimal("1.00")
    assert "Cut by the most you allow on one bet." in page.content.decode()


def test_an_old_price_is_warned_about(desk: Client, found: Opportunity) -> None:
    Opportunity.objects.update(price_seen_at=timezone.now() - timedelta(minutes=11))

    page = desk.get(f"{ADD}?opportunity={found.pk}").content.decode()

    assert "This price was seen 11 min ago. Look at Winamax (FR) before you bet" in page


@pytest.mark.parametrize("query", ["?opportunity=0", "?opportunity=x", "?opportunity=-1", ""])
def test_the_form_opens_without_an_opportunity(desk: Client, query: str) -> None:
    page = desk.get(ADD + query)

    assert page.status_code == 200
    assert page.context["page"].basis is None


def test_a_bet_on_an_opportunity_keeps_whose_fair_price_chose_it(
    desk: Client, found: Opportunity
) -> None:
    page = desk.get(f"{ADD}?opportunity={found.pk}")

    answer = desk.post(ADD, filled(page, stake="10", odds="2.25"), follow=True)

    bet = Bet.objects.get()
    assert (bet.match, bet.opportunity, bet.reference) == (found.match, found, "pinnacle")
    assert (bet.odds, bet.stake, bet.account.name) == (Decimal("2.250"), Decimal("10.00"), "Cash")
    assert bet.edge_pct == pytest.approx(100 * (0.45 * 2.25 - 1))
    assert said(answer) == ["Recorded: Lens at 2.25."]
    assert BetChange.objects.get().by == "owner"


def test_another_outcome_is_no_longer_a_bet_on_the_opportunity(
    desk: Client, found: Opportunity
) -> None:
    page = desk.get(f"{ADD}?opportunity={found.pk}")

    desk.post(ADD, filled(page, stake="10", wager="h2h:draw"))

    bet = Bet.objects.get()
    assert (bet.outcome, bet.opportunity, bet.edge_pct, bet.reference) == ("draw", None, None, "")


def test_a_form_sent_twice_makes_one_bet(desk: Client, found: Opportunity) -> None:
    sent = filled(desk.get(f"{ADD}?opportunity={found.pk}"), stake="10")

    first, second = desk.post(ADD, sent), desk.post(ADD, sent)

    bet = Bet.objects.get()
    assert first.url == second.url == f"/admin/betting/bet/{bet.pk}/change/"
    assert LedgerEntry.objects.filter(kind="stake").count() == 1


def test_a_form_changed_and_sent_again_asks_before_it_makes_another(
    desk: Client, found: Opportunity
) -> None:
    sent = filled(desk.get(f"{ADD}?opportunity={found.pk}"), stake="10")
    desk.post(ADD, sent)

    asked = desk.post(ADD, sent | {"stake": "20"})
    again = desk.post(ADD, filled(asked))

    assert f"This form already recorded bet {Bet.objects.earliest('pk').pk}" in (
        asked.content.decode()
    )
    assert again.status_code == 302
    assert sorted(Bet.objects.values_list("stake", flat=True)) == [Decimal(10), Decimal(20)]


def test_a_match_nobody_knows_is_typed(desk: Client) -> None:
    bookmaker = make_bookmaker()
    typed = {
        "home_team": "Alcaraz", "away_team": "Sinner", "league": "ATP", "wager": "h2h:home",
        "commence_time": "2026-12-01T15:30", "bookmaker": bookmaker.pk, "odds": "1.85",
        "stake": "10", "is_paper": "on",
    }  # fmt: skip

    desk.post(ADD, filled(desk.get(ADD), **typed))

    bet = Bet.objects.get()
    assert (bet.match, bet.match_name, bet.is_paper) == (None, "Alcaraz – Sinner", True)
    # 15:30 in Paris, the user's zone, is 14:30 UTC in December.
    assert bet.commence_time.isoformat() == "2026-12-01T14:30:00+00:00"
    assert not LedgerEntry.objects.filter(bet=bet).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"odds": "1"}, "Decimal odds are above 1 and at most 10000."),
        ({"stake": "0"}, "The stake must be above zero and below ten million."),
        ({"stake": "5000"}, "Only 1000.00 is available in Cash; 5000.00 is needed."),
        ({"stake": ""}, "This field is required."),
        ({"wager": "totals:over", "line": "2.3"}, "Lines go in quarters, such as 2.5 or 2.75."),
        ({"wager": "totals:over"}, "A goals line is above zero, such as 2.5."),
        ({"wager": "totals:home"}, "Select a valid choice."),
        ({"wager": "other:other"}, "Say in words what was bet on."),
        ({"match": ""}, "Choose the match, or type its home team and its kick-off."),
    ],
)
def test_what_cannot_be_is_said_on_the_form_and_nothing_is_written(
    desk: Client, found: Opportunity, typed: dict[str, str], sentence: str
) -> None:
    page = desk.get(f"{ADD}?opportunity={found.pk}")

    refused = desk.post(ADD, filled(page, **({"stake": "10", "notes": "kept"} | typed)))

    text = refused.content.decode()
    assert refused.status_code == 200
    assert sentence in text
    assert "kept</textarea>" in text
    assert not Bet.objects.exists()
    assert not LedgerEntry.objects.filter(kind="stake").exists()


def test_the_search_for_a_match_finds_those_that_can_still_be_bet_on(
    desk: Client, coming: Match
) -> None:
    make_match(home_team="Lens", commence_time=timezone.now() - timedelta(days=30))
    address = "/admin/autocomplete/?app_label=betting&model_name=bet&field_name=match&term=lens"

    found = desk.get(address).json()["results"]

    assert found == [{"id": str(coming.pk), "text": "Lens – Lille"}]


@pytest.mark.parametrize("kind", ["opportunity", "match"])
def test_the_pages_of_an_opportunity_and_of_its_match_lead_to_the_form(
    desk: Client, found: Opportunity, kind: str
) -> None:
    address = {
        "opportunity": f"/admin/betting/opportunity/{found.pk}/change/",
        "match": f"/admin/odds/match/{found.match_id}/change/",
    }[kind]

    assert f"{ADD}?opportunity={found.pk}" in desk.get(address).content.decode()

    Opportunity.objects.update(closed_at=timezone.now(), closing="withdrawn")
    assert f"{ADD}?opportunity={found.pk}" not in desk.get(address).content.decode()


# The page of a bet


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
    assert re.search(r"Odds:</span> 2\.00 → 2\.50", page)
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
    assert desk.get("/admin/betting/bet/999/change/").status_code == 302
    assert desk.post("/admin/betting/bet/999/settle", {"ending": "won"}).status_code == 302


# Actions on the list


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


# Who may


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
