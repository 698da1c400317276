"""`manage.py prepare` on a real database."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from odds.models import Bookmaker, CollectionSettings, Sport


@pytest.fixture
def administrator(settings):
    settings.ADMIN_USER = "chief"
    settings.ADMIN_PASSWORD = "first-password"
    return lambda: get_user_model().objects.get(username="chief")


@pytest.mark.django_db
def test_prepare_makes_an_administrator(administrator):
    call_command("prepare")

    assert administrator().is_superuser
    assert administrator().check_password("first-password")


@pytest.mark.django_db
def test_prepare_never_resets_a_password_that_a_person_changed(administrator):
    call_command("prepare")
    user = administrator()
    user.set_password("my own")
    user.save()

    call_command("prepare")

    assert administrator().check_password("my own")


@pytest.mark.django_db
def test_prepare_asks_for_a_password_before_it_makes_an_administrator_without_one(settings):
    settings.ADMIN_PASSWORD = ""

    with pytest.raises(CommandError, match="MONPS_ADMIN_PASSWORD"):
        call_command("prepare")


@pytest.mark.django_db
def test_prepare_needs_no_password_once_there_is_an_administrator(administrator, settings):
    call_command("prepare")
    settings.ADMIN_USER, settings.ADMIN_PASSWORD = "renamed", ""

    call_command("prepare")

    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_prepare_knows_bookmakers_and_collects_three_leagues(administrator):
    call_command("prepare")

    assert list(Sport.objects.filter(is_collected=True).values_list("key", flat=True)) == [
        "soccer_epl",
        "soccer_france_ligue_one",
        "soccer_spain_la_liga",
    ]
    assert Bookmaker.objects.get(key="pinnacle").kind == "sharp"
    playable = Bookmaker.objects.filter(is_playable=True).values_list("key", flat=True)
    assert all(key.endswith("_fr") for key in playable)


@pytest.mark.django_db
def test_prepare_never_overwrites_what_a_person_changed(administrator):
    call_command("prepare")
    Bookmaker.objects.filter(key="smarkets").update(commission="0.010")
    Sport.objects.update(is_collected=False)

    call_command("prepare")

    assert str(Bookmaker.objects.get(key="smarkets").commission) == "0.010"
    assert not Sport.objects.filter(is_collected=True).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("simulated", "seconds"), [(True, 15), (False, 7200)])
def test_only_a_simulated_market_is_asked_at_every_tick(
    administrator, settings, simulated, seconds
):
    settings.SIMULATED = simulated

    call_command("prepare")

    assert CollectionSettings.current().minimum_interval_seconds == seconds


@pytest.mark.django_db
def test_prepare_forgets_schedules_that_are_no_longer_in_the_code(administrator):
    every_day = IntervalSchedule.objects.create(every=1, period="days")
    for name in ("collect-due-sports", "renamed-since"):
        PeriodicTask.objects.create(name=name, task="monps.pipeline.x", interval=every_day)

    call_command("prepare")

    assert list(PeriodicTask.objects.values_list("name", flat=True)) == ["collect-due-sports"]
