"""One alert rule: what must hold, for how long, and what is then said in either language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from alerts.conditions import AsPrometheusSees, Condition, Facts, number

RUNBOOK: Final = "docs/OPERATIONS.md"
FRENCH: Final = "fr"


class Severity(StrEnum):
    """How loudly an alert is told."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Unit(StrEnum):
    """How a rule's value is written; what is named here is the format of a number."""

    MONEY = "%.2f"
    PERCENT = "%.1f"
    COUNT = "%.0f"
    DURATION = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One sentence in both languages.

    Not in locale/: Prometheus' files are French whatever the language of the process that
    writes them. `{value}`, `{sport}`, `{queue}` and names of thresholds are filled in.
    """

    fr: str
    en: str

    def in_language(self, language: str) -> str:
        """French, or English for any other language."""
        return self.fr if language.startswith(FRENCH) else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert: all of `when` must hold without a break for `holds_for`.

    The first condition gives the value; no value ever becomes a label, or each change of it would
    be another alert.

    Attributes:
        name: Its identity, with the value of `by`.
        by: Label it is kept apart by; empty where there is one for all.
        keeps_for: It stays open so long after the conditions no longer hold, so that a restart
            of the web process, whose metrics are gone meanwhile, neither ends nor repeats it.
        unit: How the value is written.
    """

    name: str
    severity: Severity
    when: tuple[Condition, ...]
    summary: Text
    description: Text
    by: str = ""
    holds_for: timedelta = timedelta()
    keeps_for: timedelta = field(default=timedelta(minutes=5))
    unit: Unit = Unit.COUNT

    @property
    def needs_prometheus(self) -> bool:
        """Whether it cannot be evaluated here."""
        return any(isinstance(condition, AsPrometheusSees) for condition in self.when)

    @property
    def runbook(self) -> str:
        """Where it is written what to do."""
        return f"{RUNBOOK}#{self.name.lower()}"

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """The expression of the rule."""
        return " and on () ".join(condition.promql(thresholds) for condition in self.when)

    def holding(self, facts: Facts) -> list["Holding"]:
        """What it holds for now; not yet an alert unless it has held for `holds_for`."""
        first, *others = self.when
        if not all(condition.holds(facts) for condition in others):
            return []
        return [
            Holding(rule=self, key=key, value=value, thresholds=facts.thresholds)
            for key, value in sorted(first.holds(facts).items())
        ]

    def annotations(
        self, *, value: str, key: str, thresholds: Mapping[str, float], language: str = FRENCH
    ) -> dict[str, str]:
        """Its texts, with a value and a label's value that are already written."""
        filled = {name: _digits(one, language) for name, one in thresholds.items()}
        filled |= {"value": value} | ({self.by: key} if self.by else {})
        return {
            "summary": self.summary.in_language(language).format(**filled),
            "description": self.description.in_language(language).format(**filled),
            "runbook": self.runbook,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A rule whose conditions hold, for one value of its label."""

    rule: Rule
    key: str
    value: float
    thresholds: Mapping[str, float]

    @property
    def labels(self) -> dict[str, str]:
        """What identifies the alert, as Prometheus would label it."""
        labels = {"alertname": self.rule.name, "severity": self.rule.severity.value}
        return labels | ({self.rule.by: self.key} if self.rule.by else {})

    def annotations(self, language: str = FRENCH) -> dict[str, str]:
        """Its texts with the value now."""
        return self.rule.annotations(
            value=written(self.value, self.rule.unit, language),
            key=self.key,
            thresholds=self.thresholds,
            language=language,
        )


def written(value: float, unit: Unit, language: str = FRENCH) -> str:
    """A value in words and digits, as the templates of Prometheus write it in the rule files."""
    if unit is Unit.DURATION:
        duration = _duration(value)
        return duration.replace("d ", "j ") if language.startswith(FRENCH) else duration
    return _with_mark(unit.value % value, language)


def written_by_prometheus(unit: Unit) -> str:
    """The template that writes the value in French."""
    if unit is Unit.DURATION:
        return '{{ humanizeDuration $value | reReplaceAll "d " "j " }}'
    mark = "" if unit is Unit.COUNT else ' | reReplaceAll "[.]" ","'
    return f'{{{{ printf "{unit.value}" $value{mark} }}}}'


def _duration(seconds: float) -> str:
    """Days to seconds, as Prometheus' humanizeDuration from one minute on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = {"d": days, "h": hours, "m": minutes}
    known = [f"{count}{mark}" for mark, count in parts.items()]
    while known and known[0].startswith("0"):
        known.pop(0)
    return " ".join([*known, f"{rest}s"])


def _digits(value: float, language: str) -> str:
    return _with_mark(number(value), language)


def _with_mark(digits: str, language: str) -> str:
    """The decimal mark of the language."""
    return digits.replace(".", ",") if language.startswith(FRENCH) else digits
