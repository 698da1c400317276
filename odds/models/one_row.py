"""Settings of one row, whose ranges the forms and the database both guard."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

Ranges = Mapping[str, tuple[float | Decimal, float | Decimal]]


def within(ranges: Ranges, name: str) -> list[MinValueValidator | MaxValueValidator]:
    """The form's guard of a setting's range."""
    low, high = ranges[name]
    return [MinValueValidator(low), MaxValueValidator(high)]


def one_row_in_range(table: str, ranges: Ranges) -> list[models.BaseConstraint]:
    """The database's guard: one row, every setting inside its range."""
    return [
        models.CheckConstraint(name=f"{table}_one_row", condition=Q(id=1)),
        *(
            models.CheckConstraint(
                name=f"{table}_{name}_in_range",
                condition=Q(**{f"{name}__gte": low, f"{name}__lte": high}),
            )
            for name, (low, high) in ranges.items()
        ),
    ]


class OneRow(models.Model):
    """A table that holds its one row, or none while the defaults are in force."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def current(cls) -> Self:
        """The row in force, or the defaults where none was saved yet."""
        return cls._default_manager.filter(pk=1).first() or cls()
