"""Kinds of admin pages that every app uses: read-only facts and one-row settings."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.views import ChangeList

from odds.models import Sport

Function = TypeVar("Function", bound=Callable[..., object])


def column(title: Any, **options: Any) -> Callable[[Function], Function]:
    """The theme's `display`, typed: how a method is shown in a list or on a page."""
    return cast("Callable[[Function], Function]", display(description=title, **options))


def request_time() -> datetime:
    """The clock of a page: an admin page is an entry point and may read it."""
    return timezone.now()


class KeysFirstPaginator(InfinitePaginator):
    """Looks up the keys of a page, then its rows: nothing is computed for the rows before it."""

    def page(self, number: Any) -> Page:  # type: ignore[type-arg]  # no subscript at run time
        """The page of this number, from 1."""
        first = (self.validate_number(number) - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        return cast("Page", self._get_page(self.object_list.filter(pk__in=keys), number, self))  # type: ignore[type-arg]


class FactList(ChangeList):
    """A list that is counted only where an action may take all of it.

    It makes each of its links once: the theme asks for those of all headers in every row.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._links: dict[str, str] = {}
        super().__init__(*args, **options)

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page; the theme would tell the paginator's invented number of all."""
        super().get_results(request)
        has_actions = bool(self.model_admin.get_actions(request))
        self.result_count = self.queryset.count() if has_actions else len(self.result_list)
        self.full_result_count = self.result_count

    def get_query_string(
        self, new_params: dict[str, Any] | None = None, remove: list[str] | None = None
    ) -> str:
        """The address of the list with other choices."""
        asked = repr((new_params, remove))
        if asked not in self._links:
            self._links[asked] = super().get_query_string(new_params, remove)
        return self._links[asked]


class FactAdmin(ModelAdmin):
    """Facts are looked at, never edited; long lists are paged without counting them."""

    actions = None
    list_per_page = 50
    paginator = InfinitePaginator
    show_full_result_count = False
    # What an empty list says, and where it sends to.
    empty_title: Any = None
    empty_hint: Any = None
    empty_url_name: str = ""
    empty_link: Any = None

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:  # noqa: ARG002
        """The list."""
        return FactList

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody adds a fact by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one."""
        return False


class OneRowAdmin(ModelAdmin):
    """Settings of one row: the list is the form, and the form shows defaults until it is saved."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """There is one row and no second."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """The row stays."""
        return False

    def get_object(
        self,
        request: HttpRequest,  # noqa: ARG002
        object_id: str,
        from_field: str | None = None,  # noqa: ARG002
    ) -> Model | None:
        """The row in force, or its defaults."""
        return self.model.current() if object_id == "1" else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """Go to the one form."""
        return redirect(reverse(_change_url_name(self.model), args=[1]))

    def response_post_save_change(self, request: HttpRequest, obj: Model) -> HttpResponse:  # noqa: ARG002
        """Stay on the form after saving."""
        return redirect(reverse(_change_url_name(self.model), args=[1]))


def _change_url_name(model: type[Model]) -> str:
    options = model._meta
    return f"admin:{options.app_label}_{options.model_name}_change"


def change_url(row: Model) -> str:
    """The page of a row in the admin."""
    return reverse(_change_url_name(type(row)), args=[row.pk])


def two_lines(first: object, second: object, *, css: str = "") -> SafeString:
    """A table cell: what counts, and beneath it in small what explains it."""
    return format_html(
        '<span class="mp-cell {}"><span class="mp-first">{}</span>'
        '<span class="mp-second">{}</span></span>',
        css,
        first,
        second,
    )


class ChoiceFilter(SimpleListFilter):
    """A filter with a choice in force from the start; it adds no "all" of its own."""

    default = ""

    def value(self) -> str:
        """The choice in force."""
        chosen = super().value()
        known = {str(key) for key, _title in self.lookup_choices}
        return chosen if chosen in known else self.default

    def choices(self, changelist: ChangeList) -> Iterable[dict[str, Any]]:  # type: ignore[override]
        """Each choice as a link."""
        for key, title in self.lookup_choices:
            yield {
                "selected": self.value() == str(key),
                "query_string": changelist.get_query_string({str(self.parameter_name): key}),
                "display": title,
            }


class SportFilter(SimpleListFilter):
    """The sports that are collected; `path` leads from the row to its sport."""

    title = _("sport")
    parameter_name = "sport"
    path = "sport"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Keys and titles."""
        return list(Sport.objects.filter(is_collected=True).values_list("key", "title"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """The rows of the chosen sport."""
        chosen = self.value()
        return queryset.filter(**{f"{self.path}__key": chosen}) if chosen else queryset
