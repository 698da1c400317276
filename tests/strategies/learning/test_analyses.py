"""Analyses from record to improvement; the model is a local server that speaks its API."""

import json
import threading
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection
from django.utils import translation
from werkzeug import Response

from strategies import lifecycle
from strategies.learning.analyses import BusyError, analyse_strategies
from strategies.locks import Space
from strategies.models import Improvement, LearningRun, LearningSettings
from tests.factories import NOON, make_strategy
from tests.strategies.learning.answers import answer_with, reply
from tests.strategies.learning.stored import make_record

pytestmark = pytest.mark.django_db
KEY = "sk-test-1f0c77b2ad9e4c18"
PATH = "/v1/responses"
COST = Decimal("0.006")  # 1,200 tokens at 2.50 $ and 300 at 10 $ a million
Status = LearningRun.Status


@pytest.fixture(autouse=True)
def no_key(settings):
    settings.OPENAI_API_KEY = ""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def model(settings, httpserver):
    """Says what the model answers, once for each time it is asked."""
    settings.OPENAI_API_KEY = KEY
    settings.OPENAI_BASE_URL = httpserver.url_for("/v1")
    settings.OPENAI_TIMEOUT_SECONDS = 20

    def say(body, status=200):
        asked = httpserver.expect_ordered_request(PATH, method="POST")
        if isinstance(body, dict):
            asked.respond_with_json(body, status=status)
        else:
            asked.respond_with_data(body, status=status)

    say.asked = lambda: len(httpserver.log)
    say.server = httpserver
    return say


def analyse(now=NOON, **given):
    return analyse_strategies(clock=lambda: now, **given)


def the_run():
    run = LearningRun.objects.get()
    assert KEY not in json.dumps({name: str(value) for name, value in vars(run).items()})
    return run


class TestStatistics:
    def test_a_losing_band_of_edges_becomes_an_improvement(self):
        version = make_record()

        summary = analyse()

        run = the_run()
        improvement = Improvement.objects.get()
        assert (summary.proposed, summary.cost_usd, summary.skipped) == (1, 0, ())
        assert (run.status, run.analyst, run.improvement) == ("proposed", "statistics", improvement)
        assert "OPENAI_API_KEY is not set" in run.note
        assert improvement.new_parameters == {"minimum_edge_pct": 3.0}
        assert (improvement.status, improvement.strategy) == ("proposed", version.strategy)
        assert improvement.origin == "statistical analyst"

    def test_what_it_gains_is_what_the_held_out_matches_say(self):
        """Every other of 48 matches loses its bet of -4 %: half of 4 points a match."""
        make_record(spread=0.01)

        analyse()

        run, improvement = the_run(), Improvement.objects.get()
        assert run.judgement["matches"] == 48
        assert (run.judgement["bets_before"], run.judgement["bets_after"]) == (48, 24)
        assert run.judgement["gain"] == pytest.approx(2.0, abs=0.05)
        assert improvement.expected_improvement == run.judgement["gain"]

    def test_it_is_told_of_no_match_that_is_held_out(self):
        make_record()

        analyse()

        run = the_run()
        assert run.evidence["predictions_looked_at"] == 112
        assert run.held_out_since == NOON - timedelta(days=48)

    def test_where_nothing_loses_nothing_is_proposed(self):
        make_record(clv_small=1.0, clv_large=1.0)

        analyse()

        run = the_run()
        assert (run.status, run.proposal) == (Status.NOTHING, None)
        assert "loses to the closing line beyond chance" in run.sentence
        assert not Improvement.objects.exists()

    def test_what_is_said_is_kept_in_the_language_of_the_installation(self, settings):
        settings.LANGUAGE_CODE = "fr"
        make_record()

        with translation.override("en"):
            analyse()
            assert translation.get_language() == "en"

        run, improvement = the_run(), Improvement.objects.get()
        assert "ce sont les statistiques qui ont examiné le bilan" in run.note
        assert "matchs mis de côté" in run.sentence
        assert "perdent face à la clôture" in improvement.failure_pattern
        assert "au-delà du hasard" in improvement.llm_reasoning

    def test_what_does_not_stand_on_the_held_out_matches_is_kept_as_refused(self):
        version = make_record()
        held_out = version.predictions.order_by("-match__commence_time")[:48]
        for prediction in held_out:  # the market has learned: now small edges are the good ones
            quotes = prediction.match.quotes.filter(bookmaker__key="betfair_ex_eu")
            quotes.update(odds_1=Decimal("1.80"), odds_x=Decimal("4.50"), odds_2=Decimal("4.50"))

        summary = analyse()

        run, improvement = the_run(), Improvement.objects.get()
        assert (summary.proposed, run.status) == (0, Status.REFUSED)
        assert improvement.status == Improvement.Status.ARCHIVED
        assert improvement.archived_reason == run.sentence
        assert run.judgement["is_passed"] is False
        assert run.judgement["gain"] < 0


