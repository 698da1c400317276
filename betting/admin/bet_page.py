"""What the page of one bet shows: its closing line in words, its history, its money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from betting.admin.clv_text import Clv, clv_in_words, clv_of, clv_state, reference_title
from betting.bets.rules import Ending, gross_payout
from betting.models import Bet, BetChange, LedgerEntry
from betting.money import money
from odds import figures
from odds.models import Bookmaker

CHANGES_SHOWN = 50
MONEY = {"stake", "payout", "profit", "commission_paid"}
MOMENTS = {"commence_time", "cancelled_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a change, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of a bet's history."""

    row: BetChange
    differences: list[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class BetPage:
    """Everything on the page that is not a plain column of the bet."""

    fair_odds: float | None
    chosen_by: str
    gross_payout: Decimal | None
    profit_if_won: Decimal
    clv_pct: float | None
    clv_state: str
    clv: Clv
    changes: list[Change]
    entries: list[LedgerEntry]


def read(bet: Any, *, currency: str) -> BetPage:
    """The page of a bet that was read with the titles of its references."""
    names = dict(Bookmaker.objects.values_list("pk", "title"))
    win = gross_payout(stake=bet.stake, odds=bet.odds, ending=Ending.WON, side=bet.side) - bet.risk
    return BetPage(
        fair_odds=1 / bet.fair_probability if bet.fair_probability else None,
        chosen_by=reference_title(bet.reference, bet.chosen_by_title),
        gross_payout=None if bet.payout is None else bet.payout + bet.commission_paid,
        profit_if_won=win - round(win * bet.commission, 2),
        clv_pct=clv_of(bet),
        clv_state=clv_state(bet),
        clv=clv_in_words(bet, reference_title(bet.clv_reference, bet.graded_by_title)),
        changes=[
            Change(row=row, differences=list(_differences(row, names, currency)))
            for row in bet.changes.all()[:CHANGES_SHOWN]
        ],
        entries=list(bet.entries.select_related("account").order_by("id")),
    )


def standing_of_bet(bet: Bet) -> tuple[str, str]:
    """A key for the colour, and what the label says."""
    if bet.cancelled_at is not None:
        return "cancelled", _("Cancelled")
    if bet.status == Bet.Status.PENDING:
        return "pending", bet.get_status_display()
    side = "even" if not bet.profit else "won" if bet.profit > 0 else "lost"
    return side, bet.get_result_display()


def _differences(
    change: BetChange, bookmakers: Mapping[int, str], currency: str
) -> Iterator[Difference]:
    """What a change changed, field by field, in the order of the bet's columns."""
    if change.kind == BetChange.Kind.PLACED:
        return
    for name in dict.fromkeys([*change.before, *change.after]):
        before, after = change.before.get(name), change.after.get(name)
        yield Difference(
            label=_label(name),
            before=_written(name, before, bookmakers, currency),
            after=_written(name, after, bookmakers, currency),
        )


def _label(name: str) -> str:
    try:
        return str(Bet._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _written(name: str, value: Any, bookmakers: Mapping[int, str], currency: str) -> str:
    if value in (None, ""):
        return figures.UNDEFINED
    if name == "bookmaker_id":
        return bookmakers.get(value, str(value))
    if name in MONEY:
        return money(Decimal(value), currency)
    if name in MOMENTS:
        return figures.moment(datetime.fromisoformat(value))
    if name == "odds":
        return figures.decimal_odds(Decimal(value))
    field = Bet._meta.get_field(name)
    choices = dict(getattr(field, "flatchoices", []))
    return str(choices.get(value, value))
