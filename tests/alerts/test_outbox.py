"""Mails are rows until a real mail server has confirmed them; each arrives once."""

import logging
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from alerts.mails import outbox, smtp
from alerts.models import Mail
from tests.alerts.choices import choose
from tests.alerts.mailbox import Mailbox, serving
from tests.factories import NOON

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def in_english(db):
    choose()


def post(key="first", *, at=NOON, severity="info", subject="", text="Hello", html="<p>Hello</p>"):
    return outbox.post(
        key, subject=subject or f"About {key}", text=text, html=html, now=at, severity=severity
    )


def send(at=NOON, **given):
    return outbox.send_waiting(clock=lambda: at, **given)


def the_mail(key="first"):
    return Mail.objects.get(key=key)


def logged(caplog):
    """What we wrote; the mail server of the tests has a log of its own."""
    return "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")
    )


def test_a_mail_arrives_as_it_was_posted(mailbox: Mailbox):
    post(text="Écart\n.one dot\n..two dots", html="<p>Écart <b>3 %</b></p>", subject="Écart — 1")

    sent = send(NOON + MINUTE)

    [message] = mailbox.received
    assert sent == 1
    assert message["Subject"] == "Écart — 1"
    assert message["From"] == "MON_PS <monps@example.org>"
    assert message["To"] == "owner@example.org, friend@example.org"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == the_mail().message_id
    told = message.get_body(("plain",)).get_content()
    assert told.splitlines() == ["Écart", ".one dot", "..two dots"]
    assert message.get_body(("html",)).get_content() == "<p>Écart <b>3 %</b></p>"
    assert (the_mail().status, the_mail().sent_at) == (Mail.Status.SENT, NOON + MINUTE)


