"""The page of all settings: every one with its value, its range, and whether it was changed."""

from html import unescape

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betting.models import DetectionSettings, StakingSettings
from monps import settings_overview
from monps.settings_overview import range_of, rows_of_settings, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create(username="owner", is_staff=True, is_superuser=True)


@pytest.fixture
def owner(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def shown(client: Client) -> str:
    answer = client.get(reverse("admin:monps_settings"))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_every_row_of_settings_is_there_with_every_field_and_its_form(owner: Client) -> None:
    page = shown(owner)

    for kind in rows_of_settings():
        options = kind._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[1])
        assert f'href="{address}"' in page
        for field in options.get_fields():
            if field.name != "id" and not field.name.endswith("_at"):
                name = str(field.verbose_name)
                assert f">{name[0].upper()}{name[1:]}<small>" in page, field


def test_without_any_change_nothing_is_marked(owner: Client) -> None:
    page = shown(owner)

    assert "0 settings differ from their defaults." in page
    assert "mp-changed" not in page
    assert "never changed here" in page


def test_a_changed_setting_is_marked_and_shows_its_default(owner: Client, user: User) -> None:
    DetectionSettings.objects.create(minimum_edge_pct=2.5, devig="shin")
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(DetectionSettings),
        object_id="1", object_repr="", action_flag=CHANGE,
    )  # fmt: skip

    page = shown(owner)

    assert "2 settings differ from their defaults." in page
    assert '<strong class="mp-changed">2.5</strong><small>default 1</small>' in page
    assert '<strong class="mp-changed">Shin</strong><small>default Power</small>' in page
    assert "by owner" in page


def test_a_range_is_told_once() -> None:
    field = StakingSettings._meta.get_field("kelly_fraction")

    assert range_of(field) == "0.01 to 1"
    assert str(field.help_text).endswith("0.01 to 1.")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("minimum_edge_pct", 2.0, "2"), ("only_playable", True, "yes"), ("devig", "power", "Power")],
)
def test_values_are_written_for_people(name: str, value: object, text: str) -> None:
    assert written(DetectionSettings._meta.get_field(name), value) == text


def test_only_what_may_be_seen_is_shown() -> None:
    reader = User.objects.create(username="reader", is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(reader)
    assert client.get(reverse("admin:monps_settings")).status_code == 403

    reader.user_permissions.add(Permission.objects.get(codename="view_stakingsettings"))

    page = shown(client)
    assert "Kelly fraction" in page
    assert "Minimum edge" not in page


def test_it_costs_one_query_for_each_row_and_a_handful(owner: Client) -> None:
    shown(owner)
    with CaptureQueriesContext(connection) as asked:
        shown(owner)

    assert len(asked) <= len(rows_of_settings()) + 4


def test_settings_stand_in_the_order_of_their_form() -> None:
    names = list(settings_overview._names(DetectionSettings))

    assert names[:2] == ["minimum_edge_pct", "minimum_spread_pct"]
