"""The commands of every process, for `make run` and docker-compose.yml alike (a test compares)."""

PREPARE = ("python", "manage.py", "prepare")
MIGRATE = ("python", "manage.py", "migrate", "--no-input", "--verbosity", "0")


def past(days: int) -> tuple[str, ...]:
    """What an installation of the simulated market would have lived through so far."""
    return ("python", "manage.py", "simulate_history", "--days", str(days))


def _worker(queue: str, *, concurrency: int) -> tuple[str, ...]:
    return (
        *("python", "-m", "celery", "--quiet", "--app", "monps", "worker"),
        *("--concurrency", str(concurrency)),
        *("--queues", queue),
        *("--hostname", f"{queue}@%h"),
        *("--without-gossip", "--without-mingle"),  # workers need not know of each other
    )


WORKER = _worker("celery", concurrency=2)
# Backtests and proofs take minutes; in a worker of their own they never keep a collection waiting.
LONG_WORKER = _worker("long", concurrency=1)

BEAT = (
    *("python", "-m", "celery", "--quiet", "--app", "monps", "beat"),
    *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
    "--enable-remote-control",  # answers `celery inspect ping`, for the health check
)


def web(*, host: str, port: int) -> tuple[str, ...]:
    """The web server: one process, so that /metrics has one answer, with four threads.

    Asked to stop while it starts, granian's worker does not hear it, and is killed in the end.
    """
    return (
        *("python", "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "10"),
        *("--log-level", "warning"),
        "monps.wsgi:application",
    )


def simulator(port: int) -> tuple[str, ...]:
    """The other side of the wire when there is no key: a simulated market."""
    plan = ("--quota", "5000000")  # credits a month; it is asked every 20 seconds
    return ("python", "-m", "odds.simulator", "--port", str(port), *plan)
