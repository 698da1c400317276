"""The metrics of real processes: several at once, without a database, without a broker."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from monps.embedded import start_postgres
from tests.alerts.metrics.scraped import Family
from tests.alerts.metrics.web import (
    ROOT,
    closed_port,
    database_address,
    page_of,
    silent_port,
    web_process,
)
from tests.factories import make_bet, make_collection, make_opportunity, make_sport

SCRAPE_TIMEOUT = 10  # seconds, Prometheus' own: what takes longer counts as down

pytestmark = pytest.mark.e2e


def of_the_database(families: dict[str, Family]) -> dict[str, Family]:
    return {
        name: family
        for name, family in families.items()
        if name.startswith("monps_") and name != "monps_scrape_seconds"
    }


@pytest.mark.django_db(transaction=True)
def test_two_web_processes_give_the_same_numbers() -> None:
    make_collection(
        sport=make_sport(is_collected=True), quotes_received=5, quotes_stored=5, odds_stored=15
    )
    make_opportunity()
    make_bet("won")
    database = database_address()

    with web_process(DATABASE_URL=database) as one, web_process(DATABASE_URL=database) as other:
        requests.get(f"{one}/health", timeout=SCRAPE_TIMEOUT)
        first, second = page_of(one), page_of(other)

    assert first["monps_total_bets"].samples == {"": 1}
    assert first["monps_odds_collected_total"].samples == {"soccer_epl": 5}
    # Counted in each process, and the credits' forecast moves with the clock.
    ours, theirs = of_the_database(first), of_the_database(second)
    del ours["monps_api_requests_forecast"], theirs["monps_api_requests_forecast"]
    del ours["monps_collection_interval_seconds"], theirs["monps_collection_interval_seconds"]
    assert ours == theirs


@pytest.mark.django_db(transaction=True)
def test_requests_of_several_workers_behind_one_port_are_added_up(tmp_path: Path) -> None:
    asked = 12

    with web_process(
        workers=2, DATABASE_URL=database_address(), PROMETHEUS_MULTIPROC_DIR=str(tmp_path)
    ) as address:
        for _ in range(asked):  # a connection each, so that both workers get some
            requests.get(f"{address}/health", timeout=SCRAPE_TIMEOUT)
        families = page_of(address)

    counted = families["django_http_requests_before_middlewares_total"].samples
    assert counted == {"": asked + 1}  # and the one that read them
    assert families["monps_up"].samples == {"": 1}


@pytest.mark.parametrize("is_silent", [False, True], ids=["closed", "silent"])
def test_without_a_database_it_still_answers_and_says_so(is_silent: bool) -> None:
    with silent_port() as silent:
        port = silent if is_silent else closed_port()
        database = f"postgres://monps@127.0.0.1:{port}/monps"
        with web_process(DATABASE_URL=database, MONPS_API_TOKEN="token") as address:
            families = page_of(address, seconds=SCRAPE_TIMEOUT)
            shown = requests.get(
                f"{address}/metrics",
                headers={"Authorization": "Token token", "X-Forwarded-For": "203.0.113.7"},
                timeout=SCRAPE_TIMEOUT,
            )

    assert families["monps_up"].samples == {"": 0}
    assert families["monps_broker_up"].samples == {"": 1}
    assert "monps_total_bets" not in families
    assert shown.status_code == 200


def test_a_database_that_stops_and_comes_back_is_told_each_time(tmp_path: Path) -> None:
    server = start_postgres(tmp_path, durable=False)
    try:
        migrate = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
        environment = {"DATABASE_URL": server.url}
        subprocess.run(
            ["env", f"DATABASE_URL={server.url}", *migrate], cwd=ROOT, check=True, timeout=300
        )
        with web_process(**environment) as address:
            ups = [page_of(address)["monps_up"].samples[""]]
            server.stop()
            ups.append(page_of(address)["monps_up"].samples[""])
            server = start_postgres(tmp_path, durable=False)
            ups.append(page_of(address)["monps_up"].samples[""])
    finally:
        server.stop()

    assert ups == [1, 0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_silent", [False, True], ids=["closed", "silent"])
def test_without_a_broker_the_rest_is_told(is_silent: bool) -> None:
    with silent_port() as silent:
        port = silent if is_silent else closed_port()
        with web_process(
            DATABASE_URL=database_address(), REDIS_URL=f"redis://127.0.0.1:{port}/0"
        ) as address:
            families = page_of(address, seconds=SCRAPE_TIMEOUT)

    assert families["monps_up"].samples == {"": 1}
    assert families["monps_broker_up"].samples == {"": 0}
    assert families["monps_queue_length"].samples == {}
