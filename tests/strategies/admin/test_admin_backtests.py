"""Backtests in the admin: asked for, followed, cancelled, repeated, read."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from strategies.admin.backtest_page import deflation_in_words
from strategies.models import Backtest
from tests.factories import NOON, make_match, make_sport, make_strategy
from tests.strategies.admin.pages import (
    make_backtest,
    make_part,
    make_result,
    queries_of,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/strategies/backtest/add/"


@pytest.fixture
def owner() -> Client:
    return signed_in()


@pytest.fixture
def history() -> None:
    """Two competitions with a match each."""
    for key, title in (("soccer_epl", "EPL"), ("soccer_france_ligue_one", "Ligue 1")):
        make_match(sport=make_sport(key=key, title=title), commence_time=NOON)


def form_of(version: Any, **given: Any) -> dict[str, Any]:
    known = {
        "sport_keys": ["soccer_epl"], "markets": ["h2h"], "since": "2024-08-01",
        "until": "2025-05-25", "earliest_hours": "168", "latest_minutes": "10",
        "commission": "0", "delay_minutes": "0", "haircut": "0.01", "kelly_fraction": "0.25",
        "holdout": "0.2",
    }  # fmt: skip
    return {f"p_{name}": value for name, value in version.mapping.items()} | known | given


def test_without_matches_nothing_can_be_asked(owner: Client):
    assert "no past matches" in text_of(owner, "backtest/add/")


def test_the_form_offers_what_is_stored(owner: Client, history: None):
    version = make_strategy("sharp_reference")

    shown = text_of(owner, f"backtest/add/?version={version.pk}")

    day = NOON.date().isoformat()
    assert "EPL – 1 match" in shown
    assert "Ligue 1 – 1 match" in shown
    assert shown.count(f'value="{day}"') == 2


def test_asking_stores_a_row_that_waits_and_is_the_versions(owner: Client, history: None):
    version = make_strategy("sharp_reference")

    answer = owner.post(f"{ADD}?version={version.pk}", form_of(version))

    job = Backtest.objects.get()
    assert answer.url.endswith(f"/backtest/{job.pk}/change/")
    assert (job.status, job.version, job.agent) == ("queued", version, "sharp_reference")
    assert (job.sport_keys, job.markets) == (["soccer_epl"], ["h2h"])
    assert (str(job.since), str(job.until)) == ("2024-08-01", "2025-05-25")
    assert (job.haircut, job.kelly_fraction, job.holdout) == (0.01, 0.25, 0.2)
    assert job.asked_by == "owner"


def test_changed_parameters_are_tried_without_being_a_version(owner: Client, history: None):
    version = make_strategy("sharp_reference")

    owner.post(f"{ADD}?version={version.pk}", form_of(version, p_minimum_edge_pct="4"))

    job = Backtest.objects.get()
    assert job.version is None
    assert job.parameters["minimum_edge_pct"] == 4.0
    assert "parameters of its own" in text_of(owner, f"backtest/{job.pk}/change/")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"until": "2024-07-01"}, "It ends before it begins."),
        ({"latest_minutes": "9000", "earliest_hours": "2"}, "The window ends before it begins."),
        ({"p_minimum_edge_pct": "99"}, "less than or equal to 20"),
        ({"haircut": "0.9"}, "less than or equal to 0.5"),
        ({"sport_keys": []}, "Choose at least one competition."),
        ({"sport_keys": ["nowhere"]}, "nowhere is not one of the available choices"),
        ({"markets": []}, "Choose at least one market."),
        ({"since": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_asked_comes_back_with_the_reason(
    owner: Client, history: None, given: dict[str, Any], said: str
):
    version = make_strategy("sharp_reference")

    answer = owner.post(f"{ADD}?version={version.pk}", form_of(version, **given))

    assert said in answer.content.decode()
    assert not Backtest.objects.exists()


@pytest.mark.parametrize("query", ["version=0", "version=x", "like=7", "agent=nobody"])
def test_who_does_not_exist_cannot_be_asked(owner: Client, history: None, query: str):
    assert owner.get(f"{ADD}?{query}").status_code == 404


def test_an_agent_can_be_asked_without_a_strategy(owner: Client, history: None):
    shown = text_of(owner, "backtest/add/?agent=goals_model")

    assert "Goals Model, with parameters of no strategy." in shown


def test_another_backtest_fills_the_form(owner: Client, history: None):
    job = make_backtest(make_strategy("sharp_reference"), haircut=0.03)

    shown = text_of(owner, f"backtest/add/?like={job.pk}")

    assert 'value="0.03"' in shown
    assert 'value="2024-08-01"' in shown


def test_a_running_one_is_followed_until_it_is_over(owner: Client):
    job = make_backtest(
        make_strategy("sharp_reference"), status="running", progress=0.42, step="Deciding",
        started_at=timezone.now(),
    )  # fmt: skip
    address = f"backtest/{job.pk}/progress"

    page = text_of(owner, f"backtest/{job.pk}/change/")
    assert f'hx-get="/admin/strategies/{address}"' in page
    assert 'hx-trigger="every 2s"' in page
    assert 'aria-valuenow="42"' in text_of(owner, address)
    assert "Deciding" in text_of(owner, address)

    Backtest.objects.filter(pk=job.pk).update(status="cancelled", finished_at=timezone.now())
    over = owner.get(f"/admin/strategies/{address}")

    assert over.headers["HX-Refresh"] == "true"
    assert f"{job.pk}/progress" not in text_of(owner, f"backtest/{job.pk}/change/")


@pytest.mark.parametrize(
    ("status", "after"), [("queued", "cancelled"), ("running", "running"), ("done", "done")]
)
def test_cancelling_stops_what_waits_and_asks_what_runs(owner: Client, status: str, after: str):
    given: dict[str, Any] = {"result": make_result()} if status == "done" else {"status": status}
    job = make_backtest(make_strategy("sharp_reference"), **given)
    address = reverse("admin:strategies_backtest_cancel", args=[job.pk])

    assert owner.get(address).status_code == 405
    owner.post(address)

    job.refresh_from_db()
    assert job.status == after
    assert job.is_cancel_asked == (status != "done")


def test_a_failed_one_says_why(owner: Client):
    job = make_backtest(
        make_strategy("sharp_reference"), status="failed", error="There is no match to judge.",
        started_at=NOON, finished_at=NOON,
    )  # fmt: skip

    assert "There is no match to judge." in text_of(owner, f"backtest/{job.pk}/change/")


def test_repeating_asks_the_same_again(owner: Client):
    make_sport(key="soccer_epl")
    job = make_backtest(make_strategy("sharp_reference"), result=make_result(), haircut=0.02)

    told = owner.post(
        reverse("admin:strategies_backtest_repeat", args=[job.pk]), follow=True
    ).content.decode()

    again = Backtest.objects.exclude(pk=job.pk).get()
    assert (again.status, again.haircut, again.version) == ("queued", 0.02, job.version)
    assert (again.since, again.until, again.parameters) == (job.since, job.until, job.parameters)
    assert f'href="/admin/strategies/backtest/{again.pk}/change/"' in told


def test_the_page_of_a_result_says_everything_with_its_numbers(owner: Client):
    make_sport(key="soccer_epl", title="EPL")
    job = make_backtest(
        make_strategy("sharp_reference"), result=make_result(), code_version="0.1.0+abc",
        fingerprint="f" * 64,
    )  # fmt: skip

    shown = text_of(owner, f"backtest/{job.pk}/change/")

    for said in (
        "All bets", "Earlier match days", "+5.4%", "−12.3% to +22.1%", "+0.2% to +3.2%, n = 105",
        "120 bets on 380 matches judged", "2 bets have no result.", "3 prices were gone",
        "4 sets of parameters were tried", "31.0%", "all 298 decisions were the same", "EPL",
        "0.1.0+abc", "ffffffffffffffff",
    ):  # fmt: skip
        assert said in shown
    assert "Held out</strong>" not in shown


def test_the_charts_hold_both_curves_at_all_their_days(owner: Client):
    job = make_backtest(make_strategy("sharp_reference"), result=make_result())

    read = owner.get(f"/admin/strategies/backtest/{job.pk}/change/").context["page"].result

    lines = json.loads(read.equity.data)["datasets"]
    assert [line["data"] for line in lines] == [[0.0, -1.0], [1.0, 0.98]]
    falls = json.loads(read.drawdown.data)["datasets"]
    assert [line["data"] for line in falls] == [[0, -1.0], [0, -2.0]]


def test_a_result_without_bets_is_shown_with_dashes(owner: Client):
    from strategies.backtests.results import Deflation, Equity, Parts

    nothing = dict.fromkeys(
        ("win_rate_pct", "mean_odds", "claimed_edge_pct", "yield_pct", "yield_low_pct",
         "yield_high_pct", "clv_pct", "clv_low_pct", "clv_high_pct", "raw_clv_pct",
         "beat_share_pct", "sharpe", "max_drawdown_units")
    )  # fmt: skip
    part = make_part(bets=0, matches=0, days=0, profit_units=0.0, graded_matches=0, **nothing)
    unknown = Deflation(
        variants_tried=1, observations=0, sharpe=None, skewness=None, kurtosis=None,
        expected_best_sharpe=None, probability=None,
    )  # fmt: skip
    job = make_backtest(
        make_strategy("sharp_reference"),
        result=make_result(
            parts=Parts(all=part, walk_forward=None, held_out=None),
            equity=Equity(flat=(), kelly=()), calibration=(), segments=(), deflation=unknown,
        ),
    )  # fmt: skip

    shown = text_of(owner, f"backtest/{job.pk}/change/")

    assert "No bet, no curve." in shown
    assert "There are too few matches to say whether this is luck." in shown
    assert "None" not in shown


def test_the_deflation_is_said_in_plain_words():
    said = deflation_in_words(
        {
            "variants_tried": 12, "observations": 1311, "sharpe": 0.0312, "skewness": 1.0,
            "kurtosis": 3.0, "expected_best_sharpe": 0.045, "probability": 0.305,
        }
    )  # fmt: skip

    assert said == (
        "12 sets of parameters were tried on these data. Allowing for that, the probability that "
        "the true edge is above 0 is 30.5%, from 1,311 matches: a Sharpe ratio of 0.031 a match, "
        "where the best of so many without any edge would show 0.045 by luck."
    )


def test_curves_and_segments_can_be_taken_along(owner: Client):
    job = make_backtest(make_strategy("sharp_reference"), result=make_result())

    def rows(part: str) -> list[dict[str, str]]:
        answer = owner.get(f"/admin/strategies/backtest/{job.pk}/{part}.csv")
        content = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
        return list(csv.DictReader(io.StringIO(content)))

    equity = rows("equity")
    assert [(row["curve"], row["date"], row["value"]) for row in equity] == [
        ("flat", "2024-08-01", "0.0"), ("flat", "2024-08-03", "-1.0"),
        ("kelly", "2024-08-01", "1.0"), ("kelly", "2024-08-03", "0.98"),
    ]  # fmt: skip
    assert rows("segments") == [
        {"by": "competition", "name": "soccer_epl", "bets": "120", "yield_pct": "5.42",
         "clv_pct": ""},
    ]  # fmt: skip
    assert owner.get(f"/admin/strategies/backtest/{job.pk}/secrets.csv").status_code == 404


def test_the_list_reads_figures_and_no_result_and_asks_no_more_with_more_rows(owner: Client):
    version = make_strategy("sharp_reference")
    make_backtest(version, result=make_result())
    shown = text_of(owner, "backtest/")
    before = queries_of(owner, "backtest/")

    for _number in range(4):
        make_backtest(version, result=make_result())

    assert "+5.4%" in shown
    assert "−12.3% to +22.1%" in shown
    assert queries_of(owner, "backtest/") == before <= 6


def test_an_empty_list_says_what_a_backtest_is(owner: Client):
    assert "No backtest yet" in text_of(owner, "backtest/")
