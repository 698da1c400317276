"""Analyses: whose record is looked at, by whom, and what becomes of what is proposed.

Each step of one is a row that says so before the next begins. A row that says a model is being
asked, while nobody holds the lock of analyses, belongs to a process that died: the answer may have
been paid for and is lost, so it is not asked for again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from betting.performance.measures import FEWEST
from strategies import lifecycle
from strategies.learning import choosing
from strategies.learning.analyst import analyse
from strategies.learning.choosing import Skip
from strategies.learning.held_out import hold_against
from strategies.learning.judging import Judgement
from strategies.learning.proposal import Proposal, ProposalError, checked
from strategies.learning.reading import read_evidence
from strategies.locks import Space, held
from strategies.models import LearningRun, LearningSettings, StrategyVersion

logger = logging.getLogger(__name__)

MOST_TRIES: Final = 3
STATISTICIAN: Final = "statistical analyst"
Analyst = LearningRun.Analyst
Status = LearningRun.Status
Clock = Callable[[], datetime]


class BusyError(RuntimeError):
    """Another analysis is running; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one round of analyses came to."""

    runs: tuple[LearningRun, ...]
    skipped: tuple[Skip, ...]

    @property
    def proposed(self) -> int:
        """Improvements that wait for a decision."""
        return sum(run.status == Status.PROPOSED for run in self.runs)

    @property
    def waiting(self) -> int:
        """Analyses to be tried again."""
        return sum(run.status == Status.WAITING for run in self.runs)

    @property
    def cost_usd(self) -> Decimal:
        """Dollars, those assumed among them."""
        return sum((run.cost_usd or Decimal(0) for run in self.runs), Decimal(0))


def analyse_strategies(*, clock: Clock, by: str = "") -> Summary:
    """Finish what was interrupted, then look at every strategy whose turn it is.

    Doing it again on the same UTC day looks at no strategy twice. What is said is kept in the
    language of the installation.

    Args:
        clock: Tells the time.
        by: Who asked for it; empty at night.

    Raises:
        BusyError: Another process is at it.
    """
    with translation.override(settings.LANGUAGE_CODE), held(Space.LEARNING) as is_ours:
        if not is_ours:
            raise BusyError("Another analysis is running; wait until it is done.")
        terms = LearningSettings.current()
        unfinished = LearningRun.objects.filter(finished_at=None).select_related(
            "strategy", "version__strategy"
        )
        runs = [_carry_on(run, terms, clock) for run in unfinished.order_by("pk")]
        choice = choosing.choose(terms, now=clock())
        for version, since in choice.chosen:
            run = _claim(version, since, terms, clock=clock, by=by)
            runs += [_carry_on(run, terms, clock, is_new=True)] if run else []
        return Summary(runs=tuple(runs), skipped=choice.skipped)


def _claim(
    version: StrategyVersion, since: datetime, terms: LearningSettings, *, clock: Clock, by: str
) -> LearningRun | None:
    """The row of an analysis that begins now; `None` where the day has one already."""
    now = clock()
    evidence = _evidence_of(version, since, now)
    row = LearningRun(
        strategy=version.strategy,
        version=version,
        day=now.date(),
        analyst=Analyst.STATISTICS,
        held_out_since=since,
        evidence=evidence.as_json(),
        asked_by=by,
        started_at=now,
    )
    row.note = _why_no_model(evidence, terms, now)
    if not row.note:
        row.analyst, row.model = Analyst.MODEL, terms.model
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return None
    return row


def _why_no_model(evidence: Any, terms: LearningSettings, now: datetime) -> str:
    """Why statistics look and no model; empty where a model may be asked."""
    if not settings.OPENAI_API_KEY:
        return _("OPENAI_API_KEY is not set, so statistics looked at the record.")
    from strategies.learning import llm  # noqa: PLC0415 - half a second that only this needs

    month = LearningRun.objects.begun_in(now.year, now.month)
    spent = month.cost_usd() * terms.euros_per_dollar
    prompt = llm.prompt_of(evidence, _language())
    most = llm.greatest_cost_usd(prompt, terms.input_price, terms.output_price)
    most *= terms.euros_per_dollar
    if spent + most > terms.monthly_budget_eur:
        return _(
            "The month's budget of %(budget).2f € does not allow a question of at most %(most).3f €"
            ": %(spent).3f € are spent. Statistics looked at the record."
        ) % {"budget": terms.monthly_budget_eur, "most": most, "spent": spent}
    return ""


def _carry_on(
    run: LearningRun, terms: LearningSettings, clock: Clock, *, is_new: bool = False
) -> LearningRun:
    """Take an analysis from where it stands as far as it goes."""
    if run.status == Status.ASKING and run.analyst == Analyst.MODEL and not is_new:
        return _lose(run, clock())
    if run.status in {Status.ASKING, Status.WAITING}:
        _ask(run, terms, clock)
    if run.status == Status.ANSWERED:
        _judge(run, clock)
    logger.info("analysis of %s: %s", run.strategy, run.status)
    return run


def _ask(run: LearningRun, terms: LearningSettings, clock: Clock) -> None:
    """Ask the analyst, and keep what came before anything is made of it."""
    evidence = _evidence_of(run.version, run.held_out_since, clock())
    if run.analyst == Analyst.STATISTICS:
        found = analyse(evidence, gettext=_)
        _keep(run, found.proposal, found.sentence, clock())
        return
    from strategies.learning import llm  # noqa: PLC0415 - half a second that only this needs

    prompt = llm.prompt_of(evidence, _language())
    _write(run, status=Status.ASKING, tries=run.tries + 1, prompt=prompt)
    answer = llm.ask(
        evidence,
        model=terms.model,
        base_url=settings.OPENAI_BASE_URL,
        key=settings.OPENAI_API_KEY,
        timeout=settings.OPENAI_TIMEOUT_SECONDS,
        language=_language(),
    )
    cost = llm.cost_usd(answer, terms.input_price, terms.output_price)
    if answer.is_doubtful and cost is None:
        cost = llm.greatest_cost_usd(prompt, terms.input_price, terms.output_price)
        run.is_cost_assumed = True
    run.cost_usd = cost if run.cost_usd is None else run.cost_usd + (cost or 0)
    run.model, run.raw_reply = answer.model, answer.raw
    run.prompt_tokens, run.completion_tokens = answer.prompt_tokens, answer.completion_tokens
    run.duration_seconds = answer.duration_seconds
    if answer.failure is None:
        _keep(run, answer.proposal, answer.proposal.reasoning if answer.proposal else "", clock())
    elif answer.is_transient and run.tries < MOST_TRIES:
        _write(run, status=Status.WAITING, sentence=answer.failure)
    else:
        _end(run, Status.FAILED, answer.failure, clock())


def _language() -> str:
    """The installation's, by its English name."""
    return str(get_language_info(settings.LANGUAGE_CODE)["name"])


