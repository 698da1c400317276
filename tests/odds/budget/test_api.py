"""The budget and the plan through the API, and a request that would cost a closing line."""

from datetime import timedelta

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from odds import gate
from odds.api_budget import BudgetView, PlanView
from odds.budget import shape, ticking
from odds.models import CollectionSettings, PlannedCall, PlannerSettings
from tests.factories import NOON, make_bookmaker, make_collection, make_match, make_sport

pytestmark = pytest.mark.django_db


def ask(view: type, **query: object) -> dict:
    request = APIRequestFactory().get("/", query)
    force_authenticate(request, user=None)
    view = type("Open", (view,), {"permission_classes": []})
    response = view.as_view()(request)
    response.render()
    return response.data


def plan_for(kickoffs: int, *, left: int, has_scans: bool = False) -> None:
    PlannerSettings.objects.create(is_on=True, shape="regions", has_scans=has_scans)
    sport = make_sport(is_collected=True)
    for hours in range(1, kickoffs + 1):
        make_match(sport=sport, commence_time=NOON + timedelta(hours=hours))
    make_collection(
        sport=sport,
        started_at=NOON - timedelta(hours=5),
        credits_remaining=left,
        credits_used_this_month=500 - left,
    )
    ticking.tick(NOON)


def test_the_plan_gives_each_call_its_cost_and_reason_and_each_gap_its_own():
    plan_for(3, left=52)

    answer = ask(PlanView)

    assert answer["is_on"] is True
    assert [call["cost"] for call in answer["calls"]] == [1] * len(answer["calls"])
    planned = {match for call in answer["calls"] for match in call["matches"]}
    left_out = [one for one in answer["not_planned"] if one["kind"] == "closing"]
    assert len(planned) + sum(len(one["matches"]) for one in left_out) == 3
    assert 0 < len(planned) <= 2
    assert all(
        "credits can be spent" in one["sentence"] or "kept" in one["sentence"] for one in left_out
    )
    assert all(
        call["sentence"].startswith("Closing odds of Soccer Epl") for call in answer["calls"]
    )


def test_the_budget_adds_up():
    plan_for(3, left=400)

    answer = ask(BudgetView)

    account, forecast = answer["account"], answer["forecast"]
    assert (account["remaining"], account["used"], account["reserve"]) == (400, 100, 50)
    assert forecast["closings"] == PlannedCall.objects.filter(kind="closing").count() == 3
    assert forecast["left_at_reset"] == 400 - sum(
        forecast[name]
        for name in ("closings", "results", "scans", "unknown_closings", "later_scans")
    )
    assert answer["settings"]["closing_window_minutes"] == 15


def test_a_call_on_request_that_would_cost_a_closing_line_is_refused_with_cost_and_reason():
    plan_for(3, left=53)
    terms = gate.terms_at(NOON)
    sport = make_sport()

    with pytest.raises(gate.CollectionRefusedError, match="A call costs 1, 53 credits are left"):
        gate.check(sport, now=NOON, is_forced=False, terms=terms)
    gate.check(sport, now=NOON, is_forced=True, terms=terms)

    make_collection(sport=sport, credits_remaining=50, credits_used_this_month=450)
    with pytest.raises(gate.CollectionRefusedError, match="50 are the reserve"):
        gate.check(sport, now=NOON, is_forced=True, terms=gate.terms_at(NOON))


def test_the_cheapest_shape_names_the_playable_and_the_sharp_ones():
    make_bookmaker("pinnacle", kind="sharp")
    make_bookmaker("winamax_fr", is_playable=True)
    make_bookmaker("coral", is_playable=True)  # of the uk; the others are in the eu
    chosen = CollectionSettings(markets="h2h", regions="eu")

    found = shape.in_force(chosen, PlannerSettings())

    assert found.cost == 1
    assert {"pinnacle", "winamax_fr", "coral"} <= set(found.bookmakers)
    assert shape.in_force(chosen, PlannerSettings(shape="regions")).regions == ("eu",)
