"""Bookmakers by the names people write."""

import pytest

from betting.bets.bookmaker_names import bookmaker_named, find_bookmaker
from betting.bets.checks import BetRefusedError
from odds.catalogue import seed
from odds.models import Bookmaker
from tests.factories import make_bookmaker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Betclic", "betclic_fr"),
        ("betclic", "betclic"),  # a key as it is written
        ("betclic_fr", "betclic_fr"),
        ("BETCLIC_FR", "betclic_fr"),
        ("Betclic (FR)", "betclic_fr"),
        ("Winamax", "winamax_fr"),
        ("winamax", "winamax_fr"),
        ("ParionsSport", "parionssport_fr"),
        ("Parions Sport", "parionssport_fr"),
        ("Unibet", "unibet_fr"),
        ("PMU", "pmu_fr"),
        ("NetBet", "netbet_fr"),
        ("Betsson", "betsson"),
        ("Betfair", "betfair_ex_eu"),
        (" pinnacle ", "pinnacle"),
        ("william hill", "williamhill"),
    ],
)
def test_a_name_means_a_known_bookmaker(name: str, key: str):
    seed()
    known = Bookmaker.objects.count()

    assert bookmaker_named(name).key == key

    assert Bookmaker.objects.count() == known


def test_a_brand_that_is_not_stored_yet_comes_from_the_catalogue():
    make_bookmaker("betclic", title="Betclic")

    found = bookmaker_named("Betclic")

    assert (found.key, found.operator, found.is_playable) == ("betclic_fr", "betclic", True)


def test_an_unknown_name_becomes_a_bookmaker_of_its_own_operator():
    found = bookmaker_named("Café de la Gare")

    assert (found.key, found.title, found.operator) == (
        "cafe_de_la_gare",
        "Café de la Gare",
        "cafe_de_la_gare",
    )
    assert bookmaker_named("café de la gare") == found
    assert bookmaker_named("CAFE_DE_LA_GARE") == found


def test_of_a_shared_title_the_playable_bookmaker_is_meant():
    make_bookmaker("a_shop", title="Shop")
    playable = make_bookmaker("b_shop", title="Shop", is_playable=True)

    assert bookmaker_named("shop") == playable


def test_looking_for_a_name_adds_nothing():
    assert find_bookmaker("Nobody") is None
    assert find_bookmaker("Betclic") is None
    assert not Bookmaker.objects.exists()


@pytest.mark.parametrize("name", ["!!!", "Ω", "x" * 61])
def test_a_name_that_makes_no_key_is_refused(name: str):
    with pytest.raises(BetRefusedError, match="at most 60 letters"):
        bookmaker_named(name)


def test_nobody_bets_with_an_average():
    make_bookmaker("market_average", title="Average", kind="aggregate")

    with pytest.raises(BetRefusedError, match="Nobody can bet with Average"):
        bookmaker_named("Average")
