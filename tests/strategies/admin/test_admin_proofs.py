"""Proofs in the admin: asked for on imported matches, followed, read beside the published."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from odds.devig import Method
from strategies.models import Proof
from strategies.proofs import buchdahl, kaunitz
from strategies.proofs.results import (
    FORM,
    Bin,
    Curve,
    MethodScore,
    Point,
    PriceSet,
    PublishedScore,
    Record,
    Results,
    Run,
    Study,
)
from tests.factories import NOON, make_match, make_sport
from tests.strategies.admin.pages import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db

ADD = "/admin/strategies/proof/add/"


@pytest.fixture
def owner() -> Client:
    return signed_in()


def make_record(**given: Any) -> Record:
    known = {
        "bets": 400, "won": 170, "accuracy": 0.425, "profit": 9.2, "realised": 0.023,
        "low": -0.05, "high": 0.096, "graded": 390, "fair_clv": 0.0412, "fair_clv_error": 0.004,
        "median_fair_clv": 0.0371,
    }  # fmt: skip
    return Record(**known | given)


def make_results() -> Results:
    """One run of each rule, one set of prices."""
    runs = [
        Run(key=key, agent=agent, parameters={}, moment="before_close", matches=4237,
            record=make_record())
        for key, agent in (("alpha_before_close", kaunitz.AGENT), ("all_value_bets", "any"))
    ]  # fmt: skip
    points = tuple(
        Point(threshold=at, record=make_record(bets=bets))
        for at, bets in ((0.0, 400), (0.02, 90), (0.05, 12))
    )
    curve = Curve(moment="before_close", points=points)
    score = MethodScore(
        method=Method.POWER.value, markets=3914, log_loss=0.9716, difference=-8.7e-5, z=-0.3,
        ece=0.0066, slope=0.988,
        bins=(Bin(low=0.4, high=0.45, count=679, predicted=0.42, observed=0.43),),
    )  # fmt: skip
    prices = PriceSet(
        key="pinnacle_close", bookmaker="pinnacle", market="h2h", moment="at_close", markets=3914,
        margin=0.0276, scores=(score,), published_markets=43_322, published_margin=0.0326,
        published=(PublishedScore(method="power", difference=-27.0e-5, z=-3.1),),
    )  # fmt: skip
    return Results(
        form=FORM, sport_keys=("soccer_epl",), first_day="2019-08-09", last_day="2026-05-24",
        matches=4237, fingerprint="f" * 64, price_sets=(prices,),
        studies=(
            Study(key="kaunitz", runs=(runs[0],), curves=(curve,), published=kaunitz.PUBLISHED),
            Study(key="buchdahl", runs=(runs[1],), curves=(curve,), published=buchdahl.PUBLISHED),
        ),
    )  # fmt: skip


def make_proof(**given: Any) -> Proof:
    known = {"created_at": NOON, "asked_by": "owner"}
    if "result" in given:
        known |= {"status": "done", "progress": 1.0, "started_at": NOON, "finished_at": NOON}
    return Proof.objects.create(**known | given)


def test_without_an_import_the_page_says_what_to_do(owner: Client):
    make_match(commence_time=NOON)

    assert "import_football_data" in text_of(owner, "proof/add/")
    assert "Nothing is proved yet" in text_of(owner, "proof/")


def test_asking_chooses_among_imported_competitions_and_stores_a_row(owner: Client):
    sport = make_sport(key="soccer_epl", title="EPL")
    make_match(sport=sport, provider_id="fd:1", commence_time=NOON)

    assert "EPL – 1 match" in text_of(owner, "proof/add/")
    sent = {"sport_keys": ["soccer_epl"], "since": "2024-08-01", "until": "2025-05-25"}
    answer = owner.post(ADD, sent)

    proof = Proof.objects.get()
    assert answer.url.endswith(f"/proof/{proof.pk}/change/")
    assert (proof.status, proof.asked_by) == ("queued", "owner")
    assert proof.sport_keys == ["soccer_epl"]
    assert (str(proof.since), str(proof.until)) == ("2024-08-01", "2025-05-25")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"until": "2024-07-01"}, "It ends before it begins."),
        ({"sport_keys": []}, "Choose at least one competition."),
    ],
)
def test_what_cannot_be_proved_comes_back(owner: Client, given: dict[str, Any], said: str):
    make_match(sport=make_sport(key="soccer_epl"), provider_id="fd:1", commence_time=NOON)
    sent = {"sport_keys": ["soccer_epl"], "since": "2024-08-01", "until": "2025-05-25"}

    answer = owner.post(ADD, sent | given)

    assert said in answer.content.decode()
    assert not Proof.objects.exists()


def test_a_waiting_proof_is_cancelled(owner: Client):
    proof = make_proof()

    assert "Waits for a worker." in text_of(owner, f"proof/{proof.pk}/change/")
    owner.post(reverse("admin:strategies_proof_cancel", args=[proof.pk]))

    proof.refresh_from_db()
    assert proof.status == "cancelled"


def test_ours_and_the_published_stand_side_by_side(owner: Client):
    make_sport(key="soccer_epl", title="EPL")
    proof = make_proof(result=make_results().as_json())

    shown = text_of(owner, f"proof/{proof.pk}/change/")

    for said in (
        "4,237 matches, 9 Aug 2019 – 24 May 2026", "EPL", "+2.30%", "−5.0% to +9.6%", "+4.12%",
        "median +3.71%, n = 390", "479,440", "+8.50%", "rightly +7.23%", "111,909", "+5.71%",
        "Pinnacle, at the close", "published on 43,322 markets", "−8.7", "−27.0",
    ):  # fmt: skip
        assert said in shown


def test_the_yield_of_few_bets_is_not_drawn(owner: Client):
    proof = make_proof(result=make_results().as_json())

    page = owner.get(f"/admin/strategies/proof/{proof.pk}/change/").context["page"]

    ours, published = json.loads(page.studies[1].chart.data)["datasets"]
    assert ours["data"] == [pytest.approx(2.3), pytest.approx(2.3), None]
    assert published["data"] == [pytest.approx(2.51), pytest.approx(5.71), None]


def test_a_proof_of_another_form_is_not_misread(owner: Client):
    proof = make_proof(result=make_results().as_json() | {"form": 0})

    assert "made by another version" in text_of(owner, f"proof/{proof.pk}/change/")


def test_the_list_asks_no_more_with_more_rows(owner: Client):
    make_proof(result=make_results().as_json())
    shown = text_of(owner, "proof/")
    before = queries_of(owner, "proof/")

    for _number in range(3):
        make_proof(result=make_results().as_json())

    assert "4,237" in shown
    assert "9 Aug 2019 – 24 May 2026" in shown
    assert queries_of(owner, "proof/") == before <= 6
