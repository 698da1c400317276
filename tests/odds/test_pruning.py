"""Raw answers are forgotten after the days the settings say; their collections stay."""

from datetime import timedelta

import pytest

from odds.models import Collection, CollectionSettings, RawPayload
from odds.pruning import prune_payloads
from tests.factories import NOON, make_collection

pytestmark = pytest.mark.django_db


def kept(*ages_in_days):
    for days in ages_in_days:
        collection = make_collection(started_at=NOON - timedelta(days=days))
        RawPayload.objects.create(collection=collection, body=b"x")
    deleted = prune_payloads(now=NOON)
    ages = RawPayload.objects.values_list("collection__started_at", flat=True)
    return deleted, sorted((NOON - started_at).days for started_at in ages)


def test_what_is_older_than_thirty_days_goes_and_what_it_brought_stays():
    assert kept(0, 29, 30, 31, 400) == (2, [0, 29, 30])
    assert Collection.objects.count() == 5


def test_the_settings_say_how_long():
    CollectionSettings.objects.create(payload_days=1)

    assert kept(0, 1, 2) == (1, [0, 1])


def test_pruning_twice_deletes_nothing_more():
    kept(40)

    assert prune_payloads(now=NOON) == 0
