"""What the API's serializers are made of: instants, odds, limits and errors.

Instants are UTC and end in Z, whatever the zone of the pages. Odds are strings, so that no client
reads them as binary fractions. Long lists are written with the `…_text` functions and their
serializers only describe them: passing each value through a field took longer than the database.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


class InstantField(serializers.DateTimeField):
    """An ISO 8601 instant: `Z` going out; an instant without offset coming in means UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class OddsField(serializers.DecimalField):
    """Decimal odds as a string with two decimals, three where the third says something."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=8, decimal_places=3, **options)

    def to_representation(self, value: Decimal) -> str:
        """As `odds_text` writes them."""
        return odds_text(value)


class LineField(serializers.DecimalField):
    """A goals or handicap line as a short string: "2.5", "-0.25"; null where there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=6, decimal_places=2, **options)

    def to_representation(self, value: Decimal) -> str:
        """As `line_text` writes it."""
        return line_text(value)


def instant_text(instant: datetime) -> str:
    """An aware instant as ISO 8601 in UTC: "2025-11-22T15:00:00Z"."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def odds_text(odds: Decimal) -> str:
    """`2.310` becomes "2.31", `2.305` stays "2.305", `2.000` becomes "2.00"."""
    return f"{odds:.3f}".removesuffix("0")


def line_text(line: Decimal) -> str:
    """`2.50` becomes "2.5", `10.00` becomes "10"."""
    return f"{line.normalize():f}"


def limit_field(default: int, maximum: int) -> serializers.IntegerField:
    """How many items a list may hold; more is refused, not cut."""
    return serializers.IntegerField(
        default=default, min_value=1, max_value=maximum, help_text=f"At most {maximum}."
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error of the API."""

    detail = serializers.CharField(help_text="One sentence: what was wrong and what to do.")


def read_query(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """The validated query of a request; an empty parameter counts as one that was not given.

    Raises:
        ValidationError: With one sentence for the first parameter that cannot be used.
    """
    # A plain dict: from a form, a missing boolean would be read as an unticked box, False.
    given = {name: value for name, value in request.query_params.items() if value != ""}
    serializer = serializer_class(data=given)
    serializer.is_valid(raise_exception=True)
    validated: dict[str, Any] = serializer.validated_data
    return validated