def _lose(run: LearningRun, now: datetime) -> LearningRun:
    """The process that asked died; what it was told may be paid for and is not known."""
    from strategies.learning import llm  # noqa: PLC0415 - half a second that only this needs

    terms = LearningSettings.current()
    run.cost_usd = (run.cost_usd or Decimal(0)) + llm.greatest_cost_usd(
        run.prompt, terms.input_price, terms.output_price
    )
    run.is_cost_assumed = True
    lost = _(
        "The process ended while the model was asked; its answer is lost, and not asked again."
    )
    _end(run, Status.FAILED, lost, now)
    return run


def _keep(run: LearningRun, proposal: Proposal | None, sentence: str, now: datetime) -> None:
    """Store what an analyst said."""
    if proposal is None or not proposal.parameter_changes:
        run.proposal = proposal.model_dump() if proposal else None
        _end(run, Status.NOTHING, sentence, now)
    else:
        _write(run, status=Status.ANSWERED, proposal=proposal.model_dump(), sentence=sentence)


def _judge(run: LearningRun, clock: Clock) -> None:
    """Hold a proposal against the matches held out, and store it with what that gave."""
    proposal = Proposal.model_validate(run.proposal)
    version = run.version
    if not StrategyVersion.objects.filter(pk=version.pk, is_current=True).exists():
        _end(run, Status.REFUSED, _("The strategy's parameters have changed since."), clock())
        return
    try:
        changes = checked(proposal, version.strategy.rules.parameters, version.mapping)
    except ProposalError as refusal:
        _end(run, Status.REFUSED, str(refusal), clock())
        return
    run.changes = changes
    if known := choosing.proposed_before(version.strategy, changes, now=clock()):
        _end(run, Status.REFUSED, known, clock())
        return
    judgement = hold_against(version, changes, since=run.held_out_since, until=clock(), gettext=_)
    run.judgement = judgement.as_json()
    if judgement.matches < FEWEST:  # neither for it nor against it: it may be proposed again
        _end(run, Status.REFUSED, judgement.sentence, clock())
        return
    _store(run, proposal, judgement, clock())


@transaction.atomic
def _store(run: LearningRun, proposal: Proposal, judgement: Judgement, now: datetime) -> None:
    """The improvement, with its analysis: to be decided on, or archived with the reason."""
    by = run.model or STATISTICIAN
    improvement = lifecycle.propose(
        run.strategy,
        run.changes or {},
        now=now,
        by=by,
        origin=by,
        failure_pattern=proposal.failure_pattern,
        missing_factors=proposal.missing_factors,
        recommended_adjustments=proposal.recommended_adjustments,
        llm_reasoning=proposal.reasoning,
        expected_improvement=judgement.gain,
        analyzed_at=now,
    )
    if not judgement.is_passed:
        lifecycle.archive(improvement.pk, reason=judgement.sentence, now=now, by=by)
    run.improvement = improvement
    status = Status.PROPOSED if judgement.is_passed else Status.REFUSED
    _end(run, status, judgement.sentence, now)


def _evidence_of(version: StrategyVersion, until: datetime, now: datetime) -> Any:
    return read_evidence(
        version, until=until, refused=choosing.remembered(version.strategy, now=now)
    )


def _end(run: LearningRun, status: str, sentence: str, now: datetime) -> None:
    _write(run, status=status, sentence=sentence, finished_at=now)


def _write(run: LearningRun, **given: Any) -> None:
    for name, value in given.items():
        setattr(run, name, value)
    run.save()
