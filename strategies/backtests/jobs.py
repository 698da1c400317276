"""Backtests as rows: what is asked is checked, stored, and calculated by a worker."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from betting.detection.board import MARKETS
from odds.models import Match, Sport
from strategies import jobs
from strategies.backtests.audit import LookAheadError
from strategies.backtests.code import code_version
from strategies.backtests.costs import Costs
from strategies.backtests.guarding import without_database
from strategies.backtests.running import NothingToJudgeError, Plan, Step, run
from strategies.jobs import Claim, Clock, Outcome, RefusedError, Watch
from strategies.models import Backtest
from strategies.parameters import ParametersError, as_mapping, parse
from strategies.registry import AGENTS
from strategies.replay.decisions import Window
from strategies.replay.history import History
from strategies.replay.reading import read_history

Status = Backtest.Status


def queue(backtest: Backtest, *, now: datetime) -> Backtest:
    """Store a backtest to be calculated by the next worker.

    No competition means all, no market all of them; parameters left out have their defaults.

    Args:
        backtest: Unsaved, with what is asked.
        now: The current instant.

    Raises:
        RefusedError: It cannot be calculated.
    """
    backtest.sport_keys = backtest.sport_keys or _all_sport_keys()
    backtest.markets = backtest.markets or list(MARKETS)
    plan = _plan_of(backtest)
    backtest.parameters = as_mapping(plan.parameters)
    backtest.status, backtest.created_at = Status.QUEUED, now
    backtest.save()
    return backtest


def calculate(
    backtest_id: int,
    *,
    clock: Clock,
    watch: Watch = lambda _share, _step: None,
) -> bool:
    """Calculate a queued backtest and store what came of it; whether it was ours to calculate.

    Args:
        backtest_id: The row.
        clock: Tells the time.
        watch: Told how far it is.
    """
    return jobs.calculate(Backtest, backtest_id, _run, clock=clock, watch=watch)


def _run(claim: Claim) -> Outcome:
    claim.advance(0.0, Step.READING)
    backtest = Backtest.objects.get(pk=claim.pk)
    plan = _plan_of(backtest)
    history = _read(backtest)
    fingerprint = history.fingerprint
    tried = _variants_tried(backtest.agent, as_mapping(plan.parameters), fingerprint)
    try:
        result = run(
            replace(plan, variants_tried=tried),
            history,
            guard=without_database,
            advance=claim.advance,
        )
    except (NothingToJudgeError, LookAheadError) as refusal:
        raise RefusedError(str(refusal)) from refusal
    return Outcome(result=result.as_json(), code_version=code_version(), fingerprint=fingerprint)


def _plan_of(backtest: Backtest) -> Plan:
    """What a row asks for.

    Raises:
        RefusedError: Something in it is unknown or out of its range.
    """
    _require_sane(backtest)
    agent = AGENTS[backtest.agent]
    try:
        parameters = parse(agent.parameters, backtest.parameters)
    except ParametersError as error:
        raise RefusedError(str(error)) from error
    return Plan(
        agent=agent,
        parameters=parameters,
        window=Window(earliest=backtest.earliest_hours * 3600, latest=backtest.latest_minutes * 60),
        costs=Costs(
            commission=backtest.commission,
            delay_seconds=backtest.delay_minutes * 60,
            haircut=backtest.haircut,
        ),
        kelly_fraction=backtest.kelly_fraction,
        holdout=backtest.holdout,
    )


def _require_sane(backtest: Backtest) -> None:
    try:
        backtest.clean_fields(exclude={"created_at", "parameters", "result", "version"})
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        words = name.replace("_", " ").capitalize()
        raise RefusedError(f"{words}: {messages[0]}") from error
    if backtest.until < backtest.since:
        raise RefusedError(f"{backtest.until} lies before {backtest.since}.")
    if backtest.earliest_hours * 60 <= backtest.latest_minutes:
        raise RefusedError(
            f"From {backtest.earliest_hours:g} hours until {backtest.latest_minutes:g} minutes"
            " before kick-off nothing can be looked at."
        )
    if unknown := sorted(set(backtest.markets) - set(MARKETS)):
        raise RefusedError(f"There is no market {unknown[0]}; there are {', '.join(MARKETS)}.")
    known = Sport.objects.filter(key__in=backtest.sport_keys).values_list("key", flat=True)
    if strange := sorted(set(backtest.sport_keys) - set(known)):
        raise RefusedError(f"{strange[0]} is not a competition MON_PS knows.")


def _read(backtest: Backtest) -> History:
    return read_history(
        sorted(backtest.sport_keys),
        since=_midnight(backtest.since),
        until=_midnight(backtest.until + timedelta(days=1)),
        markets=[market for market in MARKETS if market in backtest.markets],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _variants_tried(agent: str, parameters: dict[str, float], fingerprint: str) -> int:
    """Distinct parameter sets of this agent tried on the same data, this one included."""
    done = Backtest.objects.filter(status=Status.DONE, agent=agent, fingerprint=fingerprint)
    stored = done.order_by().values_list("parameters", flat=True).distinct()
    return len({tuple(sorted(one.items())) for one in [*stored, parameters]})


def _all_sport_keys() -> list[str]:
    """Competitions with a match."""
    sports = Sport.objects.filter(Exists(Match.objects.filter(sport=OuterRef("pk"))))
    return list(sports.order_by("key").values_list("key", flat=True))
