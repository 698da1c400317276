"""What the API takes in about improvements: queries, bodies, and how they are refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from rest_framework import exceptions, serializers
from rest_framework.request import Request

from odds.api_fields import limit_field
from strategies.api.improvement_answers import STATUSES
from strategies.lifecycle import RefusedChangeError, UnknownImprovementError, WrongStateError
from strategies.models import Improvement, Strategy

MOST_TOLD: Final = 100  # factors or adjustments of one improvement
MOST_AT_ONCE: Final = 500
GREATEST_ID: Final = 2**31 - 1
LONGEST: Final = 10_000
IN_QUERY_TOO: Final = ("strategy_id", "failure_pattern", "llm_reasoning", "reason")
TOLD: Final = (
    *("failure_pattern", "llm_reasoning", "missing_factors", "recommended_adjustments"),
    *("expected_improvement", "baseline_win_rate", "baseline_roi", "baseline_samples"),
)
UNKNOWN: Final = "Amélioration non trouvée"
SOME_UNKNOWN: Final = "Certaines améliorations n'existent pas"


class NumberField(serializers.FloatField):
    """A finite number; true and false are none."""

    def to_internal_value(self, data: Any) -> float:
        """The number; 400 for anything else."""
        if isinstance(data, bool):
            self.fail("invalid")
        value: float = super().to_internal_value(data)
        return value


def told_text(**options: Any) -> serializers.CharField:
    """A text that may be left out."""
    return serializers.CharField(required=False, allow_blank=True, max_length=LONGEST, **options)


def told_list() -> serializers.ListField:
    """Short texts that may be left out."""
    return serializers.ListField(
        child=serializers.CharField(max_length=1000), required=False, max_length=MOST_TOLD
    )


class ArchivedQuery(serializers.Serializer[Any]):
    """How many archived improvements."""

    limit = limit_field(100, 500)


class ImprovementQuery(ArchivedQuery):
    """Which improvements."""

    status = serializers.CharField(
        required=False,
        help_text=f"One or more of {STATUSES}, with commas between; without it all but archived.",
    )

    def validate_status(self, text: str) -> list[str]:
        """The words of the parameter; 400 for one that is no status."""
        words = [word.strip() for word in text.split(",") if word.strip()]
        unknown = [word for word in words if word not in Improvement.Status.values]
        if unknown:
            raise serializers.ValidationError(
                f"There is no status {unknown[0]!r}; there are {STATUSES}."
            )
        return words


class ReasonBody(serializers.Serializer[Any]):
    """Why an improvement is put away."""

    reason = told_text(allow_null=True)


class SelectionBody(serializers.Serializer[Any]):
    """Which improvements to test; an id given twice counts once."""

    improvement_ids = serializers.ListField(
        child=serializers.IntegerField(), max_length=MOST_AT_ONCE
    )


class CreationBody(serializers.Serializer[Any]):
    """A change of a strategy's parameters; what is not named stays as it is in force."""

    strategy_id = serializers.IntegerField(min_value=1, max_value=GREATEST_ID)
    new_parameters = serializers.DictField(
        child=NumberField(), required=False, help_text="The parameters that change, by name."
    )
    new_threshold = NumberField(
        required=False,
        allow_null=True,
        help_text="The strategy's threshold parameter, a complete change by itself.",
    )
    failure_pattern = told_text()
    llm_reasoning = told_text()
    missing_factors = told_list()
    recommended_adjustments = told_list()
    expected_improvement = NumberField(required=False, allow_null=True, help_text="Points.")
    baseline_win_rate = NumberField(
        required=False,
        min_value=0,
        max_value=100,
        help_text="Percent; without it that of the strategy's record now, as for the next two.",
    )
    baseline_roi = NumberField(required=False, min_value=-100, help_text="Percent.")
    baseline_samples = serializers.IntegerField(
        required=False, min_value=0, max_value=GREATEST_ID, help_text="Settled before."
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What was sent, nulls left out."""
        return {name: value for name, value in asked.items() if value is not None}


def read_sent(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """The validated body of a request; the original's query parameters count where it is silent.

    Raises:
        ValidationError: With one sentence for the first field that cannot be used.
    """
    sent = {} if request.data is None else request.data
    if isinstance(sent, dict):
        query = request.query_params
        sent = {name: query[name] for name in IN_QUERY_TOO if query.get(name)} | sent
    serializer = serializer_class(data=sent)
    serializer.is_valid(raise_exception=True)
    validated: dict[str, Any] = serializer.validated_data
    return validated


def changes_of(asked: Mapping[str, Any], strategy: Strategy) -> dict[str, float]:
    """The parameters that are to change, the threshold among them.

    Raises:
        ValidationError: The threshold is given twice and differs.
    """
    changes: dict[str, float] = dict(asked.get("new_parameters", {}))
    if "new_threshold" in asked:
        name, value = strategy.rules.threshold, asked["new_threshold"]
        if changes.setdefault(name, value) != value:
            raise exceptions.ValidationError(
                {"detail": f"new_threshold and {name} differ; give one of them."}
            )
    return changes


def told_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the improvement: what was said of it."""
    return {name: asked[name] for name in TOLD if name in asked}


@contextmanager
def refusals_answered(
    sentences: Mapping[str, str], *, otherwise: str = "", unknown: str = UNKNOWN
) -> Iterator[None]:
    """A step that was refused is answered with its sentence.

    Args:
        sentences: By the status that forbids the step.
        otherwise: Of any other status; `{status}` stands for it.
        unknown: There is no such improvement.
    """
    try:
        yield
    except UnknownImprovementError as error:
        raise exceptions.NotFound(unknown) from error
    except WrongStateError as error:
        sentence = sentences.get(error.status, otherwise.format(status=error.status))
        raise exceptions.ValidationError({"detail": sentence}) from error
    except RefusedChangeError as refusal:
        raise exceptions.ValidationError({"detail": str(refusal)}) from refusal
