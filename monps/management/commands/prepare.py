"""What must be done once before the other processes start; doing it again changes nothing."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from betting.bankroll import ledger
from betting.models import SettlementSettings
from monps.pipeline import collect_due_sports, refresh_kickoffs, refresh_sports
from odds import catalogue
from odds.models import CollectionSettings, PlannerSettings, Sport
from odds.simulator.sports import SOCCER_SIMULATED_CUP as CUP
from strategies import versions

OUR_TASKS = r"^(monps|strategies|backups|alerts)\."
# A simulated market moves sixty times faster and costs nothing: every tick of 20 seconds collects.
SIMULATED_COLLECTION = {"minimum_interval_seconds": 15, "markets": "h2h,totals"}
SIMULATED_SETTLEMENT = {
    "uses_football_data": False,  # it knows nothing of simulated matches
    "asks_for_opportunities": True,  # its credits cost nothing
    "results_after_minutes": 2,
    "results_interval_minutes": 1,
}
# Always a match within minutes.
SIMULATED_CUP = {"title": CUP.title, "group": CUP.group, "is_collected": True}


class Command(BaseCommand):
    help = "Bring the database up to date: tables, administrator, known bookmakers, schedules."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if make_administrator(settings.ADMIN_USER, settings.ADMIN_PASSWORD):
            self.stdout.write(f"The administrator {settings.ADMIN_USER} was created.")
        catalogue.seed()
        ledger.cash_account(now=timezone.now())
        versions.install_shipped(now=timezone.now())
        if settings.SIMULATED:
            CollectionSettings.objects.get_or_create(pk=1, defaults=SIMULATED_COLLECTION)
            SettlementSettings.objects.get_or_create(pk=1, defaults=SIMULATED_SETTLEMENT)
            Sport.objects.get_or_create(key=CUP.key, defaults=SIMULATED_CUP)
        PlannerSettings.objects.get_or_create(pk=1, defaults={"is_on": not settings.SIMULATED})
        # Schedules live in settings; a row whose entry is gone would go on firing.
        ours = PeriodicTask.objects.filter(task__regex=OUR_TASKS)
        ours.exclude(name__in=settings.CELERY_BEAT_SCHEDULE).delete()
        # The first odds at once, not at beat's first tick.
        collect_due_sports.apply_async(expires=60)
        refresh_sports.apply_async(expires=60)
        refresh_kickoffs.apply_async(expires=60)


def make_administrator(username: str, password: str) -> bool:
    """Create the administrator unless the name is taken; an existing password is never changed.

    Returns:
        Whether the user was created.

    Raises:
        CommandError: There is no administrator and no password for one.
    """
    users = get_user_model().objects
    if users.filter(username=username).exists():
        return False
    if not password:
        if users.filter(is_superuser=True).exists():
            return False
        raise CommandError("There is no administrator yet: set MONPS_ADMIN_PASSWORD.")
    users.create_superuser(username=username, password=password)
    return True
