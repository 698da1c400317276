"""Recording a bet in the admin: what the form knows, what it refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from betting.models import Bet, BetChange, LedgerEntry, Opportunity, StakingSettings
from odds.models import Match
from tests.betting.bet_desk import ADD, filled, said
from tests.factories import make_account, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


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
