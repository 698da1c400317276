"""Analyses and nights in the admin."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from strategies.admin.evidence_text import DIMENSIONS
from strategies.learning.analyses import analyse_strategies
from strategies.models import Improvement, LearningRun, NightlyRun
from tests.factories import NOON, make_strategy
from tests.strategies.learning.stored import make_record

pytestmark = pytest.mark.django_db
LIST = "/admin/strategies/learningrun/"


@pytest.fixture
def owner(client, admin_user, settings):
    settings.OPENAI_API_KEY = ""
    settings.LANGUAGE_CODE = "en"
    client.force_login(admin_user)
    return client


@pytest.fixture
def analysed(owner):
    make_record()
    analyse_strategies(clock=lambda: NOON)
    return LearningRun.objects.get()


def text_of(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_an_empty_list_says_when_there_will_be_something(owner):
    assert "Nothing was analysed yet" in text_of(owner.get(LIST))


def test_the_list_leads_to_the_analysis_and_to_its_improvement(owner, analysed):
    page = text_of(owner.get(LIST))

    assert f"/admin/strategies/learningrun/{analysed.pk}/change/" in page
    assert f"/admin/strategies/improvement/{analysed.improvement_id}/change/" in page
    assert analysed.sentence in page


def test_the_page_shows_what_it_was_told_and_what_the_held_out_matches_say(owner, analysed):
    page = text_of(owner.get(f"{LIST}{analysed.pk}/change/"))

    assert "OPENAI_API_KEY is not set" in page
    assert "On matches it was not told of" in page
    assert f"+{analysed.judgement['gain']:.2f}" in page
    for segment in analysed.evidence["segments"]:
        assert f"<small>{DIMENSIONS[segment['dimension']]}</small>" in page


def test_the_improvement_shows_its_evidence_and_its_cost(owner, analysed):
    LearningRun.objects.update(cost_usd=Decimal("0.0123"), is_cost_assumed=True)

    page = text_of(owner.get(f"/admin/strategies/improvement/{analysed.improvement_id}/change/"))

    assert "On matches its analyst was not told of" in page
    assert f"+{analysed.judgement['gain']:.2f}" in page
    assert "at most 0.0123 $" in page
    assert "statistical analyst" in page


def test_the_button_asks_a_worker(owner):
    answer = owner.post(f"{LIST}ask", follow=True)

    assert "The strategies are being looked at" in text_of(answer)


def test_who_may_only_look_asks_nobody(client, django_user_model):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    client.force_login(reader)

    assert client.post(f"{LIST}ask").status_code == 403
    assert client.get(f"{LIST}ask").status_code == 405


def test_the_list_asks_no_more_with_more_rows(owner, analysed, django_assert_max_num_queries):
    for agent in ("line_mover", "consensus_value", "spread_optimizer"):
        LearningRun.objects.create(
            strategy=make_strategy(agent).strategy,
            version=analysed.version,
            day=NOON.date(),
            analyst="statistics",
            status="nothing",
            held_out_since=NOON,
            evidence={},
            started_at=NOON,
            finished_at=NOON,
        )

    with django_assert_max_num_queries(8):
        owner.get(LIST)


def test_nights_say_what_they_brought_or_what_was_given_up(owner):
    good = {"proposed": 2, "refused": 1, "failed": 0}
    NightlyRun.objects.create(
        day=date(2026, 11, 20),
        status="done",
        started_at=NOON,
        finished_at=NOON,
        report={"notify": good},
    )
    NightlyRun.objects.create(
        day=date(2026, 11, 21),
        status="failed",
        started_at=NOON,
        finished_at=NOON,
        failures=[{"step": "results", "error": "OSError: the line is down"}],
    )

    page = text_of(owner.get("/admin/strategies/nightlyrun/"))

    assert "2 proposed, 1 refused, 0 failed" in page
    assert "results: OSError: the line is down" in page


def test_settings_out_of_range_are_refused_in_the_form(owner):
    address = reverse("admin:strategies_learningsettings_change", args=[1])
    sent = {"model": "gpt-4o", "held_out_share": "0.9"}

    assert "0.6" in text_of(owner.post(address, sent))


def test_a_deleted_improvement_leaves_its_analysis(owner, analysed):
    Improvement.objects.all().delete()

    analysed.refresh_from_db()
    assert analysed.improvement is None
    assert text_of(owner.get(f"{LIST}{analysed.pk}/change/"))
