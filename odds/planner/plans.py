"""What the planner answers: calls, what was not planned, and the month's budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from odds.planner.shapes import CallShape
from odds.planner.situation import Kind

Number = int | float | str | datetime | timedelta


class Endpoint(StrEnum):
    """What is asked of The Odds API."""

    ODDS = "odds"
    SCORES = "scores"


class Reason(StrEnum):
    """Why a call is planned, or is not."""

    CLOSING = "closing"
    RESULTS = "results"
    SCAN = "scan"
    TOO_LATE = "too_late"
    PAUSED = "paused"
    AFTER_RESET = "after_reset"
    SHORT = "short"
    KEPT = "kept"
    NOT_COLLECTED = "not_collected"
    FREE_SOURCE = "free_source"
    TOO_OLD = "too_old"
    RESULTS_SHORT = "results_short"
    SCANS_SHORT = "scans_short"
    SCANS_OFF = "scans_off"
    INTERVAL = "interval"


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which look for this name; nothing of Django."""
    return text


# English, with named places: a page translates the sentence and formats the values its own way.
SENTENCES: Final[Mapping[Reason, str]] = {
    Reason.CLOSING: gettext_noop(
        "Closing odds of %(sport)s before the kick-off at %(kickoff)s (matches: %(matches)s)."
    ),
    Reason.RESULTS: gettext_noop(
        "Results of %(sport)s that something waits for and no free source covers "
        "(matches: %(matches)s)."
    ),
    Reason.SCAN: gettext_noop("Scan of %(sport)s: %(value)s new opportunities are expected."),
    Reason.TOO_LATE: gettext_noop(
        "No closing odds of %(sport)s at %(kickoff)s (matches: %(matches)s): the kick-off is less "
        "than %(lead)s away."
    ),
    Reason.PAUSED: gettext_noop(
        "No closing odds of %(sport)s at %(kickoff)s (matches: %(matches)s): calls are stopped "
        "until %(until)s."
    ),
    Reason.AFTER_RESET: gettext_noop(
        "Closing odds of %(sport)s from %(kickoff)s on (matches: %(matches)s) wait for the credits "
        "of %(until)s."
    ),
    Reason.SHORT: gettext_noop(
        "No closing odds of %(sport)s at %(kickoff)s (matches: %(matches)s): %(spendable)s credits "
        "can be spent, the closing calls known so far cost %(needed)s, and sports of higher "
        "priority and larger slots come first."
    ),
    Reason.KEPT: gettext_noop(
        "No closing odds of %(sport)s at %(kickoff)s (matches: %(matches)s) as things are: "
        "%(forecast)s credits are kept for kick-offs that will become known before %(until)s."
    ),
    Reason.NOT_COLLECTED: gettext_noop(
        "No calls for %(sport)s (matches: %(matches)s): it is not among the collected sports."
    ),
    Reason.FREE_SOURCE: gettext_noop(
        "No paid results of %(sport)s (matches: %(matches)s): a free source covers them."
    ),
    Reason.TOO_OLD: gettext_noop(
        "No paid results of %(sport)s (matches: %(matches)s): they kicked off more than three "
        "days ago, and older scores are not told."
    ),
    Reason.RESULTS_SHORT: gettext_noop(
        "No paid results of %(sport)s (matches: %(matches)s): the call costs %(cost)s credits, "
        "and closing odds leave %(left)s."
    ),
    Reason.SCANS_SHORT: gettext_noop(
        "No more scans of %(sport)s: the next best would find %(value)s new opportunities "
        "(credits: %(cost)s), and %(budget)s credits are for scans until %(until)s."
    ),
    Reason.SCANS_OFF: gettext_noop("No scans of %(sport)s: they are switched off."),
    Reason.INTERVAL: gettext_noop(
        "No more scans of %(sport)s: calls for a sport are %(interval)s apart or more."
    ),
}


def sentence(reason: Reason, numbers: Mapping[str, Number]) -> str:
    """The reason in one English sentence."""
    return SENTENCES[reason] % {name: _shown(value) for name, value in numbers.items()}


def _shown(value: Number) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60} h" if minutes >= 60 and minutes % 60 == 0 else f"{minutes} min"
    return f"{value:.2g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCall:
    """One call: from `at`, and until `until` where it fails or is late.

    `value` is what it is expected to bring: closing lines, results or new opportunities by its
    kind. A closing call names the matches it captures, a call for results those it settles.
    """

    at: datetime
    until: datetime
    sport: str
    kind: Kind
    endpoint: Endpoint
    shape: CallShape | None
    cost: int
    value: float
    match_ids: tuple[str, ...] = ()
    kickoff: datetime | None = None

    @property
    def reason(self) -> Reason:
        """Its kind, as a reason."""
        return Reason(self.kind)

    @property
    def numbers(self) -> dict[str, Number]:
        """What the reason's sentence says."""
        said: dict[str, Number] = {"sport": self.sport, "matches": len(self.match_ids)}
        said["value"] = float(self.value)
        if self.kickoff is not None:
            said["kickoff"] = self.kickoff
        return said

    @property
    def sentence(self) -> str:
        """The reason in one English sentence."""
        return sentence(self.reason, self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlanned:
    """What is not done, and why; `match_ids` names the matches concerned where there are any."""

    sport: str
    kind: Kind
    reason: Reason
    numbers: Mapping[str, Number] = field(default_factory=dict)
    match_ids: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The reason in one English sentence."""
        return sentence(self.reason, {"sport": self.sport, **self.numbers})


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Where the credits go until the reset.

    `unknown_closings` are held back for kick-offs not known yet (their expectation), `later_scans`
    for scans beyond what can be planned now. `safety` is in the scans: so much is kept for the
    last of them, and spent on closing calls before should more kick-offs come, or known ones move.

    `is_certain` is whether what remains at the reset is known to the credit, and not only expected:
    planned scans take whatever closing calls leave, or there are none and all kick-offs are listed.
    """

    remaining: int
    reserve: int
    closings: int
    results: int
    scans: int
    unknown_closings: int
    safety: int
    later_scans: int
    is_certain: bool = False

    @property
    def planned(self) -> int:
        """Credits of the calls in the plan."""
        return self.closings + self.results + self.scans

    @property
    def kept(self) -> int:
        """Credits for closing odds and results, those of kick-offs to come included."""
        return self.closings + self.results + self.unknown_closings + self.safety

    @property
    def left_at_reset(self) -> int:
        """What remains, the reserve included."""
        return self.remaining - self.planned - self.unknown_closings - self.later_scans


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Calls in order of time until the reset, and what is left out."""

    made_at: datetime
    calls: tuple[PlannedCall, ...]
    not_planned: tuple[NotPlanned, ...]
    budget: Budget

    def due(self, now: datetime) -> tuple[PlannedCall, ...]:
        """The calls to make now."""
        return tuple(call for call in self.calls if call.at <= now <= call.until)

    @property
    def next_at(self) -> datetime | None:
        """When the first call is due."""
        return self.calls[0].at if self.calls else None
