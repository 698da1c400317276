"""A process that sends what waits, as a worker does: `python -m tests.alerts.sender`."""

import django


def main() -> None:
    django.setup()
    from django.utils import timezone

    from alerts.mails import outbox

    outbox.send_waiting(clock=timezone.now)


if __name__ == "__main__":
    main()
