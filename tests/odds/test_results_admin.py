"""Results in the admin: entered, corrected and taken back by hand, listed, and told of calls."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from odds import results
from odds.models import Match, MatchResult, TeamAlias
from tests.factories import make_collection, make_match, make_sport

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
HOUR = timedelta(hours=1)


def signed_in(**given: Any) -> Client:
    user = User.objects.create(username="owner", is_staff=True, **given)
    client = Client(enforce_csrf_checks=False)
    client.force_login(user)
    return client


@pytest.fixture
def desk() -> Client:
    return signed_in(is_superuser=True)


def played(**given: Any) -> Match:
    defaults = {"home_team": "Lens", "away_team": "Lille"}
    return make_match(**{"commence_time": timezone.now() - 3 * HOUR} | defaults | given)


def form_of(match: Match) -> str:
    return reverse("admin:odds_match_result", args=[match.pk])


def page_of(client: Client, match: Match) -> Any:
    return client.get(reverse("admin:odds_match_change", args=[match.pk]), headers=ENGLISH)


def enter(client: Client, match: Match, status: str, *score: int, **given: Any) -> Any:
    scores = dict(zip(("home_score", "away_score"), score, strict=False))
    return client.post(
        form_of(match), {"status": status} | scores | given, headers=ENGLISH, follow=True
    )


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def standing(match: Match) -> tuple[str, int | None, int | None]:
    match.refresh_from_db()
    return match.status, match.home_score, match.away_score


def test_a_result_entered_by_hand_is_in_force_with_its_author(desk: Client) -> None:
    match = played()

    answer = enter(desk, match, "completed", 2, 1, note="seen it")

    assert answer.redirect_chain[0][0] == reverse("admin:odds_match_change", args=[match.pk])
    assert told(answer) == "Lens – Lille: now Completed, 2–1."
    assert standing(match) == ("completed", 2, 1)
    fact = MatchResult.objects.get()
    assert (fact.source, fact.recorded_by, fact.note) == ("hand", "owner", "seen it")


def test_confirming_a_result_says_that_nothing_changed(desk: Client) -> None:
    match = played()
    enter(desk, match, "completed", 0, 0)

    answer = enter(desk, match, "completed", 0, 0)

    assert told(answer) == "Lens – Lille: nothing changed, it was already Completed, 0–0."
    assert MatchResult.objects.count() == 1


def test_a_result_is_taken_back(desk: Client) -> None:
    match = played()
    enter(desk, match, "completed", 2, 1)

    answer = enter(desk, match, "scheduled")

    assert told(answer) == "Lens – Lille: now Scheduled."
    assert standing(match) == ("scheduled", None, None)
    assert "taken back" in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "score", "why"),
    [
        ("completed", (2,), "Give both scores or none."),
        ("completed", (), "A completed match needs both scores."),
        ("postponed", (1, 0), "has no score"),
        ("completed", (-1, 0), "whole number from 0 to 9999"),
        ("finished", (1, 0), "Select a valid choice"),
    ],
)
def test_what_cannot_be_true_is_said_and_nothing_recorded(
    desk: Client, status: str, score: tuple[int, ...], why: str
) -> None:
    match = played()

    answer = enter(desk, match, status, *score)

    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not MatchResult.objects.exists()


@pytest.mark.parametrize(("status", "score"), [("completed", (1, 0)), ("abandoned", ())])
def test_a_match_that_has_not_kicked_off_cannot_have_ended(
    desk: Client, status: str, score: tuple[int, ...]
) -> None:
    match = played(commence_time=timezone.now() + 3 * HOUR)

    answer = enter(desk, match, status, *score)

    assert "This match kicks off in 2 h: it cannot have ended." in answer.content.decode()
    assert not MatchResult.objects.exists()


def test_a_match_to_come_may_be_postponed(desk: Client) -> None:
    match = played(commence_time=timezone.now() + 3 * HOUR)

    enter(desk, match, "postponed")

    assert standing(match) == ("postponed", None, None)


def test_the_form_names_the_teams_and_starts_with_what_is_in_force(desk: Client) -> None:
    match = played(status="completed", home_score=4, away_score=3)

    page = desk.get(form_of(match), headers=ENGLISH)

    form = page.context["form"]
    assert [form.fields[name].label for name in ("home_score", "away_score")] == ["Lens", "Lille"]
    assert form.initial == {"status": "completed", "home_score": 4, "away_score": 3}
    assert "csrfmiddlewaretoken" in page.content.decode()


def test_only_a_superuser_enters_a_result() -> None:
    match = played()
    reader = signed_in()
    reader_user = User.objects.get()
    reader_user.user_permissions.set(Permission.objects.filter(content_type__app_label="odds"))

    assert page_of(reader, match).status_code == 200
    assert form_of(match) not in page_of(reader, match).content.decode()
    assert reader.get(form_of(match)).status_code == 403
    assert enter(reader, match, "completed", 1, 0).status_code == 403
    assert Client().post(form_of(match)).status_code == 302  # to the sign-in
    assert not MatchResult.objects.exists()


def test_a_foreign_page_cannot_enter_a_result() -> None:
    match = played()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))

    answer = client.post(form_of(match), {"status": "completed", "home_score": 1, "away_score": 0})

    assert answer.status_code == 403
    assert not MatchResult.objects.exists()


def test_a_result_of_no_match_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("admin:odds_match_result", args=[404])).status_code == 404


def test_the_page_of_a_match_tells_what_is_in_force_and_what_else_was_said(desk: Client) -> None:
    match = played()
    now = timezone.now()
    given = {"status": "completed", "away_score": 0}
    results.record(match.pk, source="odds_api", home_score=1, observed_at=now - HOUR, **given)
    results.record(match.pk, source="football_data", home_score=2, observed_at=now, **given)

    page = page_of(desk, match)

    assert page.context["in_force"].source == "football_data"
    assert [said.source for said in page.context["statements"]] == ["football_data", "odds_api"]
    text = page.content.decode()
    assert "football-data.co.uk" in text
    assert form_of(match) in text


def test_a_match_without_a_result_has_no_block_of_results(desk: Client) -> None:
    page = page_of(desk, played())

    assert page.context["in_force"] is None
    assert "Not in force" not in page.content.decode()


def test_results_are_listed_newest_first_and_found_by_team(desk: Client) -> None:
    now = timezone.now()
    older, newer = played(), played(home_team="Nice", away_team="Metz")
    for match, at in ((newer, now), (older, now - HOUR)):
        results.record(match.pk, source="hand", status="postponed", observed_at=at)

    def listed(query: str) -> list[Match]:
        page = desk.get(f"/admin/odds/matchresult/{query}", headers=ENGLISH)
        return [result.match for result in page.context["cl"].result_list]

    assert listed("") == [newer, older]
    assert listed("?q=Lille") == [older]
    assert listed("?source=odds_api") == []


def test_results_are_facts_and_team_names_the_users(desk: Client) -> None:
    match = played()
    enter(desk, match, "completed", 2, 1)
    fact = MatchResult.objects.get()

    desk.post(reverse("admin:odds_matchresult_change", args=[fact.pk]), {"home_score": 9})
    desk.post(reverse("admin:odds_matchresult_delete", args=[fact.pk]), {"post": "yes"})
    sport = make_sport()
    desk.post(
        reverse("admin:odds_teamalias_add"),
        {"sport": sport.pk, "name": "Nott'm Forest", "team": "Nottingham Forest"},
    )

    fact.refresh_from_db()
    assert fact.home_score == 2
    assert str(TeamAlias.objects.get()) == "Nott'm Forest = Nottingham Forest"


def test_a_call_for_scores_is_told_from_one_for_odds(desk: Client) -> None:
    account = {"received": 7, "stored": 4, "unchanged": 1, "rejected": {"score of other teams": 2}}
    call = make_collection(
        endpoint="scores", reason="results", markets=[], regions="", tally={"scores": account},
        started_at=timezone.now(), matches_received=9,
    )  # fmt: skip
    make_collection(started_at=timezone.now(), quotes_received=60, quotes_unchanged=60)

    listed = desk.get("/admin/odds/collection/", headers=ENGLISH).content.decode()
    scores_only = desk.get("/admin/odds/collection/?endpoint__exact=scores", headers=ENGLISH)
    page = desk.get(reverse("admin:odds_collection_change", args=[call.pk]), headers=ENGLISH)

    assert "4 stored, 1 unchanged" in listed
    assert "0 stored, 60 unchanged" in listed
    assert list(scores_only.context["cl"].result_list) == [call]
    [row] = page.context["accounts"]
    assert (row.market, row.received, row.stored, row.rejected) == ("Results", 7, 4, 2)
    text = page.content.decode()
    assert "score of other teams (2)" in text
    assert "What became of its results" in text


def test_a_failed_call_for_scores_has_a_page_too(desk: Client) -> None:
    call = make_collection(
        endpoint="scores", reason="results", markets=[], regions="", status="failed",
        failure="unavailable", observed_at=None, started_at=timezone.now(),
    )  # fmt: skip

    listed = desk.get("/admin/odds/collection/", headers=ENGLISH)
    page = desk.get(reverse("admin:odds_collection_change", args=[call.pk]), headers=ENGLISH)

    assert listed.status_code == 200
    assert "It brought no results." in page.content.decode()
