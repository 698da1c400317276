"""How long each page takes with ten million quotes and a hundred thousand bets, and its queries.

    python -m monps.embedded -- python -m benchmarks.bench_pages

Beside empty servers: fills three years of every table that pages read, asks one granian process for
each page over loopback, one request after the other, and counts queries in this process.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping
from operator import itemgetter
from typing import Final

import requests

from benchmarks import bench_api
from benchmarks.tables import print_table

web_process = bench_api.web_process  # importing it set Django up, which the next imports need

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import page_history
from betting.models import Bet, ClosingLine, Opportunity
from monps import navigation
from odds.models import Match, MatchResult
from strategies.models import Improvement, LearningRun, Prediction, Strategy

LIMIT_MS: Final = 300.0  # p95
WARM_UP, MEASURED = 3, 20  # requests of a round
ROUNDS: Final = 3  # the quietest counts: whatever else runs on the machine only slows a round down


def main() -> int:
    """Measure each page; 1 when one is too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quotes", type=int, default=10_000_000)
    parser.add_argument("--bets", type=int, default=100_000)
    asked = parser.parse_args()
    user = page_history.fill(quotes=asked.quotes, bets=asked.bets)
    client = Client(SERVER_NAME="127.0.0.1")  # as ALLOWED_HOSTS has it
    client.force_login(user)
    pages = {title: landing(client, address) for title, address in pages_of(user).items()}
    queries = {title: queries_of(client, address) for title, address in pages.items()}
    with web_process() as server:
        taken = measure(server, client.cookies[settings.SESSION_COOKIE_NAME].value, pages)
    print_table(
        f"Pages, {asked.quotes:,} quotes, {asked.bets:,} bets, {page_history.OPEN:,} opportunities "
        f"on offer (limit: p95 {LIMIT_MS:.0f} ms)",
        ["page", "queries", "p50 (ms)", "p95 (ms)", "of the limit"],
        [
            [title, str(queries[title]), f"{median:.0f}", f"{slow:.0f}", f"{slow / LIMIT_MS:.0%}"]
            for title, (median, slow) in taken.items()
        ],
    )
    return 0 if all(slow < LIMIT_MS for _median, slow in taken.values()) else 1


def pages_of(user: User) -> dict[str, str]:
    """Every page of the sidebar and what its rows lead to, by name."""
    request = RequestFactory().get("/admin/")
    request.user = user
    pages = {
        str(item["title"]): str(item["link"])
        for group in navigation.sidebar(request)
        for item in group["items"]
    }
    return pages | _parts_of_lists() | _single_rows()


def _parts_of_lists() -> dict[str, str]:
    """Lists as their tabs and filters show them, and the pages that take a choice."""
    lists = {
        name: reverse(f"admin:{name}_changelist")
        for name in ("betting_opportunity", "betting_bet", "odds_match", "betting_ledgerentry")
    }
    analyses, compare = reverse("admin:monps_analyses"), reverse("admin:strategies_compare")
    first, second = Strategy.objects.order_by("pk").values_list("pk", flat=True)[:2]
    return {
        "Opportunities: spreads": f"{lists['betting_opportunity']}?kind=spread",
        "Opportunities: ended": f"{lists['betting_opportunity']}?show=closed&kind=all",
        "Opportunities: the last page": f"{lists['betting_opportunity']}?kind=all&p=100",
        "Matches: all": f"{lists['odds_match']}?when=all",
        "Bets: won": f"{lists['betting_bet']}?show=won",
        "Bets: the 1,000th page": f"{lists['betting_bet']}?p=1000",
        "Ledger": lists["betting_ledgerentry"],
        **{
            f"Performance: {period}": f"{analyses}?period={period}"
            for period in ("30", "365", "all")
        },
        **{
            f"Performance: {part}": f"{reverse(f'admin:monps_analyses_{part}')}?period=all"
            for part in ("groups", "missed", "margins")
        },
        "Bets: the cards": reverse("admin:betting_bet_summary"),
        "Bankroll: its proof": reverse("admin:betting_account_proof"),
        "Compare: two": f"{compare}?a={first}&b={second}",
    }


def _single_rows() -> dict[str, str]:
    """The page of one row of each kind."""
    rows = {
        "Match to come": Match.objects.get(pk=page_history.COMING // 2),
        "Match settled": Match.objects.get(pk=page_history.COMING + 1),
        "Opportunity": Opportunity.objects.unclosed().filter(kind="value").earliest("pk"),
        "Bet": Bet.objects.filter(status="settled").latest("pk"),
        "Closing line": ClosingLine.objects.latest("pk"),
        "Result": MatchResult.objects.latest("pk"),
        "Strategy": Strategy.objects.get(agent="sharp_reference", improvements__status="active"),
        "Improvement in test": Improvement.objects.get(status="active"),
        "Analysis": LearningRun.objects.latest("pk"),
        "Prediction": Prediction.objects.latest("pk"),
    }
    return {
        title: reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for title, row in rows.items()
    }


def landing(client: Client, address: str) -> str:
    """Where it leads: the list of a settings row leads to the row."""
    chain = client.get(address, follow=True).redirect_chain
    return str(chain[-1][0]) if chain else address


def queries_of(client: Client, address: str) -> int:
    """How often a page asks the database, the session and the user among it."""
    client.get(address)  # content types are remembered then
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}.")
    return len(asked)


def measure(
    server: str, session_key: str, pages: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each page in its quietest round, in milliseconds."""
    with requests.Session() as session:
        session.cookies.set(settings.SESSION_COOKIE_NAME, session_key)
        rounds = [
            {title: one_round(session, server + address) for title, address in pages.items()}
            for _ in range(ROUNDS)
        ]
    return {title: min((taken[title] for taken in rounds), key=itemgetter(1)) for title in pages}


def one_round(session: requests.Session, url: str) -> tuple[float, float]:
    """Ask for one page again and again; median and 95th percentile in milliseconds."""
    milliseconds = []
    for number in range(WARM_UP + MEASURED):
        started = time.perf_counter()
        answer = session.get(url, timeout=60, allow_redirects=False)
        elapsed = time.perf_counter() - started
        if answer.status_code != 200:
            sys.exit(f"{url} answered {answer.status_code}: {answer.text[:200]}")
        if number >= WARM_UP:
            milliseconds.append(elapsed * 1000)
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
