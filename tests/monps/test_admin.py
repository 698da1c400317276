"""The admin as a whole: every page opens, facts stay as they are, the first page is true."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django_celery_beat import models as beat

from alerts.models import Alert, AlertSettings, Mail, NotificationSettings
from backups.models import Backup
from betting.models import (
    Account,
    Bet,
    BetImport,
    ClosingLine,
    DetectionSettings,
    LedgerEntry,
    Opportunity,
    SettlementSettings,
    StakingSettings,
)
from odds.models import (
    Bookmaker,
    Collection,
    CollectionSettings,
    Match,
    MatchChange,
    MatchResult,
    PlannerSettings,
    TeamAlias,
)
from strategies.lifecycle import propose
from strategies.models import (
    Backtest,
    ExperimentSettings,
    Improvement,
    LearningRun,
    LearningSettings,
    NightlyRun,
    Prediction,
    Proof,
    RankingSettings,
)
from tests.factories import (
    make_account,
    make_bet,
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_prediction,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db

ONE_ROW = {
    *(CollectionSettings, DetectionSettings, SettlementSettings, StakingSettings),
    *(RankingSettings, ExperimentSettings, LearningSettings),
    *(NotificationSettings, AlertSettings, PlannerSettings),
}
FACTS = {
    *(Match, MatchChange, MatchResult, Collection, Opportunity),
    *(ClosingLine, LedgerEntry, Prediction),
    *(NightlyRun, LearningRun, Alert, Mail, Backup),
}
PAGES = {
    Account,
    Bet,
    BetImport,
    Backtest,
    Proof,
    Improvement,
}  # added and worked on by forms of their own
ADDABLE = {User, Group, TeamAlias, *PAGES}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Words of the English pages that French pages must not show.
ENGLISH = re.compile(
    r"\b(Best odds|Kick-off|Type to search|Select action|Select value|Previous|Next|No results|"
    r"Filters|Save|Settings|Overview|Opportunities|Collections|Matches|Sports|Users|Simulated|"
    r"Unchanged|Stored|Spread|Home|Draw|Away|Switched on|Search|ago)\b"
)


def make_world() -> None:
    """A row of everything: one match with odds and an opportunity, one call, one job."""
    now = timezone.now()
    match = make_match(
        home_team="Lens",
        away_team="Lille",
        commence_time=now + timedelta(hours=5),
        sport=make_sport(is_collected=True),
    )
    pinnacle = make_bookmaker("pinnacle", kind=Bookmaker.Kind.SHARP)
    make_quote("2.00", "3.50", "4.00", match=match, bookmaker=pinnacle, seen_at=now)
    make_quote("2.20", "3.40", "3.60", match=match, seen_at=now)
    make_opportunity(match=match, first_seen_at=now)
    make_collection(started_at=now)
    MatchChange.objects.create(
        match=match, kind="swapped", before="A – B", after="B – A", observed_at=now
    )
    make_account()
    make_bet("won", match=match, odds="2.20")
    prediction = make_prediction(match=match, predicted_at=now)
    strategy = prediction.version.strategy
    propose(strategy, {"minimum_edge_pct": 3.0}, now=now)
    Backtest.objects.create(
        agent="sharp_reference", parameters={}, since=now.date(), until=now.date(), created_at=now
    )
    Proof.objects.create(created_at=now)
    LearningRun.objects.create(
        strategy=strategy, version=prediction.version, day=now.date(), analyst="statistics",
        status="nothing", held_out_since=now, evidence={}, started_at=now, finished_at=now,
    )  # fmt: skip
    NightlyRun.objects.create(day=now.date(), status="done", started_at=now, finished_at=now)
    Alert.objects.create(
        source="own", fingerprint="f" * 64, name="BankrollCritique", severity="critical",
        pending_since=now, starts_at=now, seen_at=now,
    )  # fmt: skip
    Mail.objects.create(
        key="k", severity="info", subject="Sujet", text="Texte", created_at=now, due_at=now
    )
    Backup.objects.create(
        file_name="monps.dump", status="done", started_at=now, finished_at=now, bytes=10,
        sha256="0" * 64,
    )  # fmt: skip
    MatchResult.objects.create(
        match=match, source="hand", status="completed", home_score=2, away_score=1, observed_at=now
    )
    TeamAlias.objects.create(sport=match.sport, name="RC Lens", team="Lens")
    ClosingLine.objects.create(
        match=match, market="h2h", reference="pinnacle", source="quotes", odds_1="2.00",
        odds_x="3.50", odds_2="4.00", fair_1=0.48, fair_x=0.27, fair_2=0.25, bookmaker_count=1,
        seen_at=now, kickoff_at=match.commence_time, minutes_before_kickoff=10, captured_at=now,
    )  # fmt: skip
    content = "placed_at,home_team,kickoff,outcome,bookmaker,odds,stake\n"
    BetImport.objects.create(name="bets.csv", content=content, uploaded_at=now)
    interval = beat.IntervalSchedule.objects.create(every=20, period="seconds")
    beat.PeriodicTask.objects.create(name="collect", task="collect", interval=interval)
    beat.CrontabSchedule.objects.create(minute="5")
    beat.SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    beat.ClockedSchedule.objects.create(clocked_time=now)
    Group.objects.create(name="readers")


def name_of(model: type[Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def visible_text(html: str) -> str:
    """What a reader sees: no tags, scripts or styles, no names of languages or of the page."""
    html = re.sub(r"<(script|style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_of_every_model_opens(desk: Client, model: type[Model], language: str) -> None:
    make_world()
    row = 1 if model in ONE_ROW else model._default_manager.first().pk

    listed = desk.get(reverse(name_of(model, "changelist")), headers={"accept-language": language})
    added = desk.get(reverse(name_of(model, "add")), headers={"accept-language": language})
    shown = desk.get(
        reverse(name_of(model, "change"), args=[row]), headers={"accept-language": language}
    )

    assert listed.status_code == (302 if model in ONE_ROW else 200)
    assert added.status_code == (200 if model in ADDABLE else 403)
    assert shown.status_code == 200
    for page in (listed, shown):
        assert page.status_code == 302 or f'<html lang="{language}"' in page.content.decode()
        if language == "fr" and model._meta.app_label in {"odds", "betting"}:
            assert ENGLISH.findall(visible_text(page.content.decode())) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_page_opens_with_and_without_data(desk: Client, language: str) -> None:
    empty = desk.get("/admin/", headers={"accept-language": language})
    make_world()
    full = desk.get("/admin/", headers={"accept-language": language})

    assert (empty.status_code, full.status_code) == (200, 200)
    if language == "fr":
        assert ENGLISH.findall(visible_text(empty.content.decode())) == []
        assert ENGLISH.findall(visible_text(full.content.decode())) == []


@pytest.mark.parametrize(
    "model", sorted({*FACTS, Bet, BetImport}, key=lambda model: model.__name__)
)
def test_an_empty_list_says_what_to_do(desk: Client, model: type[Model]) -> None:
    page = desk.get(reverse(name_of(model, "changelist")), headers={"accept-language": "en"})

    page_admin = admin.site._registry[model]
    assert str(page_admin.empty_title) in page.content.decode()
    assert str(page_admin.empty_hint) in unescape(page.content.decode())


@pytest.mark.parametrize("model", sorted(FACTS, key=lambda model: model.__name__))
def test_facts_cannot_be_changed_added_or_deleted(desk: Client, model: type[Model]) -> None:
    make_world()
    row = model._default_manager.first()
    before = list(model._default_manager.values())

    answers = [
        desk.post(reverse(name_of(model, "change"), args=[row.pk]), {"status": "failed"}),
        desk.post(reverse(name_of(model, "add")), {"home_team": "x"}),
        desk.post(reverse(name_of(model, "delete"), args=[row.pk]), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert list(model._default_manager.values()) == before


@pytest.mark.parametrize("model", sorted(PAGES, key=lambda model: model.__name__))
def test_what_has_forms_of_its_own_is_not_edited_raw(desk: Client, model: type[Model]) -> None:
    make_world()
    row = model._default_manager.first()
    before = list(model._default_manager.values())

    answers = [
        desk.post(reverse(name_of(model, "change"), args=[row.pk]), {"status": "failed"}),
        desk.post(reverse(name_of(model, "delete"), args=[row.pk]), {"post": "yes"}),
        desk.post(reverse(name_of(model, "add")), {"home_team": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert list(model._default_manager.values()) == before


@override_settings(SIMULATED=True)
@pytest.mark.parametrize(
    ("language", "badge"), [("fr", "Marché simulé"), ("en", "Simulated market")]
)
def test_a_simulated_market_is_said_on_every_page(desk: Client, language: str, badge: str) -> None:
    addresses = [
        "/admin/",
        "/admin/betting/opportunity/",
        "/admin/odds/match/",
        "/admin/odds/sport/",
    ]

    pages = [desk.get(one, headers={"accept-language": language}) for one in addresses]
    pages.append(Client().get("/admin/login/", headers={"accept-language": language}))

    assert all(badge in page.content.decode() for page in pages)


@override_settings(SIMULATED=False)
def test_a_real_market_has_no_badge(desk: Client) -> None:
    page = desk.get("/admin/", headers={"accept-language": "en"})

    assert "Simulated market" not in page.content.decode()


def test_signing_in_leads_to_the_first_page(admin_user: User) -> None:
    client = Client()
    form = client.get("/admin/login/").content.decode()
    following = re.search(r'name="next" value="([^"]*)"', form)
    assert following

    answer = client.post(
        "/admin/login/",
        {"username": "admin", "password": "password", "next": following[1]},
    )

    assert answer.headers["Location"] == "/admin/"