class TestModel:
    def test_a_good_answer_becomes_an_improvement_with_its_cost(self, model):
        make_record()
        model(answer_with(("minimum_edge_pct", 3)))

        summary = analyse()

        run, improvement = the_run(), Improvement.objects.get()
        assert (run.status, run.analyst, run.note) == (Status.PROPOSED, "model", "")
        assert (run.cost_usd, summary.cost_usd, run.is_cost_assumed) == (COST, COST, False)
        assert (run.prompt_tokens, run.completion_tokens) == (1200, 300)
        assert (run.model, improvement.origin) == ("gpt-4o-2024-08-06",) * 2
        assert json.loads(run.prompt[run.prompt.index("\n{") :]) == run.evidence
        assert improvement.llm_reasoning == "The band 2 to 3 has a negative CLV."
        assert improvement.missing_factors == ["How old the sharp price is."]

    @pytest.mark.parametrize(
        ("body", "status", "sentence"),
        [
            (reply(refusal="I cannot help."), "failed", "The model refused: I cannot help."),
            (
                reply("{", status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
                "failed",
                "The answer was cut off (max_output_tokens).",
            ),
            (reply("no JSON"), "failed", "does not fit the schema"),
            (answer_with(("minimum_edge_pct", 99)), "refused", "must lie between 0 and 20"),
            (answer_with(("minimum_luck", 1)), "refused", "minimum_luck"),
            (answer_with(("minimum_edge_pct", 2)), "refused", "Nothing would change"),
            (answer_with(), "nothing", "The band 2 to 3"),
            (answer_with(("maximum_edge_pct", 5)), "refused", "48 held-out matches"),
        ],
    )
    def test_a_useless_answer_is_paid_once_and_says_why(self, model, body, status, sentence):
        make_record()
        model(body)

        analyse()
        analyse(NOON + timedelta(minutes=1))

        run = the_run()
        assert run.status == status
        assert sentence in run.sentence
        assert (run.cost_usd, model.asked()) == (COST, 1)
        assert run.finished_at == NOON

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [(401, "key was not accepted"), (400, "request was refused")],
    )
    def test_what_asking_again_cannot_mend_is_asked_once(self, model, status, sentence):
        make_record()
        model({"error": {"message": f"Incorrect key {KEY}"}}, status)

        analyse()
        analyse(NOON + timedelta(minutes=1))

        run = the_run()
        assert (run.status, run.cost_usd, model.asked()) == (Status.FAILED, None, 1)
        assert sentence in run.sentence

    @pytest.mark.parametrize("status", [429, 500])
    def test_an_overload_is_tried_three_times_and_costs_nothing(self, model, status):
        make_record()
        for _ in range(3):
            model({"error": {"message": "busy"}}, status)

        waiting = [analyse(NOON + timedelta(minutes=minute)).waiting for minute in range(4)]

        run = the_run()
        assert waiting == [1, 1, 0, 0]
        assert (run.status, run.tries, model.asked()) == (Status.FAILED, 3, 3)
        assert (run.cost_usd, run.is_cost_assumed) == (None, False)

    def test_an_overload_that_passes_ends_well(self, model):
        make_record()
        model({"error": {"message": "busy"}}, 503)
        model(answer_with(("minimum_edge_pct", 3)))

        analyse()
        analyse(NOON + timedelta(minutes=1))

        assert (the_run().status, the_run().cost_usd) == (Status.PROPOSED, COST)

    def test_silence_is_not_asked_again_and_counts_as_paid(self, model, settings):
        settings.OPENAI_TIMEOUT_SECONDS = 0.5
        make_record()
        is_over = threading.Event()
        asked = []

        def hang(request):
            asked.append(request)
            is_over.wait(10)
            return Response("late")

        model.server.expect_request(PATH).respond_with_handler(hang)

        analyse()
        is_over.set()
        analyse(NOON + timedelta(minutes=1))

        run = the_run()
        assert (run.status, len(asked)) == (Status.FAILED, 1)
        assert "did not answer within" in run.sentence
        assert run.is_cost_assumed
        assert run.cost_usd >= Decimal("0.04")  # the longest answer alone

    def test_what_a_dead_process_asked_is_not_asked_again(self, model):
        make_record()
        model(answer_with(("minimum_edge_pct", 3)))
        analyse()
        Improvement.objects.all().delete()
        LearningRun.objects.update(
            status=Status.ASKING, finished_at=None, cost_usd=None, proposal=None
        )

        analyse(NOON + timedelta(minutes=1))

        run = the_run()
        assert (run.status, run.is_cost_assumed, model.asked()) == (Status.FAILED, True, 1)
        assert "not asked again" in run.sentence

    def test_an_answer_that_was_kept_is_judged_and_not_paid_again(self, model):
        make_record()
        model(answer_with(("minimum_edge_pct", 3)))
        analyse()
        Improvement.objects.all().delete()
        LearningRun.objects.update(status=Status.ANSWERED, finished_at=None, judgement=None)

        analyse(NOON + timedelta(minutes=1))

        assert (the_run().status, model.asked()) == (Status.PROPOSED, 1)
        assert Improvement.objects.count() == 1

    @pytest.mark.parametrize(("code", "language"), [("fr", "French"), ("en", "English")])
    def test_it_is_asked_for_the_language_of_the_pages(self, model, settings, code, language):
        settings.LANGUAGE_CODE = code
        make_record()
        model(answer_with(("minimum_edge_pct", 3)))

        analyse()

        sent = model.server.log[0][0].get_json()
        assert f"Write every text in {language}." in sent["instructions"]

    def test_a_question_beyond_the_budget_is_not_asked(self, model):
        make_record()
        LearningSettings.objects.create(monthly_budget_eur=Decimal("0.01"))

        analyse()

        run = the_run()
        assert (run.analyst, run.status, model.asked()) == ("statistics", Status.PROPOSED, 0)
        assert run.note.startswith("The month's budget of 0.01 € does not allow a question")

    def test_what_the_month_has_cost_counts(self, model):
        version = make_record()
        LearningRun.objects.create(
            strategy=make_strategy("line_mover").strategy,
            version=version,
            day=NOON.date() - timedelta(days=20),
            analyst="model",
            status=Status.NOTHING,
            cost_usd=Decimal("5.43"),  # at 0.92 €: 5.00 €
            held_out_since=NOON,
            evidence={},
            started_at=NOON,
            finished_at=NOON,
        )

        analyse()

        assert model.asked() == 0
        run = LearningRun.objects.get(strategy=version.strategy)
        assert "4.996 € are spent" in run.note


