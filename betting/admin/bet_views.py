"""What the forms on the pages of bets do: record, settle, correct, cancel, and back again."""

import hashlib
import json
from datetime import datetime
from typing import cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from betting.admin import new_bet_page
from betting.admin.bet_forms import CorrectionForm, NewBetForm, ReasonForm, correction_of, ruling_on
from betting.admin.pages import Doing, PageAdmin, plain
from betting.bets import placing, settlement
from betting.bets.checks import BetRefusedError
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.models import Bet, Ending, StakingSettings
from betting.selections import selection_of_bet
from odds import figures
from odds.admin_facts import change_url, request_time

# The buttons of a result, with their colours; a dead heat has its own, beside its number.
RULINGS = [
    (Ending.WON, "is-good"),
    (Ending.HALF_WON, ""),
    (Ending.PUSH, ""),
    (Ending.HALF_LOST, ""),
    (Ending.LOST, "is-bad"),
    (Ending.VOID, ""),
]


def author_of(request: HttpRequest, now: datetime, reason: str = "") -> Author:
    """Who is signed in, for the log."""
    return Author(now=now, by=request.user.get_username(), reason=reason)


def is_cancelled(bet_id: int, *, author: Author) -> bool:
    """Cancel a bet; False where it was cancelled before."""
    try:
        placing.cancel(bet_id, author=author)
    except BetRefusedError:
        return False
    return True


class BetViews(PageAdmin):
    """The forms of bets that Django's admin has no place for."""

    page_template = "admin/betting/bet/page.html"

    def doings(self) -> list[Doing]:
        """Results, corrections, and back again."""
        return [
            Doing(name="settle", form=ruling_on, act=_settle),
            Doing(name="reopen", form=plain(ReasonForm), act=_reopen),
            Doing(name="correct", form=correction_of, act=_correct),
            Doing(name="cancel", form=plain(ReasonForm), act=_cancel),
            Doing(name="restore", form=plain(forms.Form), act=_restore),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A bet is recorded on a page of its own."""
        return bool(request.user.has_perm("betting.add_bet"))

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """The form of a new bet; sent twice, it makes one bet."""
        now = request_time()
        found = new_bet_page.opportunity_asked_for(request.GET)
        form = NewBetForm(
            request.POST or None, initial=new_bet_page.initial(found, now=now, key=uuid4().hex)
        )
        is_dialog = found is not None and "HX-Request" in request.headers
        if request.method == "POST" and form.is_valid():
            bet = self._placed(request, form, is_told=not is_dialog)
            if bet and is_dialog:
                told = {
                    "bet": bet,
                    "selection": selection_of_bet(bet),
                    "url": change_url(bet),
                    "currency": StakingSettings.current().currency,
                }
                return TemplateResponse(request, "admin/betting/bet/placed.html", told)
            if bet:
                return redirect(change_url(bet))
        return self.form_page(
            request,
            f"admin/betting/bet/{'dialog' if is_dialog else 'new'}.html",
            form,
            title=_("New bet"),
            page=new_bet_page.read(found, now=now),
            now=now,
        )

    def _placed(self, request: HttpRequest, form: NewBetForm, *, is_told: bool) -> Bet | None:
        """The bet; None where it was refused, with the reason on the form."""
        key = form.cleaned_data["key"]
        try:
            bet, is_new = placing.place(
                form.new_bet(),
                author=author_of(request, request_time()),
                idempotency_key=key,
                digest=_digest(request),
            )
        except BetRefusedError as refusal:
            form.add_error(None, self._renewed(form, key) or str(refusal))
            return None
        if is_new and is_told:
            words = _("Recorded: %(bet)s at %(odds)s.")
            told = words % {"bet": selection_of_bet(bet), "odds": figures.decimal_odds(bet.odds)}
            self.message_user(request, told, messages.SUCCESS)
        return bet

    def _renewed(self, form: NewBetForm, key: str) -> str:
        """A form sent before, then changed and sent again, gets a key of its own."""
        known = Bet.objects.filter(idempotency_key=key).first()
        if known is None:
            return ""
        form.data = {**form.data.dict(), "key": uuid4().hex}  # type: ignore[attr-defined]
        return _("This form already recorded bet %(id)s; send it again for another one.") % {
            "id": known.pk
        }


def _settle(request: HttpRequest, bet: Bet, form: forms.Form) -> str:
    given = form.cleaned_data
    ruling = Ruling(
        ending=given["ending"],
        final_score=given["final_score"],
        dead_heat_ways=given["dead_heat_ways"],
    )
    done = settlement.rule({bet.pk: ruling}, author=_author_with_reason(request, form))
    if not done.settled + done.corrected:
        raise BetRefusedError(_("Nothing was changed: the bet had ended so, or is cancelled."))
    return _("Settled: %(ending)s.") % {"ending": Ending(given["ending"]).label}


def _reopen(request: HttpRequest, bet: Bet, form: forms.Form) -> str:
    if not settlement.reopen(bet.pk, author=_author_with_reason(request, form)):
        raise BetRefusedError(_("This bet is not settled, so there is nothing to reopen."))
    return _("The bet is pending again; what it had paid was taken back.")


def _correct(request: HttpRequest, bet: Bet, form: forms.Form) -> str:
    changes = cast("CorrectionForm", form).changes()
    if not changes:
        raise BetRefusedError(_("Nothing was changed: change a value before you save."))
    placing.correct(bet.pk, changes, author=_author_with_reason(request, form))
    return _("The bet is corrected; what stood there before is in its history.")


def _cancel(request: HttpRequest, bet: Bet, form: forms.Form) -> str:
    placing.cancel(bet.pk, author=_author_with_reason(request, form))
    return _("The bet is cancelled; the ledger shows both movements.")


def _restore(request: HttpRequest, bet: Bet, _form: forms.Form) -> str:
    placing.restore(bet.pk, author=author_of(request, request_time()))
    return _("The bet stands again as it did.")


def _author_with_reason(request: HttpRequest, form: forms.Form) -> Author:
    return author_of(request, request_time(), form.cleaned_data["reason"])


def _digest(request: HttpRequest) -> str:
    """Of everything that was sent but the secret of the session."""
    sent = {name: request.POST.getlist(name) for name in sorted(request.POST)}
    sent.pop("csrfmiddlewaretoken", None)
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()
