"""The bankroll in the admin: accounts, movements, the ledger, the proof and the settings."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betting.admin import bankroll_page
from betting.models import Account, Bet, LedgerEntry, SettlementSettings, StakingSettings
from tests.factories import NOON, make_account, make_bet, make_bookmaker

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
PROOF = "/admin/betting/account/proof/"
ACCOUNTS = "/admin/betting/account/"
LEDGER = "/admin/betting/ledgerentry/"


@pytest.fixture
def desk() -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def do(client: Client, account: Account, what: str, **sent: Any) -> Any:
    return client.post(f"{ACCOUNTS}{account.pk}/{what}", sent, follow=True)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_each_account_shows_what_is_available_at_risk_and_both(desk: Client) -> None:
    winamax = make_bookmaker("winamax_fr", title="Winamax (FR)")
    make_account("1000")
    make_account("200", bookmaker=winamax)
    make_bet(stake="30", bookmaker=winamax)
    make_bet(stake="15")
    make_bet(stake="99", is_paper=True)

    page = desk.get(ACCOUNTS)

    shown = {
        account.name: (account.available, account.exposure)
        for account in page.context["cl"].result_list
    }
    assert shown == {
        "Cash": (Decimal(985), Decimal(15)),
        "Winamax (FR)": (Decimal(170), Decimal(30)),
    }
    text = page.content.decode()
    for amount in ("1,200.00", "1,155.00", "45.00", "170.00"):
        assert f"{amount}\xa0€" in text


def test_the_ledger_is_proved_in_one_sentence(desk: Client) -> None:
    account = make_account("1000")
    make_bet("won", odds="2.00", stake="10")
    do(desk, account, "post", kind="deposit", amount="50")

    page = desk.get(PROOF).content.decode()

    assert f'hx-get="{PROOF}"' in desk.get(ACCOUNTS).content.decode()
    assert (
        "The ledger is proved: 1,000.00\xa0€ at the beginning, +50.00\xa0€ put in or taken out, "
        "+10.00\xa0€ from settled bets, less 0.00\xa0€ at risk make 1,060.00\xa0€"
    ) in page


def test_a_ledger_that_disagrees_names_the_bets(desk: Client) -> None:
    make_account("1000")
    bet = make_bet(stake="10")
    Bet.objects.filter(pk=bet.pk).update(stake=Decimal(11), risk=Decimal(11))

    page = desk.get(PROOF).content.decode()

    assert "The ledger is not proved" in page
    assert f'href="/admin/betting/bet/{bet.pk}/change/">{bet.pk}</a>' in page


def test_the_curve_holds_money_put_in_apart_from_profit() -> None:
    make_account("1000", at=NOON)
    make_bet("won", odds="2.50", stake="20", settled_at=NOON + timedelta(hours=1))
    make_bet("lost", stake="10", settled_at=NOON + timedelta(hours=2))
    make_bet("lost", stake="500", is_paper=True, settled_at=NOON + timedelta(hours=3))
    make_bet(stake="400")

    page = bankroll_page.read(now=NOON + timedelta(hours=4))

    assert page.curve is not None
    assert page.curve["bankroll"] == [(0, 1000.0), (3600, 1030.0), (7200, 1020.0), (14400, 1020.0)]
    assert {amount for _at, amount in page.curve["put_in"]} == {1000.0}
    assert page.curve["bankroll"][-1][1] == float(page.balance.bankroll)
    assert page.drawdown_pct == pytest.approx(100 * 10 / 1030)


def test_a_curve_of_many_changes_is_drawn_day_by_day() -> None:
    make_account("1000", at=NOON)
    for hours in (1, 2, 25, 26):
        make_bet("won", odds="2.00", stake="10", settled_at=NOON + timedelta(hours=hours))

    curve = bankroll_page.read(now=NOON + timedelta(days=2), points=3).curve

    assert curve is not None
    assert [amount for _at, amount in curve["bankroll"]] == [1020.0, 1040.0, 1040.0]


def test_without_a_second_change_there_is_nothing_to_draw(desk: Client) -> None:
    page = desk.get(ACCOUNTS)

    assert page.context["bankroll"].curve is None
    assert "Nothing to draw yet" in page.content.decode()
    assert "No bet is settled yet." in page.content.decode()


def test_an_account_is_opened_with_what_lies_there(desk: Client) -> None:
    winamax = make_bookmaker("winamax_fr", title="Winamax (FR)")

    page = desk.post(f"{ACCOUNTS}add/", {"bookmaker": winamax.pk, "balance": "250.50"}, follow=True)

    account = Account.objects.get(bookmaker=winamax)
    assert account.entries.get().amount == Decimal("250.50")
    assert account.entries.get().recorded_by == "owner"
    assert said(page) == ["The account Winamax (FR) is open."]


@pytest.mark.parametrize("balance", ["-1", "", "much"])
def test_an_impossible_balance_opens_no_account(desk: Client, balance: str) -> None:
    bookmaker = make_bookmaker()

    page = desk.post(f"{ACCOUNTS}add/", {"bookmaker": bookmaker.pk, "balance": balance})

    assert page.status_code == 200
    assert page.context["form"].errors["balance"]
    assert page.context["form"]["bookmaker"].value() == str(bookmaker.pk)
    assert not Account.objects.filter(bookmaker=bookmaker).exists()


def test_a_bookmaker_with_an_account_is_not_offered_a_second(desk: Client) -> None:
    taken = make_bookmaker("winamax_fr")
    make_account("5", bookmaker=taken)

    page = desk.post(f"{ACCOUNTS}add/", {"bookmaker": taken.pk, "balance": "5"})

    assert page.context["form"].errors["bookmaker"]
    assert Account.objects.filter(bookmaker=taken).count() == 1


@pytest.mark.parametrize(
    ("kind", "amount", "balance"),
    [
        ("deposit", "50", "1050.00"),
        ("withdrawal", "50", "950.00"),
        ("bonus", "5.55", "1005.55"),
        ("adjustment", "-0.45", "999.55"),
    ],
)
def test_money_enters_and_leaves(desk: Client, kind: str, amount: str, balance: str) -> None:
    account = make_account("1000")

    do(desk, account, "post", kind=kind, amount=amount, note="By card")

    entry = LedgerEntry.objects.get(kind=kind)
    assert account.entries.total() == Decimal(balance)
    assert (entry.recorded_by, entry.note) == ("owner", "By card")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "withdrawal", "amount": "1000.01"}, "Only 1000.00 is available in Cash"),
        ({"kind": "deposit", "amount": "-5"}, "The amount must be above zero."),
        ({"kind": "adjustment", "amount": "0"}, "An adjustment of zero changes nothing."),
        ({"kind": "stake", "amount": "5"}, "Kind: Select a valid choice."),
        ({"kind": "deposit", "amount": "1.234"}, "Amount: Ensure that there are no more than 2"),
    ],
)
def test_a_refused_movement_keeps_what_was_typed_and_posts_nothing(
    desk: Client, sent: dict[str, str], sentence: str
) -> None:
    account = make_account("1000")

    page = do(desk, account, "post", **sent, note="kept")

    assert said(page)[0].startswith(sentence)
    assert page.context["post_form"]["amount"].value() == sent["amount"]
    assert page.context["post_form"]["note"].value() == "kept"
    assert account.entries.count() == 1


def test_money_is_transferred_and_a_transfer_undone_as_a_whole(desk: Client) -> None:
    cash = make_account("1000")
    winamax = make_account("0", bookmaker=make_bookmaker("winamax_fr"))

    do(desk, cash, "transfer", target=winamax.pk, amount="300")
    moved = (cash.entries.total(), winamax.entries.total())
    half = winamax.entries.get(kind="transfer")
    desk.post(f"{LEDGER}{half.pk}/undo", {"reason": "Wrong account"})

    assert moved == (Decimal(700), Decimal(300))
    assert (cash.entries.total(), winamax.entries.total()) == (Decimal(1000), Decimal(0))
    assert LedgerEntry.objects.filter(kind="reversal", note="Wrong account").count() == 2


def test_a_transfer_to_itself_is_not_offered(desk: Client) -> None:
    cash = make_account("1000")

    page = do(desk, cash, "transfer", target=cash.pk, amount="10")

    assert said(page) == [
        "To: Select a valid choice. That choice is not one of the available choices."
    ]
    assert not LedgerEntry.objects.filter(kind="transfer").exists()


def test_an_entry_is_undone_once_and_says_so(desk: Client) -> None:
    account = make_account("1000")
    do(desk, account, "post", kind="deposit", amount="50")
    deposit = LedgerEntry.objects.get(kind="deposit")
    address = f"{LEDGER}{deposit.pk}/"

    without_reason = desk.post(f"{address}undo", {"reason": ""}, follow=True)
    undone = desk.post(f"{address}undo", {"reason": "Twice"}, follow=True)
    again = desk.post(f"{address}undo", {"reason": "Twice"}, follow=True)

    assert said(without_reason) == ["Reason: This field is required."]
    assert said(undone) == ["Undone: the ledger now shows both movements."]
    assert said(again) == ["This movement was undone already."]
    assert account.entries.total() == Decimal(1000)
    page = desk.get(f"{address}change/").content.decode()
    assert "This movement was undone." in page
    assert f"{address}undo" not in page


def test_a_bets_money_is_not_undone_here(desk: Client) -> None:
    make_bet(stake="10")
    stake = LedgerEntry.objects.get(kind="stake")

    page = desk.post(f"{LEDGER}{stake.pk}/undo", {"reason": "x"}, follow=True)

    assert said(page) == ["A bet's money is moved by correcting the bet."]
    assert LedgerEntry.objects.filter(kind="reversal").count() == 0


def test_every_kind_of_movement_is_named(desk: Client) -> None:
    make_account("1000")
    make_bet("won")

    page = desk.get(LEDGER).content.decode()

    assert [kind in page for kind in ("Initial balance", "Stake", "Payout")] == [True] * 3


def test_the_ledger_is_filtered_and_asks_few_questions(desk: Client) -> None:
    account = make_account("1000")
    for _number in range(12):
        make_bet("won")

    with CaptureQueriesContext(connection) as asked:
        page = desk.get(f"{LEDGER}?kind__exact=payout&account__id__exact={account.pk}")

    assert len(page.context["cl"].result_list) == 12
    assert len(asked) <= 6  # session, user, currency, accounts of the filter, entries


def test_the_accounts_ask_the_same_number_of_questions_however_many(desk: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(ACCOUNTS)
        return len(asked)

    make_account("1000")
    make_bet("won")
    few = questions()
    for number in range(9):
        bookmaker = make_bookmaker(f"book_{number}")
        make_account("10", bookmaker=bookmaker)
        make_bet("lost", stake="1", bookmaker=bookmaker)

    assert questions() == few


@pytest.mark.parametrize("address", [ACCOUNTS, f"{ACCOUNTS}add/", LEDGER])
def test_a_stranger_is_sent_to_sign_in(address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


def test_a_reader_moves_no_money() -> None:
    account = make_account("1000")
    user = User.objects.create(username="reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_account"))
    reader = Client()
    reader.force_login(user)

    page = reader.get(f"{ACCOUNTS}{account.pk}/change/").content.decode()
    posted = reader.post(f"{ACCOUNTS}{account.pk}/post", {"kind": "deposit", "amount": "5"})
    opened = reader.get(f"{ACCOUNTS}add/")

    assert f"{ACCOUNTS}{account.pk}/post" not in page
    assert (posted.status_code, opened.status_code) == (403, 403)
    assert account.entries.total() == Decimal(1000)


def test_money_moves_only_with_the_sessions_token(desk: Client) -> None:
    account = make_account("1000")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="owner"))

    answer = strict.post(f"{ACCOUNTS}{account.pk}/post", {"kind": "deposit", "amount": "5"})

    assert answer.status_code == 403
    assert account.entries.total() == Decimal(1000)


@pytest.mark.parametrize(
    ("model", "field", "good", "bad"),
    [
        (StakingSettings, "cap_bet_pct", 3.5, 101),
        (SettlementSettings, "postponed_void_hours", 72, 721),
    ],
)
def test_settings_are_saved_and_out_of_range_ones_refused(
    desk: Client, model: Any, field: str, good: float, bad: float
) -> None:
    address = f"/admin/betting/{model.__name__.lower()}/1/change/"
    form = desk.get(address).context["adminform"].form
    values = {key: form.initial[key] for key in form.fields if form.initial[key] is not False}

    refused = desk.post(address, values | {field: bad})
    saved = desk.post(address, values | {field: good})

    assert (refused.status_code, saved.status_code) == (200, 302)
    assert getattr(model.objects.get(), field) == good


def test_the_curve_ends_now(desk: Client) -> None:
    make_account("1000")
    make_bet("won", settled_at=NOON + timedelta(hours=1))

    curve = desk.get(ACCOUNTS).context["bankroll"].curve

    assert curve["start"] + curve["end"] >= timezone.now().timestamp() - 5
