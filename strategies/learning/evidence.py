"""Evidence: all that an analyst is told of a version, and nothing that it could merely repeat.

Pure values, nothing of Django. Failures stand beside as many successes and beside the base rates,
so that what winners and losers have in common is not taken for the cause of losing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final, Self

from betting.bets.rules import Ending
from strategies.learning.segments import Made, Rates, Segment, segments
from strategies.parameters import Range

EXAMPLES: Final = 10  # failures at most, and successes at most
FEWEST_TOLD: Final = 10  # predictions; smaller segments say nothing and cost words
DECIMALS: Final = 3
WON: Final = frozenset({Ending.WON, Ending.HALF_WON})
LOST: Final = frozenset({Ending.LOST, Ending.HALF_LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A parameter as it is in force, and what it may be."""

    name: str
    value: float
    low: float
    high: float
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A change that was proposed before, and why it was not taken."""

    changes: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a version.

    Attributes:
        agent: Its agent's name.
        strategy: Its strategy's name.
        base: Of the newest predictions together.
        segments: Of those that have something in common.
        failures: The newest that lost, at most one of a match.
        successes: The newest that won, likewise; as many as of the others where there are any.
        settings: The parameters in force.
        refused: What need not be proposed again.
    """

    agent: str
    strategy: str
    base: Rates
    segments: tuple[Segment, ...]
    failures: tuple[Made, ...]
    successes: tuple[Made, ...]
    settings: tuple[Setting, ...]
    refused: tuple[Refusal, ...]

    @classmethod
    def of(
        cls,
        rows: Sequence[Made],
        *,
        agent: str,
        strategy: str,
        settings: Sequence[Setting],
        refused: Sequence[Refusal] = (),
    ) -> Self:
        """What these predictions say.

        Args:
            rows: Newest first.
            agent: Its agent's name.
            strategy: Its strategy's name.
            settings: The parameters in force.
            refused: Changes proposed before.
        """
        failures, successes = _balanced(rows)
        return cls(
            agent=agent,
            strategy=strategy,
            base=Rates.of(rows),
            segments=segments(rows),
            failures=failures,
            successes=successes,
            settings=tuple(settings),
            refused=tuple(refused),
        )

    @property
    def mapping(self) -> dict[str, float]:
        """The parameters in force, by name."""
        return {each.name: each.value for each in self.settings}

    def as_json(self) -> dict[str, Any]:
        """Plain values for a row or a prompt: no ids, no teams, no defaults; rounded."""
        told = [each for each in self.segments if each.rates.predictions >= FEWEST_TOLD]
        return {
            "agent": self.agent,
            "strategy": self.strategy,
            "predictions_looked_at": self.base.predictions,
            "base_rates": _rounded(asdict(self.base)),
            "segments": [_told_segment(each) for each in told],
            "segments_too_small_to_tell": len(self.segments) - len(told),
            "failures": [_told_example(row) for row in self.failures],
            "successes": [_told_example(row) for row in self.successes],
            "parameters": [asdict(each) for each in self.settings],
            "refused_proposals": [
                {"changes": dict(each.changes), "reason": each.reason} for each in self.refused
            ],
        }


def settings_of(current: Mapping[str, float], allowed: Mapping[str, Range]) -> tuple[Setting, ...]:
    """The parameters in force, in the order of their ranges.

    Args:
        current: The value of every parameter.
        allowed: The range of every parameter.
    """
    return tuple(
        Setting(
            name=name, value=current[name], low=each.low, high=each.high, is_whole=each.is_whole
        )
        for name, each in allowed.items()
    )


def _newest(rows: Iterable[Made], endings: frozenset[Ending]) -> list[Made]:
    """The newest that ended so, of each match the newest."""
    first: dict[int, Made] = {}
    for row in rows:
        if row.result in endings:
            first.setdefault(row.match_id, row)
    return list(islice(first.values(), EXAMPLES))


def _balanced(rows: Sequence[Made]) -> tuple[tuple[Made, ...], tuple[Made, ...]]:
    """As many that lost as that won, but where there are none of the other."""
    failures, successes = _newest(rows, LOST), _newest(rows, WON)
    fewer = min(len(failures), len(successes)) or EXAMPLES
    return tuple(failures[:fewer]), tuple(successes[:fewer])


def _told_segment(segment: Segment) -> dict[str, Any]:
    return {
        "dimension": segment.dimension,
        "value": segment.value,
        **_rounded(asdict(segment.rates)),
    }


def _told_example(row: Made) -> dict[str, Any]:
    names = (
        "league",
        "market",
        "outcome",
        "odds",
        "probability",
        "edge_pct",
        "agreement",
        "clv_pct",
        "result",
    )
    return _rounded({name: getattr(row, name) for name in names})


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, DECIMALS) if isinstance(value, float) else value
        for name, value in values.items()
    }
