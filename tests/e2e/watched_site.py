"""A site that is watched: our web server, Prometheus, Alertmanager, and a mail server; all real.

The configurations are those of monitoring/, with their patience shortened to seconds. Nothing is
taken over from this process but the database.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import requests

from alerts import heartbeats
from backups.models import Backup
from monps import processes
from odds.models import CollectionSettings
from tests.alerts.mailbox import Mailbox, free_port
from tests.alerts.metrics.web import database_address
from tests.factories import make_account, make_collection, make_sport

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "monitoring"
PATIENCE_SECONDS = 60
TOKEN, SECRET = "shown by Prometheus", "shared with Alertmanager"
OWNER = "owner@example.org"
CRITICAL = "🚨 [MON_PS] ALERTE CRITIQUE - "
# Of Prometheus. A scrape that a busy machine delays is no alert, nor the end of one.
SCRAPES, HOLDS, KEEPS = "2s", "3s", "3s"
# Of Alertmanager. Warnings wait longest here too, so that their cause can mute them.
SHORTER = {
    "group_wait: 5s": "group_wait: 300ms",
    "group_wait: 10s": "group_wait: 300ms",
    "group_wait: 30s": "group_wait: 2s",
    "group_interval: 5m": "group_interval: 500ms",
    "group_interval: 15m": "group_interval: 500ms",
}


class WatchedSite:
    """Everything that runs, and questions to it."""

    def __init__(self, folder: Path, mailbox: Mailbox, mail_port: int) -> None:
        self.folder = folder
        self.mailbox = mailbox
        self.mail_port = mail_port
        self.web_port, self.prometheus_port, self.alertmanager_port = (
            free_port() for _number in range(3)
        )
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def alertmanager(self) -> str:
        """Its address, for the application to push to."""
        return f"http://127.0.0.1:{self.alertmanager_port}"

    def start(self, *, prometheus: str, alertmanager: str) -> None:
        """Everything; Prometheus last, as it tells at once that the others are away."""
        self._configure()
        self._launch_web()
        self._launch_alertmanager(alertmanager)
        self._wait_for("alertmanager", f"{self.alertmanager}/-/ready")
        self._wait_for_web()
        self._launch_prometheus(prometheus)
        self._wait_for("prometheus", f"http://127.0.0.1:{self.prometheus_port}/-/ready")
        self.let_scrapes_pass(1)

    def start_web(self) -> None:
        """Again, after it was killed."""
        self._launch_web()
        self._wait_for_web()

    def kill_web(self) -> None:
        """With kill -9, and the process that serves with the one that watches over it."""
        process = self._started.pop("web")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End what still runs, each with all it started."""
        for process in reversed(self._started.values()):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def mail(self, subject: str) -> EmailMessage:
        """The one mail of this subject, as soon as it arrived."""

        def arrived() -> list[EmailMessage]:
            return [one for one in self.mailbox.received if str(one["Subject"]) == subject]

        [found] = self.until(arrived, f"mail {subject!r}")
        assert found["To"].addresses[0].addr_spec == OWNER
        return found

    def firing(self) -> dict[str, str]:
        """What fires now, and what Alertmanager does with it: active, suppressed."""
        alerts = requests.get(f"{self.alertmanager}/api/v2/alerts", timeout=10).json()
        return {one["labels"]["alertname"]: one["status"]["state"] for one in alerts}

    def let_scrapes_pass(self, count: int = 2) -> None:
        """Until Prometheus has read and judged the site some more times."""
        begun = self._scrapes()
        self.until(lambda: self._scrapes() >= begun + count, "scrapes")

    def until(self, happens: Callable[[], Any], what: str) -> Any:
        """What is true at last; an error that names it and what was said when it never is."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not (result := happens()):
            assert time.monotonic() < give_up_at, f"there is no {what}\n{self._said()}"
            time.sleep(0.05)
        return result

    def _configure(self) -> None:
        """The files of monitoring/, only more impatient."""
        (self.folder / "rules").mkdir()
        for path in (MONITORING / "prometheus/rules").glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"(?m)^( +for): \w+$", rf"\1: {HOLDS}", text)
            text = re.sub(r"(?m)^( +keep_firing_for): \w+$", rf"\1: {KEEPS}", text)
            # Other tests share the broker, and no worker empties it here.
            text = text.replace(
                '(monps_queue_length{job="monps_backend"}) > 100', "(absent(up)) > 0"
            )
            (self.folder / "rules" / path.name).write_text(text, encoding="utf-8")
        text = (MONITORING / "prometheus/prometheus.yml").read_text(encoding="utf-8")
        text = re.sub(r"(scrape_interval|scrape_timeout): \d+s", rf"\1: {SCRAPES}", text)
        text = re.sub(r"evaluation_interval: \d+s", "evaluation_interval: 1s", text)
        text = text.replace("localhost:9090", f"127.0.0.1:{self.prometheus_port}")
        (self.folder / "prometheus.yml").write_text(text, encoding="utf-8")
        text = (MONITORING / "alertmanager/alertmanager.yml").read_text(encoding="utf-8")
        for ours, short in SHORTER.items():
            assert ours in text
            text = text.replace(ours, short)
        (self.folder / "alertmanager.yml").write_text(text, encoding="utf-8")
        (self.folder / "templates").symlink_to(MONITORING / "alertmanager/templates")

    def _launch_web(self) -> None:
        """As `make run` starts it."""
        _python, *words = processes.web(host="127.0.0.1", port=self.web_port)
        environment = os.environ | {
            "DATABASE_URL": database_address(),
            "MONPS_API_TOKEN": TOKEN,
            "ALERTS_WEBHOOK_SECRET": SECRET,
            "EMAIL_HOST": "",
        }
        self._launch("web", [sys.executable, *words], environment)

    def _wait_for_web(self) -> None:
        self._wait_for("web", f"http://127.0.0.1:{self.web_port}/health")

    def _launch_alertmanager(self, program: str) -> None:
        self._launch_filled(
            *("alertmanager", program),
            f"--storage.path={self.folder}/alertmanager",
            f"--web.listen-address=127.0.0.1:{self.alertmanager_port}",
            "--cluster.listen-address=",
        )

    def _launch_prometheus(self, program: str) -> None:
        self._launch_filled(
            *("prometheus", program),
            f"--storage.tsdb.path={self.folder}/prometheus",
            f"--web.listen-address=127.0.0.1:{self.prometheus_port}",
        )

    def _launch_filled(self, name: str, program: str, *words: str) -> None:
        """By the script that containers start it with."""
        run = self.folder / f"run-{name}"
        given = {
            "PATH": os.environ["PATH"],
            "RUN_FOLDER": str(run),
            "WEB_ADDRESS": f"127.0.0.1:{self.web_port}",
            "ALERTMANAGER_ADDRESS": f"127.0.0.1:{self.alertmanager_port}",
            "PUBLIC_URL": "https://monps.example.org",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
            "EMAIL_USE_TLS": "false",
            "DEFAULT_FROM_EMAIL": "MON_PS <monps@example.org>",
            "EMAIL_TO": OWNER,
            "MONPS_API_TOKEN": TOKEN,
            "ALERTS_WEBHOOK_SECRET": SECRET,
            "RULES_FOLDER": str(self.folder / "rules"),
        }
        start = ["/bin/sh", str(MONITORING / "start.sh"), str(self.folder / f"{name}.yml")]
        self._launch(name, [*start, program, f"--config.file={run}/{name}.yml", *words], given)

    def _launch(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """In a group of its own, what it says in a file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._started[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait_for(self, name: str, address: str) -> None:
        self.until(
            lambda: self._started[name].poll() is not None or _answers(address), f"{name} that runs"
        )
        assert self._started[name].poll() is None, self._said()

    def _scrapes(self) -> int:
        asked = {"query": 'count_over_time(up{job="monps_backend"}[10m])'}
        address = f"http://127.0.0.1:{self.prometheus_port}/api/v1/query"
        found = requests.get(address, params=asked, timeout=10).json()["data"]["result"]
        return int(found[0]["value"][1]) if found else 0

    def _said(self) -> str:
        """What was mailed, and the last lines of each program."""
        logs = sorted(self.folder.glob("*.log"))
        lines = [f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs]
        return "\n".join([f"mails: {self.mailbox.subjects}", *lines])


@contextmanager
def running(site: WatchedSite) -> Iterator[WatchedSite]:
    """Ends everything with the block."""
    try:
        yield site
    finally:
        site.stop()


def all_is_well(*, now: datetime, worker_seen_at: datetime, collected_at: datetime) -> None:
    """What a site in order leaves in its database: signs of life, money, odds and a backup."""
    CollectionSettings.objects.create(minimum_interval_seconds=600, monthly_credits=1_000_000)
    make_sport(is_collected=True)
    collection_at(collected_at)
    make_account("1000", at=now - timedelta(days=30))
    heartbeats.beat(heartbeats.BEAT, now=now)
    heartbeats.beat(heartbeats.of_worker("celery"), now=worker_seen_at)
    Backup.objects.create(
        file_name="monps.dump", started_at=now, finished_at=now, status="done", bytes=1000,
        sha256="ab",
    )  # fmt: skip


def collection_at(instant: datetime) -> None:
    make_collection(started_at=instant, credits_remaining=900_000)


def plain(text: str) -> str:
    """Without what keeps words together."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def text_of(mail: EmailMessage) -> str:
    return plain(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def html_of(mail: EmailMessage) -> str:
    return plain(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False
