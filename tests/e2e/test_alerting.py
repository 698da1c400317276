"""From a row of the database to a mail and back: what Prometheus sees, Alertmanager tells."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from alerts import heartbeats
from alerts.models import Alert, AlertmanagerState, Heartbeat
from alerts.tasks import tick
from betting.bankroll import ledger
from betting.models import Account, Opportunity
from odds.models import Collection
from tests.alerts.mailbox import Mailbox, free_port, serving
from tests.e2e.watched_site import (
    CRITICAL,
    WatchedSite,
    all_is_well,
    collection_at,
    html_of,
    running,
    text_of,
)
from tests.factories import make_bet, make_bookmaker, make_match, make_opportunity, make_sport
from tests.monitoring.conftest import tool  # noqa: F401 (a fixture)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Any, transactional_db: None, settings: Any):
    """A site that is watched and well, a moment ago; a test may say how long its worker is away."""
    find = request.getfixturevalue("tool")
    programs = find("prometheus"), find("prometheus-alertmanager", "alertmanager")
    now = timezone.now()
    away: timedelta = getattr(request, "param", timedelta())
    all_is_well(now=now, worker_seen_at=now - away, collected_at=now - away)
    mailbox, mail_port = Mailbox(), free_port()
    site = WatchedSite(tmp_path, mailbox, mail_port)
    settings.ALERTMANAGER_URL = site.alertmanager
    settings.PUBLIC_URL = "https://monps.example.org"
    settings.EMAIL_HOST = ""
    with serving(mailbox, mail_port), running(site):
        site.start(prometheus=programs[0], alertmanager=programs[1])
        yield site


def test_a_bankroll_that_falls_to_890_is_one_critical_mail_until_it_is_back(site: WatchedSite):
    site.let_scrapes_pass()
    assert site.mailbox.subjects == []  # all is well
    now = timezone.now()
    ledger.post(Account.objects.get(), "withdrawal", Decimal(50), now=now)
    make_bet("lost", stake="60", at=now - HOUR, match=make_match(commence_time=now + HOUR))

    mail = site.mail(f"{CRITICAL}BankrollCritique")

    said = "La bankroll est de 890,00 € (seuil : 900 €). Arrêter de parier."
    assert said in text_of(mail)
    assert said in html_of(mail)
    assert "Action immédiate requise" in html_of(mail)
    assert 'href="https://monps.example.org/"' in html_of(mail)
    assert "docs/OPERATIONS.md#bankrollcritique" in text_of(mail)
    site.let_scrapes_pass()
    assert site.mailbox.subjects == [f"{CRITICAL}BankrollCritique"]
    [episode] = site.until(
        lambda: list(Alert.objects.open().filter(name="BankrollCritique")), "episode"
    )
    assert (episode.source, episode.severity) == (Alert.Source.ALERTMANAGER, "critical")

    ledger.post(Account.objects.get(), "deposit", Decimal(100), now=timezone.now())

    site.mail("✅ [MON_PS] Résolu - BankrollCritique")
    site.until(lambda: not Alert.objects.open().exists(), "end of the episode")


def test_a_web_server_that_is_killed_is_told_and_so_is_its_return(site: WatchedSite):
    site.kill_web()

    mail = site.mail(f"{CRITICAL}BackendDown")
    assert "L’application ne répond plus" in text_of(mail)
    assert site.mailbox.subjects == [f"{CRITICAL}BackendDown"]

    site.start_web()

    site.mail("✅ [MON_PS] Résolu - BackendDown")
    site.let_scrapes_pass()
    assert len(site.mailbox.subjects) == 2
    site.until(lambda: Alert.objects.filter(name="BackendDown").exists(), "record of what was told")


def test_new_opportunities_are_one_mail_once_and_their_end_another(site: WatchedSite):
    now = timezone.now()
    book = make_bookmaker("winamax_fr", title="Winamax (FR)")
    sport = make_sport(key="soccer_france_ligue_one", title="Ligue 1", is_collected=True)
    for home, away in (("Lens", "Lille"), ("Metz", "Nice")):
        match = make_match(
            sport=sport, home_team=home, away_team=away, commence_time=now + 5 * HOUR
        )
        make_opportunity(match=match, best_bookmaker=book, first_seen_at=now)

    tick()

    found = "💰 [MON_PS] 2 opportunités (Ligue 1)"
    mail = site.mail(found)
    for words in ("Lens – Lille", "Metz – Nice", "2,30", "Winamax (FR)", "3,5 %", "heure de Paris"):
        assert words in text_of(mail), words
        assert words in html_of(mail), words
    for opportunity in Opportunity.objects.all():
        page = f"https://monps.example.org/admin/betting/opportunity/{opportunity.pk}/change/"
        assert page in text_of(mail)
    for edge in (3.9, 4.2):
        Opportunity.objects.update(edge_pct=edge, best_odds=Decimal("2.35"))
        tick()
        site.let_scrapes_pass()
    assert site.mailbox.subjects == [found]
    assert AlertmanagerState.objects.get().failure == ""

    Opportunity.objects.update(closed_at=timezone.now(), closing="price_moved")
    tick()

    closed = "✅ [MON_PS] 2 opportunités fermées"
    site.mail(closed)
    tick()
    site.let_scrapes_pass()
    assert site.mailbox.subjects == [found, closed]


@pytest.mark.parametrize("site", [15 * MINUTE], indirect=True, ids=["worker-15-min-away"])
def test_a_worker_that_is_dead_for_four_hours_is_told_and_then_that_nothing_was_collected(
    site: WatchedSite,
):
    worker = heartbeats.of_worker("celery")
    mail = site.mail(f"{CRITICAL}WorkerSilent")
    assert "signe de vie depuis 15m" in text_of(mail)

    long_ago = timezone.now() - 4 * HOUR - 5 * MINUTE
    Heartbeat.objects.filter(name=worker).update(seen_at=long_ago)
    Collection.objects.update(observed_at=long_ago, started_at=long_ago, finished_at=long_ago)

    mail = site.mail("ℹ️ [MON_PS] Plus de collecte")
    assert "La dernière collecte date de 4h 5m" in text_of(mail)
    assert len(site.mailbox.subjects) == 2

    heartbeats.beat(worker, now=timezone.now())
    collection_at(timezone.now())

    site.mail("✅ [MON_PS] Résolu - WorkerSilent")
    site.mail("✅ [MON_PS] Résolu - Plus de collecte")
    assert len(site.mailbox.subjects) == 4
