"""Without Alertmanager: rules on true numbers, and who is told of what, and when."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alerts import evaluating, telling
from alerts.heartbeats import BEAT, beat, of_worker
from alerts.mails import outbox
from alerts.models import Alert, Mail, NotificationSettings
from alerts.rules import RULES
from betting.bankroll import ledger
from betting.models import Opportunity
from tests.alerts.mailbox import Mailbox
from tests.factories import NOON, make_account, make_bookmaker, make_match, make_opportunity

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def tick(at):
    """A minute's work of a worker that is alive."""
    for name in (BEAT, of_worker("celery"), of_worker("long")):
        beat(name, now=at)
    assert evaluating.evaluate(now=at)
    outbox.send_waiting(clock=lambda: at)


def tick_every_minute(first, last, *, minutes=1):
    at = first
    while at <= last:
        tick(at)
        at += minutes * MINUTE


def lose(amount, *, at):
    """Take an amount from the desk; a negative one is brought back."""
    ledger.post(ledger.cash_account(now=at), "adjustment", -Decimal(amount), now=at)


def about(mailbox, word):
    return [subject for subject in mailbox.subjects if word in subject]


@pytest.fixture
def only_money(mailbox: Mailbox) -> Mailbox:
    """A desk with 1000 €; what is missing on a fresh one (backups, collections) raises nothing."""
    make_account("1000", at=NOON - HOUR)
    return mailbox


def test_a_bankroll_below_900_is_told_once_after_five_minutes_and_again_when_it_is_over(
    only_money: Mailbox,
):
    tick(NOON)
    lose("110", at=NOON)
    tick_every_minute(NOON + MINUTE, NOON + 5 * MINUTE)
    assert about(only_money, "BankrollCritique") == []
    assert Alert.objects.pending().filter(name="BankrollCritique").exists()

    tick_every_minute(NOON + 6 * MINUTE, NOON + 12 * MINUTE)
    [told] = about(only_money, "BankrollCritique")
    assert told.startswith("🚨")
    [message] = [one for one in only_money.received if told in one["Subject"]]
    assert "890,00" in message.get_body(("plain",)).get_content()

    lose("-200", at=NOON + 12 * MINUTE)
    tick_every_minute(NOON + 13 * MINUTE, NOON + 20 * MINUTE)
    assert len(about(only_money, "BankrollCritique")) == 2
    alert = Alert.objects.get(name="BankrollCritique")
    assert (alert.starts_at, alert.ends_at) == (NOON + 6 * MINUTE, NOON + 17 * MINUTE)


def test_what_holds_for_less_than_it_must_is_told_to_nobody(only_money: Mailbox):
    lose("110", at=NOON)
    tick_every_minute(NOON, NOON + 4 * MINUTE)
    lose("-110", at=NOON + 4 * MINUTE)
    tick_every_minute(NOON + 5 * MINUTE, NOON + 12 * MINUTE)

    assert about(only_money, "BankrollCritique") == []
    assert not Alert.objects.filter(name="BankrollCritique").exists()


def test_a_restart_goes_on_counting_and_a_long_absence_begins_anew(only_money: Mailbox):
    lose("110", at=NOON)
    tick(NOON)
    tick(NOON + 5 * MINUTE)  # as a worker does that was away in between
    assert len(about(only_money, "BankrollCritique")) == 1

    lose("-110", at=NOON + 6 * MINUTE)
    tick_every_minute(NOON + 6 * MINUTE, NOON + 12 * MINUTE)
    lose("110", at=NOON + 13 * MINUTE)
    tick(NOON + 13 * MINUTE)
    tick(NOON + 13 * MINUTE + evaluating.LONGEST_GAP + MINUTE)
    assert Alert.objects.pending().filter(name="BankrollCritique").exists()


def test_a_critical_alert_is_told_again_every_day_until_somebody_acknowledges_it(
    only_money: Mailbox,
):
    lose("110", at=NOON)
    for hour in range(30):
        tick(NOON + hour * HOUR)
    known = len(about(only_money, "BankrollCritique"))
    assert known == 2  # at once, and 24 hours later

    Alert.objects.filter(name="BankrollCritique").update(
        acknowledged_at=NOON, acknowledged_by="owner"
    )
    for hour in range(30, 60):
        tick(NOON + hour * HOUR)
    assert len(about(only_money, "BankrollCritique")) == known


def test_alerts_that_are_not_critical_are_gathered_in_one_mail(only_money: Mailbox):
    """A refused mail counts after ten minutes, a low bankroll after five."""
    outbox.post("refused", subject="Refused", text="", html="", now=NOON)
    Mail.objects.update(status="failed", claim=1, claimed_at=NOON, failure="Refused.")
    tick(NOON)
    lose("60", at=NOON)
    tick_every_minute(NOON + 5 * MINUTE, NOON + 20 * MINUTE)

    [subject] = about(only_money, "⚠️")
    [message] = [one for one in only_money.received if subject in one["Subject"]]
    text = message.get_body(("plain",)).get_content()
    assert "2 " in subject
    assert "BankrollWarning" in text
    assert "MailsFailing" in text


