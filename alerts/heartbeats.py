"""Signs of life: who gives which, and how they are kept.

Beat gives one when it has sent its minutely task, the workers of the default queue when they run
it: so the first proves beat and the broker, the second a worker and the database too. A worker of
another queue may be busy with one task for an hour; its main process, which hands out the tasks,
gives one while it is connected to the broker.
"""

from datetime import datetime
from typing import Final

from django.db import connection

BEAT: Final = "beat"
WORKER: Final = "worker:"  # and the queue

SEEN: Final = """
INSERT INTO heartbeats (name, seen_at) VALUES (%(name)s, %(now)s)
ON CONFLICT (name) DO UPDATE SET seen_at = greatest(heartbeats.seen_at, excluded.seen_at)
"""


def beat(name: str, *, now: datetime) -> None:
    """Note that it lives; an instant is never taken back."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"name": name, "now": now})


def of_worker(queue: str) -> str:
    """The name of a queue's workers."""
    return f"{WORKER}{queue}"
