"""Importing bets in the admin: upload, look, apply, undo; exporting them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from betting.bets import csv_format
from betting.models import Bet, BetImport
from tests.betting.test_bet_import import csv_of, row
from tests.factories import make_account, make_bet

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    make_account("100")
    client.force_login(User.objects.create_superuser("owner", password="a good password"))
    client.cookies["django_language"] = "en"
    return client


def upload(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("bets.csv", content)
    return client.post(reverse("admin:betting_betimport_add"), {"file": file}, follow=True)


def test_a_file_is_shown_then_imported_then_undone(owner: Client):
    shown = upload(owner, csv_of(row(), row(odds="abc")).encode()).content.decode()

    assert "Import 1 bet" in shown
    assert "odds is not a number: abc" in shown
    assert not Bet.objects.exists()

    batch = BetImport.objects.get()
    applied = owner.post(reverse("admin:betting_betimport_apply", args=[batch.pk]), follow=True)
    assert "1 bet imported." in applied.content.decode()
    assert Bet.objects.kept().count() == 1

    undone = owner.post(reverse("admin:betting_betimport_undo", args=[batch.pk]), follow=True)
    assert "1 bet cancelled." in undone.content.decode()
    assert not Bet.objects.kept().exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"a,b\n1,2\n", "The file has no column"), (b"\x00\x01", "no column")],
)
def test_a_file_without_bets_is_refused_and_not_kept(owner: Client, content: bytes, told: str):
    answer = upload(owner, content).content.decode()

    assert told in answer
    assert not BetImport.objects.exists()


def test_an_import_is_not_applied_by_looking(owner: Client):
    upload(owner, csv_of(row()).encode())
    batch = BetImport.objects.get()

    assert owner.get(reverse("admin:betting_betimport_apply", args=[batch.pk])).status_code == 405
    assert not Bet.objects.exists()


def test_strangers_neither_upload_nor_download(client: Client):
    for name in ("betting_betimport_add", "betting_bet_export", "betting_betimport_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 302


def test_all_kept_bets_are_downloaded(owner: Client):
    make_bet("won", notes='Zürich, "late" news')

    answer = owner.get(reverse("admin:betting_bet_export"))

    text = b"".join(answer.streaming_content).decode()
    seen, bad = csv_format.read(text)
    assert (len(seen), bad) == (1, [])
    assert seen[0].notes == 'Zürich, "late" news'
    assert answer["Content-Disposition"].startswith('attachment; filename="bets-')
