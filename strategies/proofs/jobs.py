"""Proofs as rows: asked for, and made by a worker."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from odds.models import Match, Sport
from strategies import jobs
from strategies.backtests.code import code_version
from strategies.jobs import Claim, Clock, Outcome, RefusedError, Watch
from strategies.models import Proof
from strategies.proofs.proof import NothingImportedError, make
from strategies.replay.reading import IMPORTED

UNFINISHED: Final = [Proof.Status.QUEUED, Proof.Status.RUNNING]
ALWAYS: Final = (date(1900, 1, 1), date(2199, 12, 31))


def ask(
    *,
    by: str,
    now: datetime,
    sport_keys: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> Proof:
    """A proof for the next worker; the same one where it waits or runs already.

    Args:
        by: Who asks.
        now: The current instant.
        sport_keys: Of which competitions; all that were imported where none is named.
        since: From which match day on; the first where left out.
        until: To which match day, included; the last where left out.
    """
    asked = {"sport_keys": list(sport_keys), "since": since, "until": until}
    unfinished = Proof.objects.filter(status__in=UNFINISHED, **asked)
    return unfinished.first() or Proof.objects.create(asked_by=by, created_at=now, **asked)


def calculate(
    proof_id: int,
    *,
    clock: Clock,
    watch: Watch = lambda _share, _step: None,
) -> bool:
    """Make a queued proof and store what it came to; whether it was ours to make.

    Args:
        proof_id: The row.
        clock: Tells the time.
        watch: Told how far it is.
    """
    return jobs.calculate(Proof, proof_id, _make, clock=clock, watch=watch)


def imported_sports() -> tuple[str, ...]:
    """The competitions of which football-data.co.uk's files brought matches, by key."""
    of_sport = Match.objects.filter(sport=OuterRef("pk"), provider_id__startswith=IMPORTED)
    keys = Sport.objects.filter(Exists(of_sport)).order_by("key").values_list("key", flat=True)
    return tuple(keys)


def _make(claim: Claim) -> Outcome:
    proof = Proof.objects.get(pk=claim.pk)
    first, last = proof.since or ALWAYS[0], proof.until or ALWAYS[1]
    try:
        results = make(
            tuple(proof.sport_keys) or imported_sports(),
            since=_midnight(first),
            until=_midnight(last + timedelta(days=1)),
            advance=claim.advance,
        )
    except NothingImportedError as refusal:
        raise RefusedError(str(refusal)) from refusal
    return Outcome(
        result=results.as_json(),
        code_version=code_version(),
        fingerprint=results.fingerprint,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
