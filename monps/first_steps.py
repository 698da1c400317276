"""What a fresh installation still needs from its user; nothing once all of it is done."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts.channels import is_mail_configured
from betting.models import Bet, LedgerEntry
from odds.models import Bookmaker


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One thing to do: what it is for, and where it is done."""

    title: str
    hint: str
    link: str
    url: str
    is_done: bool

    @property
    def is_outside(self) -> bool:
        """It leads to another site."""
        return "//" in self.url


def left(*, has_sports: bool) -> list[FirstStep]:
    """All steps, done or not, while one of them is not done; none afterwards."""
    steps = [
        _key(),
        FirstStep(
            title=_("Choose your sports"),
            hint=_("Each one that is collected costs credits at every call."),
            link=_("Choose sports"),
            url=reverse("admin:odds_sport_changelist"),
            is_done=has_sports,
        ),
        FirstStep(
            title=_("Set your bankroll"),
            hint=_("It began with an assumed 1,000; correct it, or open your accounts."),
            link=_("Bankroll"),
            url=reverse("admin:betting_account_changelist"),
            is_done=_is_bankroll_set(),
        ),
        FirstStep(
            title=_("Mark the bookmakers you can bet with"),
            hint=_("Only their prices are proposed to you here."),
            link=_("Bookmakers"),
            url=reverse("admin:odds_bookmaker_changelist"),
            is_done=Bookmaker.objects.filter(is_playable=True).exists(),
        ),
        FirstStep(
            title=_("Set up e-mail"),
            hint=_("For alerts and new opportunities: EMAIL_HOST and EMAIL_TO in .env."),
            link=_("Mails"),
            url=reverse("admin:alerts_mail_changelist"),
            is_done=is_mail_configured(),
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _key() -> FirstStep:
    return FirstStep(
        title=_("Use simulated odds, or your key for The Odds API"),
        hint=_("Put ODDS_API_KEY into .env and start MON_PS again."),
        link=_("Get a key"),
        url="https://the-odds-api.com",
        is_done=settings.SIMULATED or bool(settings.ODDS_API_KEY),
    )


def _is_bankroll_set() -> bool:
    """Money was moved by hand, an account was opened, or the first bet took it for granted."""
    by_hand = LedgerEntry.objects.filter(bet=None).exclude(
        kind=LedgerEntry.Kind.INITIAL, account__bookmaker=None
    )
    return by_hand.exists() or Bet.objects.exists()