def test_a_new_opportunity_is_told_once_with_others_and_never_again(mailbox: Mailbox):
    match = make_match(home_team="Lens", away_team="Lille")
    first = make_opportunity(match=match, edge_pct=3.5)
    make_opportunity(match=match, outcome="draw", edge_pct=5.0)
    make_opportunity(match=match, kind="spread")  # says nothing of value

    tick_every_minute(NOON, NOON + 5 * MINUTE)
    tick_every_minute(NOON + 10 * MINUTE, NOON + 3 * HOUR, minutes=10)

    [subject] = about(mailbox, "💰")
    assert "2 " in subject
    assert "Lens – Lille" in subject
    assert Alert.objects.filter(name="OpportunityDetected").open().count() == 2

    Opportunity.objects.filter(pk=first.pk).update(closed_at=NOON, closing="price_moved")
    tick(NOON + 4 * HOUR)
    alert = Alert.objects.get(labels__opportunity=str(first.pk))
    assert alert.ends_at == NOON + 4 * HOUR
    assert len(about(mailbox, "💰")) == 1


def test_what_is_found_between_two_digests_waits_for_the_next(mailbox: Mailbox):
    make_opportunity()
    tick(NOON)
    late = [make_opportunity(first_seen_at=NOON + MINUTE) for _number in range(3)]
    gone = late.pop()
    tick_every_minute(NOON + MINUTE, NOON + 30 * MINUTE, minutes=10)
    Opportunity.objects.filter(pk=gone.pk).update(closed_at=NOON + HOUR, closing="withdrawn")
    tick_every_minute(NOON + 31 * MINUTE, NOON + 61 * MINUTE, minutes=6)

    assert [subject.split()[2] for subject in about(mailbox, "💰")] == ["1", "2"]


def test_at_night_only_critical_alerts_are_told_and_the_rest_in_the_morning(only_money: Mailbox):
    NotificationSettings.objects.create(quiet_from="12:00", quiet_until="16:00")  # Paris
    make_opportunity()
    gone = make_opportunity()
    lose("110", at=NOON)
    tick_every_minute(NOON, NOON + 10 * MINUTE)
    assert len(about(only_money, "BankrollCritique")) == 1
    assert about(only_money, "💰") == []

    Opportunity.objects.filter(pk=gone.pk).update(closed_at=NOON + HOUR, closing="withdrawn")
    tick(NOON + 3 * HOUR)  # 16:00 in Paris
    [subject] = about(only_money, "💰")
    assert subject.split()[2] == "1"


def test_only_playable_bookmakers_where_that_is_asked_for(mailbox: Mailbox):
    playable = make_bookmaker("winamax_fr", is_playable=True)
    wanted = make_opportunity(best_bookmaker=playable)
    make_opportunity()
    legs = [
        {"outcome": "home", "bookmaker": one, "odds": 2.2, "seen_at": NOON.isoformat()}
        for one in ("winamax_fr", "betclic_fr")
    ]
    make_opportunity(kind="arbitrage", best_bookmaker=None, best_odds=None, legs=legs)
    NotificationSettings.objects.create(only_playable=True)

    tick(NOON)

    alerts = Alert.objects.filter(name="OpportunityDetected")
    assert [one.labels["opportunity"] for one in alerts] == [str(wanted.pk)]


def test_with_mails_off_alerts_are_kept_and_told_once_they_are_on(only_money: Mailbox):
    NotificationSettings.objects.create(is_mail_on=False)
    lose("110", at=NOON)
    tick_every_minute(NOON, NOON + 10 * MINUTE)
    assert not Mail.objects.exists()
    assert Alert.objects.open().filter(name="BankrollCritique").exists()

    NotificationSettings.objects.update(is_mail_on=True)
    tick(NOON + 11 * MINUTE)
    assert len(about(only_money, "BankrollCritique")) == 1


def test_leaving_the_watch_to_alertmanager_ends_our_own_alerts_without_a_mail(only_money: Mailbox):
    lose("110", at=NOON)
    make_opportunity()
    tick_every_minute(NOON, NOON + 6 * MINUTE)
    known = Mail.objects.count()

    evaluating.leave(now=NOON + HOUR)
    tick(NOON + 2 * HOUR)

    assert not Alert.objects.open().filter(name="OpportunityDetected").exists()
    assert Mail.objects.filter(key__endswith="-over").count() == 0
    assert Mail.objects.count() >= known


def test_verdicts_are_not_told_twice_over():
    assert set(telling.TOLD_OTHERWISE) <= RULES.keys()


def test_the_fingerprint_is_that_of_the_labels_in_any_order():
    one = evaluating.fingerprint_of({"alertname": "A", "sport": "x"})

    assert one == evaluating.fingerprint_of({"sport": "x", "alertname": "A"})
    assert one != evaluating.fingerprint_of({"alertname": "A", "sport": "y"})
