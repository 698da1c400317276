"""The forms of the bankroll: an account, a movement, a transfer, an undoing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from betting.admin.form_fields import number_field
from betting.bankroll import ledger
from betting.models import Account, LedgerEntry
from odds.models import Bookmaker

MOVEMENTS = [(kind.value, kind.label) for kind in LedgerEntry.Kind if kind in ledger.BY_HAND]


def note_field() -> forms.CharField:
    """A remark for the ledger."""
    return forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget()
    )


class OpenAccountForm(forms.Form):
    """An account at a bookmaker that has none yet."""

    bookmaker = forms.ModelChoiceField(
        Bookmaker.objects.filter(account=None)
        .exclude(kind=Bookmaker.Kind.AGGREGATE)
        .order_by("-is_playable", "title"),
        label=_("Bookmaker"),
        widget=UnfoldAdminSelectWidget(),
    )
    balance = number_field(
        _("Balance there now"), places=2, step="0.01", max_digits=12, min_value=0, initial=0
    )


class MovementForm(forms.Form):
    """Money that enters or leaves an account from outside."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MOVEMENTS, widget=UnfoldAdminSelectWidget())
    amount = number_field(
        _("Amount"),
        places=2,
        step="0.01",
        max_digits=12,
        help_text=_("A withdrawal too is entered above zero; an adjustment may be negative."),
    )
    note = note_field()


class TransferForm(forms.Form):
    """Money that moves to another account."""

    target = forms.ModelChoiceField(
        Account.objects.all(), label=_("To"), widget=UnfoldAdminSelectWidget()
    )
    amount = number_field(_("Amount"), places=2, step="0.01", max_digits=12, min_value=0)
    note = note_field()


def transfer_from(account: Account, sent: Any = None, **given: Any) -> TransferForm:
    """The form with the other accounts to choose from."""
    form = TransferForm(sent, **given)
    others = Account.objects.exclude(pk=account.pk)
    form.fields["target"].queryset = others  # type: ignore[attr-defined]
    return form
