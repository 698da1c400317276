"""Real processes send to a real server and are killed: nothing is lost, nothing arrives twice."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from alerts.mails import outbox
from alerts.models import Mail
from tests.alerts.mailbox import PATIENCE_SECONDS, Mailbox, serving

ROOT = Path(__file__).resolve().parents[2]
MAILS = 40

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def posted() -> None:
    now = timezone.now()
    for number in range(MAILS):
        outbox.post(f"mail-{number}", subject=f"Mail {number}", text="Hello", html="", now=now)


def sending(port: int) -> subprocess.Popen[bytes]:
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.alerts.sender"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(port),
            "EMAIL_USE_TLS": "false",
            "EMAIL_TO": "owner@example.org",
            "DEFAULT_FROM_EMAIL": "monps@example.org",
        },
        stderr=subprocess.DEVNULL,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def send_the_rest() -> None:
    """What the next minutes do."""
    later = timezone.now() + outbox.ABANDONED_AFTER + timedelta(minutes=1)
    outbox.send_waiting(clock=lambda: later)
    outbox.send_waiting(clock=lambda: later + timedelta(minutes=1))


def test_two_processes_at_once_send_every_mail_once(posted: None, mail_port: int):
    box = Mailbox()
    with serving(box, mail_port):
        processes = [sending(mail_port), sending(mail_port)]
        assert [process.wait(PATIENCE_SECONDS * 2) for process in processes] == [0, 0]

    assert sorted(box.subjects) == sorted(f"Mail {number}" for number in range(MAILS))
    assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()


def test_killed_before_the_server_had_anything_each_mail_arrives_once(posted: None, mail_port: int):
    ill, well = Mailbox(), Mailbox()
    ill.stall_at = "recipient"
    with serving(ill, mail_port):
        process = sending(mail_port)
        assert ill.reached.wait(PATIENCE_SECONDS)
        kill(process)

    with serving(well, mail_port):
        send_the_rest()

    assert ill.received == []
    assert sorted(well.subjects) == sorted(f"Mail {number}" for number in range(MAILS))
    assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()


@pytest.mark.parametrize("stall_at", ["taken", "lost"])
def test_killed_before_the_server_confirmed_it_does_not_arrive_twice_and_is_told_of(
    posted: None, mail_port: int, stall_at: str
):
    """Whether the server took it or not looks the same from here, and ends the same."""
    ill, well = Mailbox(), Mailbox()
    ill.stall_at = stall_at
    with serving(ill, mail_port):
        process = sending(mail_port)
        assert ill.reached.wait(PATIENCE_SECONDS)
        kill(process)

    with serving(well, mail_port):
        send_the_rest()

    in_doubt = Mail.objects.get(status=Mail.Status.IN_DOUBT)
    assert len(ill.received) == (1 if stall_at == "taken" else 0)
    arrived = [*ill.subjects, *well.subjects]
    others = {f"Mail {number}" for number in range(MAILS)} - {in_doubt.subject}
    assert others <= set(arrived)
    notes = [subject for subject in arrived if subject not in others | {in_doubt.subject}]
    assert [in_doubt.subject in subject for subject in notes] == [True]
    assert len(arrived) == len(set(arrived))
    assert Mail.objects.failed().count() == 1


def test_killed_anywhere_no_mail_arrives_twice_and_none_is_forgotten(posted: None, mail_port: int):
    """Killed again and again at instants of chance; each mail has arrived or is in doubt."""
    box = Mailbox()
    with serving(box, mail_port):
        for round_ in range(4):
            known = len(box.received)
            process = sending(mail_port)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(box.received) < known + 2 + round_ and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.001)
            kill(process)
            outbox.release_abandoned(now=timezone.now() + outbox.ABANDONED_AFTER)
        send_the_rest()

    mails = [subject for subject in box.subjects if subject.startswith("Mail ")]
    in_doubt = set(Mail.objects.failed().values_list("subject", flat=True))
    assert len(mails) == len(set(mails))
    assert {f"Mail {number}" for number in range(MAILS)} <= set(mails) | in_doubt
    assert not Mail.objects.waiting().exists()
