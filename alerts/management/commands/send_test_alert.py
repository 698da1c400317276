"""`send_test_alert`: does a message arrive, by every channel there is?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alerts import trying


class Command(BaseCommand):
    help = "Send a test mail and, where Alertmanager is configured, a test alert."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say of each channel in one sentence what came of it."""
        results = trying.send_test(now=timezone.now())
        for has_worked, sentence in results:
            self.stdout.write(sentence if has_worked else self.style.WARNING(sentence))
        if not all(has_worked for has_worked, _sentence in results):
            raise CommandError("Not every channel works; see above.")
