"""What a rule asks of the metrics, written once: as PromQL, or evaluated here, with one meaning.

A gauge is read as the greatest of its samples, so that several web processes are one fact and an
alert's identity is its name and, where there is one, the label it is kept apart by.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

JOB: Final = 'job="monps_backend"'
# Each metric's samples: labels and value.
Samples = Mapping[str, Sequence[tuple[Mapping[str, str], float]]]
# One value for each value of the label a term is kept apart by; "" where there is none.
Values = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that conditions read: samples, thresholds by name, and the instant in seconds."""

    samples: Samples
    thresholds: Mapping[str, float]
    now: float


class Term(Protocol):
    """A number, or one for each value of a label."""

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """The term as an expression of Prometheus."""

    def values(self, facts: Facts) -> Values:
        """The term evaluated; empty where a metric it needs has no sample."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float

    def promql(self, thresholds: Mapping[str, float]) -> str:  # noqa: ARG002 (as the others)
        """Its digits."""
        return number(self.value)

    def values(self, facts: Facts) -> Values:  # noqa: ARG002 (as the others)
        """Itself."""
        return {"": self.value}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A setting by its name, times what brings it to the metric's unit."""

    name: str
    unit: float = 1

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """The digits of the setting now."""
        return number(thresholds[self.name] * self.unit)

    def values(self, facts: Facts) -> Values:
        """The setting."""
        return {"": facts.thresholds[self.name] * self.unit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """The greatest sample of a metric, for each value of the label `by` if one is named.

    Attributes:
        name: The metric.
        by: Label that keeps samples apart.
        only: The one value of `by` that is read; empty reads all.
        otherwise: What it is taken for where it has no sample.
    """

    name: str
    by: str = ""
    only: str = ""
    otherwise: float | None = None

    def promql(self, thresholds: Mapping[str, float]) -> str:  # noqa: ARG002 (as the others)
        """An aggregation, which drops the labels of the process that answered."""
        labels = f'{JOB}, {self.by}="{self.only}"' if self.only else JOB
        aggregation = f"max by ({self.by}) " if self.by else "max"
        found = f"{aggregation}({self.name}{{{labels}}})"
        return found if self.otherwise is None else f"({found} or vector({number(self.otherwise)}))"

    def values(self, facts: Facts) -> Values:
        """The greatest of each."""
        greatest: Values = {}
        for labels, value in facts.samples.get(self.name, ()):
            key = labels.get(self.by, "") if self.by else ""
            if not math.isnan(value) and (not self.only or key == self.only):
                greatest[key] = max(value, greatest.get(key, value))
        return {"": self.otherwise} if not greatest and self.otherwise is not None else greatest


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a gauge over its label."""

    of: Gauge

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """A sum of greatest samples: two processes that tell the same are not counted twice."""
        return f"sum({self.of.promql(thresholds)})"

    def values(self, facts: Facts) -> Values:
        """The sum, where there is anything to add."""
        parts = self.of.values(facts)
        return {"": sum(parts.values())} if parts else {}


@dataclass(frozen=True, slots=True)
class Age:
    """Seconds since the instant a gauge holds."""

    of: Gauge

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """Prometheus' clock less the gauge."""
        return f"time() - {self.of.promql(thresholds)}"

    def values(self, facts: Facts) -> Values:
        """The given clock less the gauge."""
        return {key: facts.now - value for key, value in self.of.values(facts).items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One gauge less another; neither is kept apart by a label."""

    left: Gauge
    right: Gauge

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """A subtraction."""
        return f"{self.left.promql(thresholds)} - {self.right.promql(thresholds)}"

    def values(self, facts: Facts) -> Values:
        """The difference, where both are known."""
        left, right = self.left.values(facts), self.right.values(facts)
        return {"": left[""] - right[""]} if left and right else {}


@dataclass(frozen=True, slots=True)
class Product:
    """A factor times a gauge that is not kept apart by a label, and at least `least`."""

    factor: Threshold
    of: Gauge
    least: Number | Threshold = Number(-math.inf)

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """A multiplication, clamped where there is a least value."""
        product = f"{self.factor.promql(thresholds)} * {self.of.promql(thresholds)}"
        if self.least == Number(-math.inf):
            return product
        return f"clamp_min({product}, {self.least.promql(thresholds)})"

    def values(self, facts: Facts) -> Values:
        """The product, where the gauge is known."""
        factor, least = self.factor.values(facts)[""], self.least.values(facts)[""]
        return {key: max(least, factor * value) for key, value in self.of.values(facts).items()}


class Condition(Protocol):
    """What must hold; keeps what it holds for, with the value it looked at."""

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """The condition as an expression of Prometheus."""

    def holds(self, facts: Facts) -> Values:
        """The values for which it holds; empty when it does not."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A term on one side of another, which is not kept apart by a label."""

    left: Term
    operator: str
    right: Term

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """A comparison, which filters."""
        return f"{self.left.promql(thresholds)} {self.operator} {self.right.promql(thresholds)}"

    def holds(self, facts: Facts) -> Values:
        """The values of the left side that pass."""
        bound = self.right.values(facts)
        if not bound:
            return {}
        compare = COMPARISONS[self.operator]
        return {
            k: value for k, value in self.left.values(facts).items() if compare(value, bound[""])
        }


@dataclass(frozen=True, slots=True)
class Absent:
    """At least one of some gauges has no sample."""

    gauges: tuple[Gauge, ...]

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """One or more `absent`, each without labels."""
        each = " or ".join(f"absent({gauge.promql(thresholds)})" for gauge in self.gauges)
        return f"({each})" if len(self.gauges) > 1 else each

    def holds(self, facts: Facts) -> Values:
        """One, as Prometheus gives it."""
        return {} if all(gauge.values(facts) for gauge in self.gauges) else {"": 1.0}


@dataclass(frozen=True, slots=True)
class AsPrometheusSees:
    """An expression that only Prometheus can evaluate: of targets, or of the past."""

    expression: str
    factors: tuple[Threshold, ...] = ()

    def promql(self, thresholds: Mapping[str, float]) -> str:
        """The expression with its thresholds filled in, in order, at each `$`."""
        parts = self.expression.split("$")
        filled = [factor.promql(thresholds) for factor in self.factors] + [""]
        return "".join(part + value for part, value in zip(parts, filled, strict=True))

    def holds(self, facts: Facts) -> Values:  # noqa: ARG002 (as the others)
        """Nothing: whoever asks here has no Prometheus."""
        return {}


COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def number(value: float) -> str:
    """Digits as PromQL and people read them: 900, 1.5, 14400."""
    return f"{float(value):.10g}"
