"""The forms of bets: a new one, a correction, a result."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from betting.admin.form_fields import BookmakerField, MatchField, NumberWidget, number_field, wagers
from betting.bets.placing import NewBet
from betting.models import Bet, Ending, Opportunity

MINUTE = "%Y-%m-%dT%H:%M"  # what a browser's field for a date and a time sends


class WagerForm(forms.Form):
    """What a new bet and a corrected one have in common."""

    wager = forms.ChoiceField(
        label=gettext_lazy("Bet"), choices=wagers, widget=UnfoldAdminSelectWidget()
    )
    selection = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("An accumulator, a scorer: what no market above fits."),
    )
    line = number_field(
        gettext_lazy("Line"),
        places=2,
        step="0.25",
        required=False,
        help_text=gettext_lazy(
            "Goals, or the home team’s handicap, also for a bet on the away team."
        ),
    )
    bookmaker = BookmakerField(label=gettext_lazy("Bookmaker"))
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=Bet.Side.choices,
        initial=Bet.Side.BACK,
        widget=UnfoldAdminSelectWidget(),
    )
    odds = number_field(gettext_lazy("Odds"), places=3, step="0.01")
    stake = number_field(
        gettext_lazy("Stake"),
        places=2,
        step="0.01",
        help_text=gettext_lazy("Of a lay bet: the backer’s."),
    )
    bet_type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=Bet.Type.choices,
        initial=Bet.Type.VALUE,
        widget=UnfoldAdminSelectWidget(),
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes"), required=False, widget=UnfoldAdminTextareaWidget({"rows": 2})
    )

    def clean_line(self) -> Decimal:
        """No line is 0."""
        return self.cleaned_data["line"] or Decimal(0)

    def clean_notes(self) -> str:
        """With the line ends the database has, not the browser's."""
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    def fields_of(self, *names: str) -> list[forms.BoundField]:
        """Fields for one block of a page."""
        return [self[name] for name in names]

    def blocks(self) -> Iterable[list[forms.BoundField]]:
        """The rows of fields as the page shows them."""
        yield self.fields_of("wager", "selection", "line", "side")
        yield self.fields_of("bookmaker", "odds", "stake")


class NewBetForm(WagerForm):
    """A bet to record; its match is a known one, or is typed."""

    match = MatchField(
        label=gettext_lazy("Match"),
        required=False,
        help_text=gettext_lazy("Type a part of a team’s name."),
    )
    home_team = forms.CharField(
        label=gettext_lazy("Home team"),
        max_length=160,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )
    away_team = forms.CharField(
        label=gettext_lazy("Away team"),
        max_length=160,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )
    league = forms.CharField(
        label=gettext_lazy("League"),
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )
    commence_time = forms.DateTimeField(
        label=gettext_lazy("Kick-off"),
        required=False,
        input_formats=[MINUTE],
        widget=UnfoldAdminTextInputWidget({"type": "datetime-local"}),
    )
    is_paper = forms.BooleanField(
        label=gettext_lazy("On paper"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=gettext_lazy("Followed and graded, but no money is staked."),
    )
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.all(), required=False, widget=forms.HiddenInput()
    )
    key = forms.CharField(max_length=120, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """A match is chosen, or its names and kick-off are given."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("match") is None and not (
            given.get("home_team") and given.get("commence_time")
        ):
            raise forms.ValidationError(
                _("Choose the match, or type its home team and its kick-off.")
            )
        return given

    def typed_match(self) -> list[forms.BoundField]:
        """The fields of a match that is not listed."""
        return self.fields_of("home_team", "away_team", "league", "commence_time")

    def new_bet(self) -> NewBet:
        """What was entered; an opportunity counts only while the bet is still on it."""
        given = dict(self.cleaned_data)
        market, outcome = given.pop("wager").split(":")
        del given["key"]
        found = given["opportunity"]
        of_bet = (given["match"], market, outcome, given["line"], given["side"])
        if found and of_bet != (found.match, found.market, found.outcome, found.line, "back"):
            given["opportunity"] = None
        return NewBet(**given, market=market, outcome=outcome)


class CorrectionForm(WagerForm):
    """What was written down about a bet, to be put right; the reason goes to the log."""

    commission = number_field(
        gettext_lazy("Commission"),
        places=3,
        step="0.001",
        required=False,
        help_text=gettext_lazy("Share of net winnings, from 0 to 0.2."),
    )
    final_score = forms.CharField(
        label=gettext_lazy("Final score"),
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Why it is corrected; kept in the history."),
    )

    def blocks(self) -> Iterable[list[forms.BoundField]]:
        """The rows of fields as the page shows them."""
        yield from super().blocks()
        yield self.fields_of("commission", "bet_type", "final_score")

    def changes(self) -> dict[str, Any]:
        """The new values of what was changed; a bookmaker brings its own commission."""
        given = self.cleaned_data
        changed = [
            name
            for name in self.changed_data
            if name != "reason" and given[name] != self.initial.get(name)
        ]
        changes = {name: given[name] for name in changed if name != "wager"}
        if "wager" in changed:
            changes["market"], changes["outcome"] = given["wager"].split(":")
        if "commission" in changed:
            changes["commission"] = given["commission"] or Decimal(0)
        elif "bookmaker" in changed:
            changes["commission"] = given["bookmaker"].commission
        return changes


def correction_of(bet: Bet, sent: Any = None, **given: Any) -> CorrectionForm:
    """The form with what the bet says now."""
    of_bet = set(CorrectionForm.base_fields) - {"wager", "reason"}
    initial = {name: getattr(bet, name) for name in of_bet}
    initial |= {
        "wager": f"{bet.market}:{bet.outcome}",
        "line": bet.line or None,
        "bookmaker": bet.bookmaker_id,
    }
    return CorrectionForm(sent, initial=initial, **given)


class RulingForm(forms.Form):
    """How a bet ended, by hand; the ending is the button that was pressed."""

    ending = forms.ChoiceField(choices=Ending.choices)
    dead_heat_ways = forms.IntegerField(
        label=gettext_lazy("Winners in a dead heat"),
        required=False,
        min_value=2,
        max_value=99,
        widget=NumberWidget({"step": "1", "min": "2", "placeholder": "2"}),
    )
    final_score = forms.CharField(
        label=gettext_lazy("Final score"),
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget({"placeholder": "2-1"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )

    def clean(self) -> dict[str, Any]:
        """Only a dead heat has several winners, and it must say how many."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("ending") != Ending.DEAD_HEAT:
            given["dead_heat_ways"] = None
        elif not given.get("dead_heat_ways"):
            raise forms.ValidationError(_("Say how many shared the dead heat, 2 or more."))
        return given


def ruling_on(bet: Bet, sent: Any = None, **given: Any) -> RulingForm:
    """The form with the score the bet has already."""
    return RulingForm(sent, initial={"final_score": bet.final_score}, **given)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=UnfoldAdminTextInputWidget()
    )
