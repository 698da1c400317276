"""What the mails say: complete, in the reader's language, harmless whatever names are in them."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import translation

from alerts.mails import alert_letters, letters, nightly, opportunity_letter, rendering, verdicts
from alerts.models import Alert, Mail, NotificationSettings
from strategies.lifecycle import propose
from strategies.models import Improvement
from tests.factories import (
    NOON,
    make_bookmaker,
    make_match,
    make_opportunity,
    make_sport,
    make_strategy,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_port")]

ENGLISH = NotificationSettings(language="en")


def visible(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def found(**given):
    match = make_match(
        home_team="Lens",
        away_team="Lille",
        sport=make_sport(key="soccer_france_ligue_one", title="Ligue 1"),
        commence_time=NOON + timedelta(hours=8),
    )
    book = make_bookmaker("winamax_fr", title="Winamax (FR)")
    make_bookmaker("pinnacle", title="Pinnacle")
    return make_opportunity(match=match, best_bookmaker=book, **given)


def written(letter):
    with rendering.for_readers(ENGLISH):
        return rendering.render(letter, now=NOON)


def test_opportunities_are_told_with_match_odds_bookmaker_edge_age_kick_off_and_link(settings):
    settings.TIME_ZONE = "Europe/Paris"
    opportunity = found(price_seen_at=NOON - timedelta(minutes=3))
    with rendering.for_readers(ENGLISH):
        letter = opportunity_letter.compose([opportunity], now=NOON)
    text, html = written(letter)

    address = f"https://monps.example.org/admin/betting/opportunity/{opportunity.pk}/change/"
    for one in (text, visible(html)):
        for expected in (
            "Lens – Lille",
            "Ligue 1",
            "Lens at 2.30, Winamax (FR)",
            "+3.5%",
            "3 min ago",
            "21 Nov, 21:00",
            "2.22 by Pinnacle",
            "Europe/Paris",
        ):
            assert expected in one
    assert address in text
    assert f'href="{address}"' in html
    assert letter.subject == "💰 [MON_PS] 1 new opportunity · Lens – Lille +3.5%"


def test_of_many_opportunities_the_best_are_shown_and_the_rest_counted():
    match, book = make_match(), make_bookmaker()
    rows = [
        make_opportunity(
            match=match, market="totals", outcome="over", line=Decimal(line), best_bookmaker=book
        )
        for line in range(23)
    ]
    text, html = written(opportunity_letter.compose(rows, now=NOON))

    assert text.count("at 2.30") == html.count("at 2.30") == opportunity_letter.SHOWN
    assert "3 more are not shown." in text


def test_an_arbitrage_lists_its_legs():
    legs = [
        {"outcome": "home", "bookmaker": "winamax_fr", "odds": 2.2, "seen_at": NOON.isoformat()},
        {"outcome": "away", "bookmaker": "pinnacle", "odds": 2.05, "seen_at": NOON.isoformat()},
    ]
    opportunity = found(kind="arbitrage", legs=legs, fair_probability=None, shrunk_edge_pct=None)
    opportunity.best_bookmaker = opportunity.best_odds = None
    text, _html = written(opportunity_letter.compose([opportunity], now=NOON))

    assert "Arbitrage: bet on every outcome." in text
    assert "2.20 · Winamax (FR)" in text
    assert "2.05 · Pinnacle" in text


def test_names_from_outside_cannot_become_markup():
    match = make_match(home_team='<script>alert(1)</script>"', away_team="& Co")
    with rendering.for_readers(ENGLISH):
        letter = opportunity_letter.compose([make_opportunity(match=match)], now=NOON)
    text, html = written(letter)

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)</script>" in text


def test_without_an_address_of_ours_there_are_no_links(settings):
    settings.PUBLIC_URL = ""
    with rendering.for_readers(ENGLISH):
        letter = opportunity_letter.compose([found()], now=NOON)
    text, html = written(letter)

    assert "href" not in html
    assert "http" not in text


def test_nothing_is_loaded_from_outside_and_no_script_is_in_it():
    _text, html = written(opportunity_letter.compose([found()], now=NOON))

    assert not re.search(r"<(script|img|link|iframe)\b|url\(|@import| src=", html)


def an_alert(**given):
    values = {
        "source": "own",
        "fingerprint": "f" * 16,
        "name": "BankrollCritique",
        "severity": "critical",
        "annotations": {"summary": "Bankroll critique", "description": "890,00 € (seuil : 900 €)"},
        "starts_at": NOON - timedelta(minutes=6),
        "seen_at": NOON,
    }
    return Alert.objects.create(**values | given)


def test_a_critical_alert_says_what_since_when_and_what_to_do():
    with rendering.for_readers(ENGLISH):
        letter = alert_letters.critical(an_alert(), now=NOON)
    text, html = written(letter)

    assert letter.subject == "🚨 [MON_PS] CRITICAL ALERT - BankrollCritique: Bankroll critique"
    for one in (text, visible(html)):
        for expected in ("890,00 € (seuil : 900 €)", "6 min ago", "Immediate action is required"):
            assert expected in one


def test_a_digest_tells_what_began_and_what_is_over():
    begun = an_alert(name="BankrollWarning", severity="warning")
    over = an_alert(
        fingerprint="e" * 16, name="QuotaLow", severity="warning", ends_at=NOON, annotations={}
    )
    with rendering.for_readers(ENGLISH):
        letter = alert_letters.digest([begun], [over], now=NOON)
    text, _html = written(letter)

    assert letter.title == "1 new alert, 1 resolved"
    assert text.index("BankrollWarning") < text.index("QuotaLow")
    assert letter.severity == Mail.Severity.WARNING


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_mail_is_written_in_the_language_that_is_set(language):
    with rendering.for_readers(NotificationSettings(language=language)):
        _text, html = rendering.render(letters.test(), now=NOON)

    assert f'<html lang="{language}">' in html
    assert translation.get_language() == "en"


def reached(**given):
    version = make_strategy()
    improvement = propose(version.strategy, {"minimum_edge_pct": 3.0}, now=NOON)
    values = {
        "status": "active", "ab_test_start": NOON, "version_a": version, "version_b": version,
        "plan_effect": 0.5, "plan_alpha": 0.05, "plan_horizon": 300, "paired_matches": 120,
        "clv_gain": 0.9, "clv_gain_low": 0.1, "clv_gain_high": 1.7, "verdict": "better",
        "verdict_at": NOON,
    }  # fmt: skip
    Improvement.objects.filter(pk=improvement.pk).update(**values | given)
    return improvement


def test_a_verdict_is_told_once(settings):
    NotificationSettings.objects.create(language="en")
    improvement = reached()

    assert verdicts.post_verdicts(now=NOON) == 1
    assert verdicts.post_verdicts(now=NOON + timedelta(minutes=1)) == 0

    mail = Mail.objects.get()
    assert mail.key == f"verdict-{improvement.pk}"
    assert "Better" in mail.subject
    assert "+0.10 to +1.70" in mail.text
    assert "→ 3" in mail.text


def test_an_old_verdict_is_no_news():
    reached(verdict_at=NOON - timedelta(days=3))

    assert verdicts.post_verdicts(now=NOON) == 0


def test_a_night_is_told_once_and_louder_when_it_failed():
    assert nightly.post_nightly("2026-11-21", ["Two changes proposed."], NOON) is True
    assert nightly.post_nightly("2026-11-21", ["Two changes proposed."], NOON) is False
    assert nightly.post_nightly("2026-11-22", [], NOON) is False
    assert nightly.post_nightly("2026-11-22", ["Ranking failed."], NOON, is_failure=True) is True

    assert list(Mail.objects.order_by("key").values_list("severity", flat=True)) == [
        "info",
        "warning",
    ]
    assert "Two changes proposed." in Mail.objects.get(key="nightly-2026-11-21").text
