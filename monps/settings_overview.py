"""The page of all settings: what each is now, what it may be, and what was changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from odds import figures
from odds.models.one_row import OneRow

APPS: Final = ("betting", "odds", "strategies", "alerts")  # in the order of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; `default` is empty unless it was changed, `range` where `explanation` has it."""

    name: str
    explanation: str
    value: str
    default: str
    range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One row of settings and its form; `changed` is who changed it last, and when."""

    title: str
    url: str
    settings: list[Setting]
    last_change: LogEntry | None

    @property
    def changed(self) -> int:
        """How many differ from their defaults."""
        return sum(bool(one.default) for one in self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Settings of one part of MON_PS."""

    title: str
    pages: list[Page]


def view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/settings/`."""
    areas = read(request)
    if not areas:
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("Settings"),
        "areas": areas,
        "changed": sum(page.changed for area in areas for page in area.pages),
    }
    return TemplateResponse(request, "monps/settings.html", context)


def read(request: HttpRequest) -> list[Area]:
    """The settings the user may see; a query for each row and one for all their changes."""
    titles = {
        "betting": _("Betting"),
        "odds": _("Collecting"),
        "strategies": _("Strategies"),
        "alerts": _("Alerts and mails"),
    }
    kinds = [one for one in rows_of_settings() if _may_see(request, one)]
    last = _last_changes(kinds)
    return [
        Area(
            title=titles[app],
            pages=[_page(one, last.get(one)) for one in kinds if one._meta.app_label == app],
        )
        for app in APPS
        if any(one._meta.app_label == app for one in kinds)
    ]


def rows_of_settings() -> list[type[OneRow]]:
    """Every table of one row that has a form."""
    return [
        one
        for one in apps.get_models()
        if issubclass(one, OneRow) and admin.site.is_registered(one)
    ]


def _may_see(request: HttpRequest, kind: type[OneRow]) -> bool:
    return admin.site.get_model_admin(kind).has_view_permission(request)


def _last_changes(kinds: list[type[OneRow]]) -> dict[type[models.Model], LogEntry]:
    types = {one.pk: kind for kind, one in ContentType.objects.get_for_models(*kinds).items()}
    newest = (
        LogEntry.objects.filter(content_type__in=types)
        .order_by("content_type", "-action_time")
        .distinct("content_type")
        .select_related("user")
    )
    return {types[one.content_type_id]: one for one in newest if one.content_type_id}


def _page(kind: type[OneRow], last_change: LogEntry | None) -> Page:
    row, options = kind.current(), kind._meta
    return Page(
        title=capfirst(str(options.verbose_name)),
        url=reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[1]),
        settings=[_setting(row, options.get_field(name)) for name in _names(kind)],
        last_change=last_change,
    )


def _names(kind: type[OneRow]) -> Iterator[str]:
    """In the order of the form, without what it only shows."""
    stored = {one.name for one in kind._meta.get_fields()}
    for _title, given in admin.site.get_model_admin(kind).fieldsets or []:
        for name in given["fields"]:
            together = [name] if isinstance(name, str) else name
            yield from (one for one in together if one in stored)


def _setting(row: OneRow, field: Any) -> Setting:
    value, default = getattr(row, field.name), field.get_default()
    told, ends = str(field.help_text), range_of(field)
    return Setting(
        name=capfirst(str(field.verbose_name)),
        explanation=told,
        value=written(field, value),
        default="" if value == default else written(field, default),
        range="" if _digits(ends) in _digits(told) else ends,
    )


def written(field: Any, value: Any) -> str:
    """A value for people."""
    if value is None or value == "":
        return figures.UNDEFINED
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, time):
        return str(time_format(value))
    return _number(value) if isinstance(value, int | float | Decimal) else str(value)


def range_of(field: Any) -> str:
    """The smallest and the largest value the form takes; empty where it has none."""
    if field.choices or isinstance(field, models.BooleanField):
        return ""
    ends = [
        [one.limit_value for one in field.validators if type(one) is kind]
        for kind in (MinValueValidator, MaxValueValidator)
    ]
    # A column's own bounds come first in the list, those of the setting are narrower.
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField) and ends[1]:
        return _("%(low)s to %(high)s") % {
            "low": _number(max(ends[0], default=0)),
            "high": _number(min(ends[1])),
        }
    return ""


def _digits(text: str) -> str:
    """Without what sets thousands apart, which explanations do as they please."""
    return "".join(one for one in text if not one.isspace() and one not in ",.")


def _number(value: float | Decimal) -> str:
    plain = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    short = plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain.normalize()
    return str(number_format(short, force_grouping=True))
