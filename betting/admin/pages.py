"""Pages of one row in the admin: what is known about it, and forms that do something with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from betting.bankroll.ledger import LedgerRefusedError
from betting.bets.checks import BetRefusedError
from odds.admin_facts import FactAdmin, change_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A form on the page of a row.

    Attributes:
        name: In the address, and before the ids of the fields.
        form: Makes it for a row, with what was sent or without.
        act: Does it with a valid form, and says in one sentence what was done.
    """

    name: str
    form: Callable[..., forms.Form]
    act: Callable[[HttpRequest, Any, forms.Form], str]


class PageAdmin(FactAdmin):
    """Facts with a page of their own; their forms come back filled in when they are refused."""

    page_template = ""

    def doings(self) -> list[Doing]:
        """What the page's forms do."""
        return []

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """What the page shows besides the row and the forms."""
        return {}

    def has_work_permission(self, request: HttpRequest) -> bool:
        """Whether the page's forms may be sent; the raw row is never edited."""
        name = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return bool(request.user.has_perm(name))

    def get_urls(self) -> list[URLPattern]:
        """The list and the page, and where its forms are sent."""
        own = [
            path(
                f"<int:pk>/{doing.name}",
                self.admin_site.admin_view(require_POST(self._view(doing))),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{doing.name}",
            )
            for doing in self.doings()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The page of a row; nothing is sent to it."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        return self._unknown(request, object_id) if row is None else self._page(request, row)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The page on which a row is made, for those who may."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.add_page(request)

    def add_page(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Most rows are made by nobody."""
        raise PermissionDenied

    def form_page(
        self, request: HttpRequest, template: str, form: forms.Form, *, title: str, **more: Any
    ) -> HttpResponse:
        """A page with one form."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "media": self.media + form.media,
            **more,
        }
        return TemplateResponse(request, template, context)

    def _unknown(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response: HttpResponse = self._get_obj_does_not_exist_redirect(
            request, self.opts, object_id
        )
        return response

    def _page(self, request: HttpRequest, row: Model, **sent: forms.Form) -> HttpResponse:
        empty = {
            f"{one.name}_form": one.form(row, auto_id=f"{one.name}_%s") for one in self.doings()
        }
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "object": row,  # where the arrow in the header leads back from
            "title": str(row),
            "media": self.media,
            "may_work": self.has_work_permission(request),
            **empty,
            **sent,
            **self.page_context(request, row),
        }
        return TemplateResponse(request, self.page_template, context)

    def _view(self, doing: Doing) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if not self.has_work_permission(request):
                raise PermissionDenied
            row = self.get_object(request, str(pk))
            if row is None:
                return self._unknown(request, str(pk))
            form = doing.form(row, request.POST, auto_id=f"{doing.name}_%s")
            if refusal := self._refusal(request, row, doing, form):
                self.message_user(request, refusal, messages.ERROR)
                return self._page(request, row, **{f"{doing.name}_form": form})
            return redirect(change_url(row))

        return view

    def _refusal(self, request: HttpRequest, row: Model, doing: Doing, form: forms.Form) -> str:
        """Why nothing was done; empty when it was done, and said."""
        if not form.is_valid():
            return first_error(form)
        try:
            self.message_user(request, doing.act(request, row, form), messages.SUCCESS)
        except (BetRefusedError, LedgerRefusedError) as refusal:
            return str(refusal)
        return ""


def plain(form: type[forms.Form]) -> Callable[..., forms.Form]:
    """A form that is the same for every row."""

    def make(_row: Model, sent: Any = None, **given: Any) -> forms.Form:
        return form(sent, **given)

    return make


def first_error(form: forms.Form) -> str:
    """One sentence: what is wrong, and in which field."""
    for name, errors in form.errors.items():
        if name == NON_FIELD_ERRORS:
            return str(errors[0])
        return f"{form.fields[name].label or name}: {errors[0]}"
    return ""