def test_a_key_is_posted_once_ever(mailbox: Mailbox):
    assert post() is True
    send()

    assert post(subject="Something else") is False
    send(NOON + timedelta(days=400))

    assert mailbox.subjects == ["About first"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_transaction_that_fails_was_never_posted():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert not Mail.objects.exists()


def test_a_subject_cannot_add_a_header(mailbox: Mailbox):
    post(subject="Lens\r\nBcc: thief@example.org\n – Lille")

    send()

    [message] = mailbox.received
    assert message["Subject"] == "Lens Bcc: thief@example.org – Lille"
    assert message["Bcc"] is None


def test_two_mails_of_one_key_in_two_installations_have_two_message_ids():
    first = Mail(key="verdict-1", created_at=NOON)
    other = Mail(key="verdict-1", created_at=NOON + timedelta(microseconds=1))

    assert first.message_id != other.message_id


def test_an_hour_without_a_mail_server_delays_mails_and_loses_none(mail_port: int):
    for number in range(7):
        post(f"mail-{number}")
    for minute in range(60):
        assert send(NOON + minute * MINUTE) == 0
    assert Mail.objects.waiting().count() == 7
    assert "Nothing listens" in the_mail("mail-0").failure

    box = Mailbox()
    with serving(box, mail_port):
        for minute in range(60, 80):
            send(NOON + minute * MINUTE)

    assert sorted(box.subjects) == [f"About mail-{number}" for number in range(7)]
    assert Mail.objects.filter(status=Mail.Status.SENT, failure="").count() == 7


def test_attempts_grow_rarer_up_to_a_quarter_of_an_hour_and_never_end(mail_port: int):
    post()
    tried = []
    for minute in range(5 * 60):
        before = the_mail().claim
        send(NOON + minute * MINUTE)
        if the_mail().claim != before:
            tried.append(minute)

    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[:4] == [1, 2, 4, 8]
    assert set(gaps[4:]) == {15}
    assert tried[-1] > 5 * 60 - 16


def test_a_recipient_refused_for_good_is_shown_without_the_address(mailbox: Mailbox, caplog):
    reply = "550 5.1.1 <owner@example.org>: no such user, says monps@example.org"
    mailbox.refuse_recipient = {"owner@example.org": reply, "friend@example.org": reply}
    post()

    send()
    send(NOON + timedelta(days=1))

    mail = the_mail()
    assert mailbox.received == []
    assert mail.status == Mail.Status.FAILED
    assert mail.failure == "The mail server answered: 550 5.1.1 <[…]>: no such user, says […]."
    assert "@example.org" not in logged(caplog)
    assert mail.claim == 1


def test_a_refused_mail_can_be_sent_again(mailbox: Mailbox):
    mailbox.refuse_mail = "554 looks like spam"
    post()
    send()
    assert the_mail().status == Mail.Status.FAILED

    mailbox.refuse_mail = ""
    assert outbox.send_again([the_mail().pk], now=NOON + MINUTE) == 1
    send(NOON + MINUTE)

    assert (the_mail().status, the_mail().failure) == (Mail.Status.SENT, "")
    assert mailbox.subjects == ["About first"]
    assert outbox.send_again([the_mail().pk], now=NOON) == 0


def test_one_of_two_recipients_refused_is_said_and_the_other_gets_it(mailbox: Mailbox):
    mailbox.refuse_recipient = {"friend@example.org": "550 unknown"}
    post()

    send()

    assert mailbox.subjects == ["About first"]
    assert the_mail().status == Mail.Status.SENT
    assert the_mail().failure == "1 of 2 recipients were refused (550 unknown)."


def test_a_mail_refused_for_now_waits_and_holds_up_no_other(mailbox: Mailbox):
    mailbox.refuse_mail = "451 greylisted, try again"
    post("first")
    post("second")

    send()
    assert {mail.status for mail in Mail.objects.all()} == {Mail.Status.WAITING}
    assert the_mail("second").claim == 1

    mailbox.refuse_mail = ""
    send(NOON + MINUTE)
    assert sorted(mailbox.subjects) == ["About first", "About second"]


def test_a_wrong_password_keeps_mails_waiting_and_is_in_no_row_or_log(
    mail_port: int, settings, caplog
):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "monps", "hunter2-secret"
    caplog.set_level(logging.DEBUG)
    post()

    with serving(Mailbox(), mail_port):  # it offers no sign-in
        send()

    assert the_mail().status == Mail.Status.WAITING
    assert "hunter2" not in the_mail().failure + logged(caplog)


def test_a_server_that_hangs_up_after_taking_a_mail_leaves_it_in_doubt_and_tells(mailbox: Mailbox):
    mailbox.hangs_up = True
    post()
    send()
    assert the_mail().status == Mail.Status.IN_DOUBT

    mailbox.hangs_up = False
    for minute in range(1, 30):
        send(NOON + minute * MINUTE)

    assert mailbox.subjects.count("About first") == 1
    assert len(mailbox.received) == 2
    assert "About first" in mailbox.subjects[1]
    assert Mail.objects.failed().get() == the_mail()


def test_a_server_that_always_hangs_up_is_not_given_a_note_about_every_note(mailbox: Mailbox):
    mailbox.hangs_up = True
    post()

    for minute in range(60):
        send(NOON + minute * MINUTE)

    assert Mail.objects.count() == 2
    assert len(mailbox.received) == 2


def test_a_sender_that_was_taken_for_dead_cannot_go_on(mailbox: Mailbox):
    """It wakes up with everything said but the dot, while another has sent the mail."""
    post()
    slow = outbox._claim(NOON, key="", is_quiet=False)
    later = NOON + outbox.ABANDONED_AFTER + MINUTE
    assert send(later) == 1

    with smtp.Line() as line, pytest.raises(smtp.TakenOverError):
        line.send(
            outbox._compose(slow),
            is_ready=lambda: outbox._move(slow, Mail.Status.HANDED_OVER, claimed_at=later),
        )

    assert mailbox.subjects == ["About first"]
    assert the_mail().status == Mail.Status.SENT


def test_a_late_confirmation_ends_the_doubt(mailbox: Mailbox):
    post()
    slow = outbox._claim(NOON, key="", is_quiet=False)
    outbox._move(slow, Mail.Status.HANDED_OVER, claimed_at=NOON)
    outbox.release_abandoned(now=NOON + timedelta(hours=1))
    assert the_mail().status == Mail.Status.IN_DOUBT

    assert outbox._move(slow, Mail.Status.SENT, sent_at=NOON, failure="")

    assert the_mail().status == Mail.Status.SENT


def test_nothing_is_sent_inside_a_transaction_that_could_be_rolled_back(mailbox: Mailbox):
    post()
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = False
        with pytest.raises(RuntimeError, match="durable"):
            send()


def test_mails_switched_off_stay_where_they_are(mailbox: Mailbox):
    post()
    choose(is_mail_on=False)
    assert send() == 0

    choose(is_mail_on=True)
    assert send() == 1


def test_without_a_server_or_a_recipient_nothing_is_tried(settings, mail_port: int):
    post()
    settings.EMAIL_TO = []
    assert send() == 0
    settings.EMAIL_TO, settings.EMAIL_HOST = ["owner@example.org"], ""
    assert send() == 0

    assert the_mail().claim == 0


def test_critical_mails_go_first_and_pass_quiet_hours(mailbox: Mailbox):
    quiet = NOON.time()
    choose(quiet_from="11:00", quiet_until="15:00")
    post("digest")
    post("alarm", severity="critical", at=NOON + MINUTE)
    assert quiet.hour == 12  # 13:00 in Paris

    send(NOON + MINUTE)
    assert mailbox.subjects == ["About alarm"]

    send(NOON + timedelta(hours=2))
    assert mailbox.subjects == ["About alarm", "About digest"]


def test_one_connection_serves_a_whole_sweep(mailbox: Mailbox):
    for number in range(5):
        post(f"mail-{number}")

    assert send() == 5
    assert len(set(mailbox.peers)) == 1


@pytest.mark.parametrize("sender", ["", "a@b@c"])
def test_without_a_sender_that_is_an_address_mails_wait_and_say_so(mailbox, settings, sender):
    settings.DEFAULT_FROM_EMAIL = sender
    post()

    send()

    assert the_mail().status == Mail.Status.WAITING
    assert "DEFAULT_FROM_EMAIL" in the_mail().failure
    assert mailbox.received == []