class TestChoosing:
    def test_a_day_looks_once(self):
        make_record()
        analyse()

        again = analyse(NOON + timedelta(hours=11))

        assert again.runs == ()
        assert [skip.reason for skip in again.skipped] == ["It was looked at today already."]

    def test_the_next_day_the_same_change_is_not_proposed_again(self):
        make_record()
        analyse()

        analyse(NOON + timedelta(days=1))

        first, second = LearningRun.objects.order_by("pk")
        assert second.evidence["refused_proposals"] == [
            {"changes": first.changes, "reason": "it waits for a decision."}
        ]
        assert second.changes != first.changes

    def test_a_model_that_repeats_itself_is_refused(self, model):
        make_record()
        model(answer_with(("minimum_edge_pct", 3)))
        model(answer_with(("minimum_edge_pct", 3)))
        analyse()
        lifecycle.archive(Improvement.objects.get().pk, reason="too strict", now=NOON)

        analyse(NOON + timedelta(days=1))

        second = LearningRun.objects.latest("pk")
        assert second.status == Status.REFUSED
        assert second.sentence == "The same was proposed on 2026-11-21: too strict"
        assert Improvement.objects.count() == 1

    def test_a_short_record_is_not_looked_at(self, model):
        make_record(matches=90)

        (skip,) = analyse().skipped

        assert skip.reason == "90 matches are graded; it takes 30 to tell of and 30 held out."
        assert model.asked() == 0

    def test_a_strategy_in_test_or_with_many_proposals_is_left_alone(self):
        version = make_record()
        LearningSettings.objects.create(most_waiting=1)
        proposed = lifecycle.propose(version.strategy, {"minimum_edge_pct": 4}, now=NOON)
        (waiting,) = analyse().skipped
        lifecycle.activate([proposed.pk], now=NOON)
        (tested,) = analyse().skipped

        assert waiting.reason == "1 proposals for it wait for a decision."
        assert tested.reason == "A change of it is in test."

    def test_no_more_than_so_many_a_day(self):
        LearningSettings.objects.create(most_strategies=1)
        make_record()
        make_record(version=make_strategy("line_mover"))

        summary = analyse()

        assert len(summary.runs) == 1
        assert [skip.reason for skip in summary.skipped] == [
            "1 strategies with a worse record come first."
        ]

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_are_one(self):
        make_record(matches=2)
        given = connection.get_connection_params()
        given = {
            name: given[name] for name in ("dbname", "user", "host", "port") if given.get(name)
        }
        with psycopg.connect(**given) as other:
            other.execute("SELECT pg_advisory_lock(%s, 0)", [int(Space.LEARNING)])

            with pytest.raises(BusyError, match="Another analysis is running"):
                analyse()
