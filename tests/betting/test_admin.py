"""Opportunities in the admin: which come first, how they are filtered, what a page says."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from betting.models import DetectionSettings, Opportunity
from betting.selections import selection
from odds.models import Match
from tests.factories import make_bookmaker, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def coming() -> Match:
    return make_match(
        home_team="Lens", away_team="Lille", commence_time=timezone.now() + timedelta(hours=3)
    )


def listed(client: Client, query: str = "") -> list[Opportunity]:
    page = client.get(f"/admin/betting/opportunity/{query}", headers=ENGLISH)
    return list(page.context["cl"].result_list)


def page_of(client: Client, opportunity: Opportunity) -> Any:
    address = reverse("admin:betting_opportunity_change", args=[opportunity.pk])
    return client.get(address, headers=ENGLISH)


def test_the_list_shows_what_is_on_offer_and_accepted_the_best_edge_first(
    desk: Client, coming: Match
) -> None:
    now = timezone.now()
    small = make_opportunity(match=coming, outcome="home", edge_pct=2.0)
    large = make_opportunity(match=coming, outcome="draw", edge_pct=5.0)
    unknown = make_opportunity(match=coming, outcome="away", edge_pct=None)
    make_opportunity(match=coming, outcome="away", kind="spread")
    make_opportunity(match=coming, market="spreads", outcome="away", rejection="stale")
    make_opportunity(match=coming, market="totals", closed_at=now, closing="withdrawn")
    make_opportunity(match=make_match(commence_time=now - timedelta(minutes=1)))

    assert listed(desk) == [large, small, unknown]


def test_rejected_and_closed_ones_are_listed_on_request(desk: Client, coming: Match) -> None:
    now = timezone.now()
    make_opportunity(match=coming)
    stale = make_opportunity(match=coming, outcome="draw", rejection="stale")
    few = make_opportunity(match=coming, outcome="away", rejection="few_bookmakers")
    closed = make_opportunity(match=coming, market="totals", closed_at=now, closing="withdrawn")

    assert set(listed(desk, "?show=rejected")) == {stale, few}
    assert listed(desk, "?show=closed") == [closed]
    assert listed(desk, "?rejection=stale") == [stale]
    assert len(listed(desk, "?show=all")) == 4


def test_filters_narrow_by_kind_sport_bookmaker_and_where_one_can_bet(
    desk: Client, coming: Match
) -> None:
    playable = make_bookmaker("winamax_fr", is_playable=True)
    other = make_match(
        commence_time=coming.commence_time, sport=make_sport(key="soccer_x", is_collected=True)
    )
    here = make_opportunity(match=coming, best_bookmaker=playable)
    spread = make_opportunity(match=coming, kind="spread")
    there = make_opportunity(match=other)

    assert listed(desk, "?kind=spread") == [spread]
    assert listed(desk, "?sport=soccer_x") == [there]
    assert listed(desk, "?bookmaker=winamax_fr") == [here]
    assert listed(desk, "?playable=True") == [here]
    assert listed(desk, f"?match__id__exact={other.pk}") == [there]
    assert listed(desk, "?q=lille") == [here]
    assert listed(desk, "?q=lille&kind=all") == [here, spread]


def test_each_tab_leads_to_what_it_names(desk: Client, coming: Match) -> None:
    value = make_opportunity(match=coming)
    spread = make_opportunity(match=coming, kind="spread")
    stale = make_opportunity(match=coming, outcome="draw", rejection="stale")

    page = desk.get("/admin/betting/opportunity/", headers=ENGLISH).content.decode()

    tabs = re.findall(r'<a href="([^"]+)"[^>]*>\s*(Values|Spreads|Rejected)\s*</a>', page)
    queries = {title: unescape(url).partition("?")[2] for url, title in tabs}
    assert {title: listed(desk, f"?{query}") for title, query in queries.items()} == {
        "Values": [value],
        "Spreads": [spread],
        "Rejected": [stale],
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"outcome": "home"}, "Lens"),
        ({"outcome": "draw"}, "Draw"),
        ({"market": "totals", "outcome": "over", "line": Decimal("2.50")}, "Over 2.5"),
        ({"market": "totals", "outcome": "under", "line": Decimal("3.00")}, "Under 3"),
        ({"market": "spreads", "outcome": "home", "line": Decimal("-0.75")}, "Lens −0.75"),
        # The line is the home team's, so the away team has the opposite one.
        ({"market": "spreads", "outcome": "away", "line": Decimal("-0.75")}, "Lille +0.75"),
        ({"outcome": "all", "kind": "arbitrage"}, "All outcomes"),
    ],
)
def test_a_bet_is_named_as_bettors_name_it(
    coming: Match, given: dict[str, Any], words: str
) -> None:
    with translation.override("en"):
        assert selection(make_opportunity(match=coming, **given)) == words


def test_the_list_says_price_fair_price_edge_and_ages(desk: Client, coming: Match) -> None:
    now = timezone.now()
    make_bookmaker("pinnacle", title="Pinnacle")
    make_opportunity(
        match=coming,
        best_bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True),
        best_odds=Decimal("2.300"),
        fair_probability=0.45,
        reference="pinnacle",
        price_seen_at=now - timedelta(minutes=3),
        first_seen_at=now - timedelta(hours=2),
        last_seen_at=now - timedelta(minutes=3),
    )

    page = desk.get("/admin/betting/opportunity/", headers=ENGLISH).content.decode()

    for text in ("2.30", "Winamax (FR)", "★", "fair 2.22, Pinnacle", "+3.5% → +1.8%", "15.0%"):
        assert text in page
    assert "3 min ago" in page
    assert "first 2 h ago" in page
    assert reverse("admin:odds_match_change", args=[coming.pk]) in page


def test_numbers_are_written_the_french_way_in_french(desk: Client, coming: Match) -> None:
    make_opportunity(match=coming)

    page = desk.get("/admin/betting/opportunity/", headers={"accept-language": "fr"})

    assert "2,30" in page.content.decode()
    assert "+3,5\N{NO-BREAK SPACE}% → +1,8\N{NO-BREAK SPACE}%" in page.content.decode()


def test_a_rejected_one_says_why_on_its_page(desk: Client, coming: Match) -> None:
    rejected = make_opportunity(match=coming, rejection="too_good", edge_pct=35.0)

    page = page_of(desk, rejected).content.decode()

    assert "Too good to be true" in page
    assert "+35.0%" in page


def test_an_arbitrage_shows_each_leg_with_its_age(desk: Client, coming: Match) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    seen = timezone.now() - timedelta(minutes=7)
    legs = [
        {"outcome": "home", "bookmaker": "pinnacle", "odds": 2.1, "seen_at": seen.isoformat()},
        {"outcome": "away", "bookmaker": "gone", "odds": 2.2, "seen_at": seen.isoformat()},
    ]
    arbitrage = make_opportunity(
        match=coming, kind="arbitrage", outcome="all", legs=legs, best_odds=None,
        best_bookmaker=None, worst_odds=None, worst_bookmaker=None, fair_probability=None,
        reference="", shrunk_edge_pct=None,
    )  # fmt: skip

    page = page_of(desk, arbitrage).content.decode()
    row = desk.get("/admin/betting/opportunity/?kind=all", headers=ENGLISH).content.decode()

    assert "Pinnacle" in page
    assert page.count("7 min ago") == 2
    assert "2 legs" in row


def test_undefined_numbers_are_dashes_not_zeros(desk: Client, coming: Match) -> None:
    spread = make_opportunity(
        match=coming, kind="spread", fair_probability=None, reference="", edge_pct=None,
        shrunk_edge_pct=None, first_edge_pct=None, peak_edge_pct=None,
    )  # fmt: skip

    page = page_of(desk, spread).content.decode()

    assert "No reference" in page
    assert "0.0%" not in page.replace("15.0%", "")
    assert "None" not in page


def test_the_page_of_an_opportunity_asks_few_questions(desk: Client, coming: Match) -> None:
    opportunity = make_opportunity(match=coming)

    with CaptureQueriesContext(connection) as asked:
        page_of(desk, opportunity)

    # Session, user, opportunity, worst bookmaker, legs' titles; for the panel that says why the
    # settings, the bookmakers and the quotes of its market; from when a price is old.
    assert len(asked) <= 9


def test_a_match_shows_its_opportunities_the_open_ones_first(desk: Client, coming: Match) -> None:
    now = timezone.now()
    closed = make_opportunity(match=coming, closed_at=now, closing="withdrawn", edge_pct=9.0)
    rejected = make_opportunity(match=coming, outcome="draw", rejection="stale", edge_pct=8.0)
    small = make_opportunity(match=coming, outcome="home", edge_pct=2.0)
    large = make_opportunity(match=coming, outcome="away", edge_pct=3.0)

    page = desk.get(reverse("admin:odds_match_change", args=[coming.pk]), headers=ENGLISH)

    found = [one["row"] for one in page.context["opportunities"]]
    assert found == [large, small, rejected, closed]


def test_the_list_of_matches_links_to_their_open_opportunities(desk: Client, coming: Match) -> None:
    make_opportunity(match=coming)
    make_opportunity(match=coming, outcome="draw", rejection="stale")

    page = desk.get("/admin/odds/match/", headers=ENGLISH).content.decode()

    assert f'/admin/betting/opportunity/?kind=all&amp;match__id__exact={coming.pk}">1</a>' in page


def test_thresholds_are_saved_and_out_of_range_ones_refused(desk: Client) -> None:
    address = reverse("admin:betting_detectionsettings_change", args=[1])
    form = desk.get(address).context["adminform"].form
    values = {name: form.initial[name] for name in form.fields if form.initial[name] is not False}

    refused = desk.post(address, values | {"minimum_edge_pct": 80})
    saved = desk.post(address, values | {"minimum_edge_pct": 3.5})

    assert refused.status_code == 200
    assert saved.status_code == 302
    assert DetectionSettings.objects.get().minimum_edge_pct == 3.5
