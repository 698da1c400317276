"""The dialog of a bet: a part of a page that sends to the same form, and records one bet."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from betting.models import Bet, LedgerEntry, Opportunity, StakingSettings
from tests.betting.bet_desk import ADD, a_reader, filled
from tests.factories import make_account

pytestmark = pytest.mark.django_db

LIST = "/admin/betting/opportunity/"
PART = {"hx-request": "true", "accept-language": "en"}


def opened(client: Client, found: Opportunity) -> Any:
    return client.get(f"{ADD}?opportunity={found.pk}", headers=PART)


def sent(client: Client, found: Opportunity, form: dict[str, Any]) -> Any:
    return client.post(f"{ADD}?opportunity={found.pk}", form, headers=PART)


def test_the_dialog_has_the_form_and_nothing_of_a_page(desk: Client, found: Opportunity) -> None:
    make_account("1000")
    StakingSettings.objects.create(cap_bet_pct=2, cap_match_pct=4, cap_day_pct=10)

    text = opened(desk, found).content.decode()

    assert "<html" not in text
    assert 'id="bet-form"' in text
    assert "Suggested stake" in text
    # An expected edge of 1.75 % at 2.30: a quarter of Kelly's 1.346 % of 1000, in steps of 0.50.
    assert 'data-stake="3.00"' in text
    assert "Your caps: 2.0% of the bankroll on a bet, 4.0% on a match, 10.0% on a day." in text
    assert '<input type="hidden" name="wager" value="h2h:home"' in text
    assert "This price was seen" not in text


def test_an_old_price_and_a_refused_one_are_warned_about(desk: Client, found: Opportunity) -> None:
    Opportunity.objects.update(
        price_seen_at=timezone.now() - timedelta(minutes=11), rejection="too_good"
    )

    text = opened(desk, found).content.decode()

    assert "This price was seen 11 min ago. Look at Winamax (FR) before you bet" in text
    assert "A guard refused this price: Too good to be true." in text


@pytest.mark.parametrize(("minutes", "is_warned"), [(12, False), (10, True)])
def test_from_when_a_price_is_old_is_a_setting(
    desk: Client, found: Opportunity, minutes: int, is_warned: bool
) -> None:
    StakingSettings.objects.create(old_price_minutes=minutes)
    Opportunity.objects.update(price_seen_at=timezone.now() - timedelta(minutes=11))
    mark = f'data-old-after="{minutes * 60}"'

    assert ("This price was seen" in opened(desk, found).content.decode()) is is_warned
    for address in (LIST, f"{LIST}{found.pk}/change/"):
        page = desk.get(address).content.decode()
        assert mark in page
        assert ("mp-age is-old" in page) is is_warned


@pytest.mark.parametrize("minutes", [0, 241])
def test_no_price_is_old_at_once_or_never(minutes: int) -> None:
    with pytest.raises(IntegrityError, match="old_price_minutes_in_range"):
        StakingSettings.objects.create(old_price_minutes=minutes)


def test_a_bet_from_the_dialog_is_told_with_a_link(desk: Client, found: Opportunity) -> None:
    make_account("1000")
    form = filled(opened(desk, found), stake="10")

    answer = sent(desk, found, form)

    bet = Bet.objects.get()
    text = answer.content.decode()
    assert (bet.opportunity, bet.odds, bet.stake) == (found, Decimal("2.300"), Decimal("10.00"))
    assert "Recorded: Lens at 2.30." in text
    assert f'href="/admin/betting/bet/{bet.pk}/change/"' in text
    assert "<html" not in text


def test_the_dialog_sent_twice_makes_one_bet_and_says_the_same(
    desk: Client, found: Opportunity
) -> None:
    make_account("1000")
    form = filled(opened(desk, found), stake="10")

    first, second = sent(desk, found, form), sent(desk, found, form)

    assert first.content == second.content
    assert LedgerEntry.objects.filter(kind="stake").count() == Bet.objects.count() == 1


def test_what_is_refused_is_said_in_the_dialog(desk: Client, found: Opportunity) -> None:
    make_account("1000")

    answer = sent(desk, found, filled(opened(desk, found), stake="0", notes="kept"))

    text = answer.content.decode()
    assert "The stake must be above zero and below ten million." in text
    assert "kept</textarea>" in text
    assert "<html" not in text
    assert not Bet.objects.exists()


def test_without_javascript_the_same_address_is_a_page(desk: Client, found: Opportunity) -> None:
    text = desk.get(f"{ADD}?opportunity={found.pk}").content.decode()

    assert "<html" in text
    assert 'id="bet-form"' in text


def test_the_list_and_the_page_open_the_dialog(desk: Client, found: Opportunity) -> None:
    link = f'href="{ADD}?opportunity={found.pk}"'

    for address in (LIST, f"{LIST}{found.pk}/change/"):
        page = desk.get(address).content.decode()
        assert link in page
        assert "data-bet-dialog" in page
        assert 'id="bet-dialog"' in page


def test_who_may_not_bet_is_offered_no_dialog(found: Opportunity) -> None:
    reader = a_reader("view_opportunity", "view_match")

    for address in (LIST, f"{LIST}{found.pk}/change/"):
        assert "data-bet-dialog" not in reader.get(address).content.decode()
    assert opened(reader, found).status_code == 403


def test_what_is_over_cannot_be_bet_on_from_the_list(desk: Client, found: Opportunity) -> None:
    Opportunity.objects.update(closed_at=timezone.now(), closing="withdrawn")

    assert "data-bet-dialog" not in desk.get(f"{LIST}?show=all").content.decode()
