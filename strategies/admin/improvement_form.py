"""Proposing a change by hand: of which strategy, which parameters, and why."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from odds.admin_facts import request_time
from strategies import lifecycle
from strategies.admin.asking import current_versions
from strategies.admin.parameter_form import ParametersForm
from strategies.admin.strategy_page import BY_HAND
from strategies.models import Improvement, StrategyVersion


class ReasonForm(forms.Form):
    """Why improvements are put away; it may be left open."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )


class ProposeForm(ParametersForm):
    """The parameters in force, to be changed, and why they should be."""

    def __init__(self, *given: Any, **more: Any) -> None:
        """With a note besides the parameters."""
        super().__init__(*given, **more)
        self.fields["note"] = forms.CharField(
            label=_("Why"),
            required=False,
            max_length=5000,
            help_text=_("What speaks for the change; kept with it as its reasoning."),
            widget=UnfoldAdminTextareaWidget({"rows": 3}),
        )


def chosen_of(asked: str | None) -> StrategyVersion | None:
    """The current version of the strategy asked for; the first without one, None without any.

    Raises:
        Http404: There is no such strategy.
    """
    versions: QuerySet[StrategyVersion] = current_versions()
    if asked is None:
        return versions.first()
    found = versions.filter(strategy=int(asked)).first() if asked.isdecimal() else None
    if found is None:
        raise Http404
    return found


def form_of(version: StrategyVersion, sent: Any = None) -> ProposeForm:
    """The form for one strategy, filled with the parameters in force."""
    return ProposeForm(version.strategy.rules, sent, values=version.mapping)


def propose(
    request: HttpRequest, version: StrategyVersion, form: ProposeForm
) -> Improvement | None:
    """Store the proposal; None where it is refused, which the form then says."""
    by = request.user.get_username()
    try:
        return lifecycle.propose(
            version.strategy,
            form.cleaned,
            now=request_time(),
            by=by,
            origin=f"{BY_HAND}{by}"[:120],
            llm_reasoning=form.cleaned_data["note"],
        )
    except lifecycle.RefusedChangeError as refusal:
        form.add_error(None, str(refusal))
        return None
