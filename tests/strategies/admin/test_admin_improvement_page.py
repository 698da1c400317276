"""The page of an improvement in the admin: change, test, steps; proposing and deleting one."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from strategies import lifecycle
from strategies.models import Improvement, StrategyRecord
from strategies.versions import add_version
from tests.factories import NOON, make_match, make_prediction, make_strategy
from tests.strategies.admin.improvement_pages import (
    LIST,
    make_improvement,
    make_tested,
    page_of,
    send,
    status_of,
)
from tests.strategies.admin.pages import ROOT, signed_in, text_of

pytestmark = pytest.mark.django_db
PATTERN = "Loses on short odds of strong home teams"


@pytest.fixture
def owner() -> Client:
    return signed_in()


def test_the_page_tells_the_change_and_why(owner: Client):
    improvement = make_improvement(
        failure_pattern=PATTERN, missing_factors=["weather"], llm_reasoning="A reason.",
        recommended_adjustments=["Ask for more", {"minimum_edge_pct": 3}],
        expected_improvement=1.5, baseline_win_rate=41.2, baseline_roi=-3.1, baseline_samples=34,
    )  # fmt: skip

    shown = unescape(text_of(owner, page_of(improvement)))

    for told in (PATTERN, "weather", "A reason.", "Ask for more", '{"minimum_edge_pct": 3}'):
        assert f">{told}<" in shown
    assert "Smallest edge 2 → 3" in shown
    assert "41.2%" in shown
    assert "−3.1%" in shown
    assert "34 settled" in shown
    assert "+1.50" in shown
    assert "Not tested yet: nothing is known of what the change brings." in shown


def test_the_page_of_a_bare_proposal_shows_dashes_and_no_reasons(owner: Client):
    shown = text_of(owner, page_of(make_improvement()))

    assert "<strong>–</strong>" in shown
    assert "Pattern of failures" not in shown
    assert "None" not in shown


def test_a_running_test_shows_both_arms_and_how_far_it_is(owner: Client):
    improvement = make_tested(
        paired_matches=75, clv_gain=0.82, clv_gain_low=-0.1, clv_gain_high=1.74, profit_gain=-0.05,
        ab_test_matches_a=80, ab_test_wins_a=32, ab_test_matches_b=60, ab_test_wins_b=27,
    )  # fmt: skip

    shown = text_of(owner, page_of(improvement))

    assert 'aria-valuenow="25"' in shown  # 75 of 300
    assert "75 of at most 300 matches compared" in shown
    assert "40.0%" in shown  # 32 of 80
    assert "45.0%" in shown  # 27 of 60
    assert "+0.82 points a match" in shown
    assert "−0.10 to +1.74" in shown
    assert "−0.05 units a match" in shown
    assert "a gain of 0.5 points counts" in shown
    assert "with a probability of at most 5.0%" in shown
    assert "No verdict yet: 75 of at most 300 matches are compared." in shown


def test_a_test_without_a_match_yet_shows_dashes_instead_of_zeros(owner: Client):
    page = owner.get(f"{ROOT}{page_of(make_tested())}").context["page"]

    assert [arm.win_rate for arm in page.arms] == [None, None]
    assert (page.percent, page.interval) == (0, "–")


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("better", "The change is better: on 1 "),
        ("worse", "The change is worse: on 1 "),
        ("undecided", "Undecided: 300 matches were compared by 1 "),
    ],
)
def test_a_verdict_is_one_plain_sentence(owner: Client, verdict: str, sentence: str):
    reached = NOON.replace(day=1)
    improvement = make_tested(verdict=verdict, verdict_at=reached, paired_matches=300)

    assert sentence in text_of(owner, page_of(improvement))


def test_a_test_ended_early_says_so_and_keeps_its_figures(owner: Client):
    improvement = make_tested(paired_matches=7)
    lifecycle.archive(improvement.pk, reason="enough", now=NOON + timedelta(days=2))

    shown = text_of(owner, page_of(improvement))

    assert "The test ended without a verdict, after 7 matches compared." in shown
    assert "Reason: enough" in shown


def test_arm_a_is_told_where_the_version_in_force_had_changed_since(owner: Client):
    improvement = make_improvement()
    changed = {"minimum_edge_pct": 2.5, "maximum_edge_pct": 20.0}
    add_version(improvement.strategy, changed, origin="", now=NOON)
    lifecycle.activate([improvement.pk], now=NOON)

    shown = text_of(owner, page_of(improvement))

    assert "arm A: 2.5" in shown


def test_an_improvement_goes_through_its_life_on_its_page(owner: Client):
    improvement = make_improvement()

    said = [
        send(owner, improvement, "archive", reason="later"),
        send(owner, improvement, "reactivate"),
        send(owner, improvement, "activate"),
        send(owner, improvement, "apply"),
    ]

    assert "It is archived." in said[0]
    assert "It is proposed again." in said[1]
    assert "both arms are asked at the next collection" in said[2]
    assert "Version 2 is current" in said[3]
    history = improvement.changes.values_list("new_status", "reason", "changed_by")
    assert list(history.order_by("pk")) == [
        ("proposed", "", "owner"),
        ("archived", "later", "owner"),
        ("proposed", "", "owner"),
        ("active", "", "owner"),
        ("applied", "", "owner"),
    ]
    assert "In test → Applied" in said[3]


@pytest.mark.parametrize(
    ("step", "status", "offered"),
    [
        ("apply", "proposed", {"activate", "archive"}),
        ("reactivate", "active", {"apply", "archive"}),
        ("archive", "archived", {"activate", "reactivate"}),
        ("archive", "applied", set()),
        ("activate", "applied", set()),
    ],
)
def test_a_step_that_does_not_lead_from_there_is_refused_and_not_offered(
    owner: Client, step: str, status: str, offered: set[str]
):
    improvement = make_improvement()
    if status in {"active", "applied"}:
        lifecycle.activate([improvement.pk], now=NOON)
    if status == "applied":
        lifecycle.apply(improvement.pk, now=NOON)
    if status == "archived":
        lifecycle.archive(improvement.pk, reason=None, now=NOON)

    told = send(owner, improvement, step)

    assert "this step does not lead from there" in told
    assert status_of(improvement) == status
    shown = text_of(owner, page_of(improvement))
    steps = {"activate", "apply", "archive", "reactivate"}
    assert {one for one in steps if f'action="{LIST}{improvement.pk}/{one}"' in shown} == offered


def test_a_second_test_of_a_strategy_is_refused_on_its_page(owner: Client):
    tested = make_tested()
    second = lifecycle.propose(tested.strategy, {"minimum_edge_pct": 4.0}, now=NOON)

    told = send(owner, second, "activate")

    assert "has a test already; end it before the next one." in told
    assert status_of(second) == "proposed"


def test_what_others_wrote_is_shown_as_text(owner: Client):
    wicked = "<script>alert(1)</script>"
    improvement = make_improvement(
        failure_pattern=wicked, missing_factors=[wicked], llm_reasoning=wicked,
        recommended_adjustments=[wicked], origin=wicked,
    )  # fmt: skip
    lifecycle.archive(improvement.pk, reason=wicked, now=NOON)

    for address in ("improvement/", page_of(improvement)):
        assert wicked not in text_of(owner, address)
    assert text_of(owner, page_of(improvement)).count("&lt;script&gt;alert(1)") == 7


def test_a_test_of_a_strategy_that_is_off_says_that_nothing_is_compared(owner: Client):
    improvement = make_improvement()
    type(improvement.strategy).objects.update(is_active=False)

    told = send(owner, improvement, "activate")

    assert "nothing is compared until its strategy is activated" in told
    assert "The strategy is off" in told


def test_deleting_asks_first_and_leads_back_to_the_list(owner: Client):
    improvement = make_improvement()
    address = reverse("admin:strategies_improvement_remove", args=[improvement.pk])

    asked = owner.get(address).content.decode()
    still_there = Improvement.objects.exists()
    told = owner.post(address, follow=True)

    assert "Delete for good" in asked
    assert still_there
    assert not Improvement.objects.exists()
    assert told.redirect_chain == [(LIST, 302)]
    assert "is deleted." in told.content.decode()


def test_an_applied_improvement_is_not_deleted(owner: Client):
    improvement = make_tested()
    lifecycle.apply(improvement.pk, now=NOON)

    told = send(owner, improvement, "remove")

    assert "is applied; this step does not lead from there" in told
    assert Improvement.objects.exists()


def test_a_change_is_proposed_with_the_record_it_starts_from(owner: Client):
    version = make_strategy("sharp_reference")
    StrategyRecord.objects.create(
        strategy=version.strategy, version=version, computed_at=NOON, total_predictions=45,
        settled=34, win_rate=41.2, roi=-3.1, graded_matches=30, strategies_tried=9,
    )  # fmt: skip
    sent = {"p_minimum_edge_pct": "3.5", "p_maximum_edge_pct": "20", "note": "Short odds lose."}

    told = owner.post(f"{LIST}add/?strategy={version.strategy_id}", sent, follow=True)

    made = Improvement.objects.get()
    assert told.redirect_chain == [(f"{ROOT}{page_of(made)}", 302)]
    assert made.new_parameters == {"minimum_edge_pct": 3.5}
    assert made.llm_reasoning == "Short odds lose."
    assert (made.baseline_win_rate, made.baseline_roi, made.baseline_samples) == (41.2, -3.1, 34)
    assert made.changes.get().changed_by == "owner"
    assert "by owner" in told.content.decode()


@pytest.mark.parametrize("wrong", ["2", "21", "much", "nan"])
def test_a_proposal_that_cannot_be_made_keeps_the_form(owner: Client, wrong: str):
    make_strategy("sharp_reference")
    sent = {"p_minimum_edge_pct": wrong, "p_maximum_edge_pct": "20", "note": "Kept words"}

    page = owner.post(f"{LIST}add/", sent)

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert "Kept words" in page.content.decode()
    assert ("Nothing would change" in page.content.decode()) == (wrong == "2")
    assert not Improvement.objects.exists()


def test_the_strategy_of_a_proposal_is_chosen_by_the_address(owner: Client):
    make_strategy("sharp_reference")
    other = make_strategy("consensus_value")

    chosen = owner.get(f"{LIST}add/?strategy={other.strategy_id}")

    assert chosen.context["chosen"] == other
    assert owner.get(f"{LIST}add/?strategy=999999999").status_code == 404
    assert owner.get(f"{LIST}add/?strategy=x").status_code == 404


def test_without_a_strategy_there_is_nothing_to_propose(owner: Client):
    assert "There is no strategy yet" in text_of(owner, "improvement/add/")
    assert owner.post(f"{LIST}add/", {"note": "x"}).status_code == 200


def test_who_may_only_look_finds_no_form_and_changes_nothing():
    improvement = make_improvement()
    visitor = User.objects.create(username="visitor", is_staff=True)
    visitor.user_permissions.add(Permission.objects.get(codename="view_improvement"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(visitor)

    shown = text_of(client, page_of(improvement))
    refused = [
        client.post(reverse(f"admin:strategies_improvement_{step}", args=[improvement.pk]))
        for step in ("activate", "archive", "remove")
    ]
    refused.append(client.get(f"{LIST}add/"))

    assert f"{LIST}{improvement.pk}/" not in shown.replace(f"{LIST}{improvement.pk}/change/", "")
    assert [one.status_code for one in refused] == [403] * 4
    assert status_of(improvement) == "proposed"


def test_the_course_of_a_test_is_drawn_and_told_once_a_match_is_compared(owner: Client):
    improvement = make_tested()
    assert "test-points" not in text_of(owner, page_of(improvement))

    match = make_match(commence_time=NOON + timedelta(days=1))
    for version, clv in ((improvement.version_a, 1.0), (improvement.version_b, 3.5)):
        make_prediction(
            version=version, match=match, predicted_at=NOON + timedelta(hours=1), graded_at=NOON,
            clv_status="graded", clv_fair_pct=clv, clv_pct=clv,
        )  # fmt: skip

    shown = text_of(owner, page_of(improvement))
    course = owner.get(f"{ROOT}{page_of(improvement)}").context["page"].course

    assert "+2.50 points a match after 1; the interval begins with the 30th." in shown
    assert course["points"] == [{"at": 1, "value": 2.5, "low": None, "high": None}]
    assert (course["horizon"], course["goal"]) == (300, 0.5)
