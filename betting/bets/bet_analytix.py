"""The export of Bet-Analytix: semicolons, one row a bet, an accumulator's legs on rows beneath it.

It tells neither market nor match, only a label, so its bets are taken as they are described and
have no closing line of ours. Times carry no zone and are read in that of the user.

Source: the header `Date;Type;Sport;Label;Odds;Stake;State;Bookmaker;…` and the states W, L, V, P,
HW and HL, as found in exported files.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from betting.bets.csv_format import BadRow, RowError, SeenBet, decimal, read_rows
from betting.models import BetMarket, Ending, Outcome

HEADER: Final = frozenset({"Date", "Label", "Odds", "Stake", "State", "Bookmaker"})
STATES: Final = {
    "W": Ending.WON,
    "L": Ending.LOST,
    "V": Ending.VOID,
    "HW": Ending.HALF_WON,
    "HL": Ending.HALF_LOST,
    "P": "",
    "": "",
}
YES: Final = frozenset({"yes", "oui", "true", "1"})
FORMATS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d", "%d/%m/%Y")


def is_ours(text: str) -> bool:
    """Whether the first line is Bet-Analytix's header."""
    first = text.partition("\n")[0]
    return set(next(csv.reader([first.strip()], delimiter=";"), [])) >= HEADER


def read(text: str) -> tuple[list[SeenBet], list[BadRow]]:
    """Read an export; legs are told in the words of the accumulator they belong to."""
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    legs: dict[int, list[str]] = {}
    latest = 0

    def bet_of(number: int, cells: Mapping[str, str]) -> SeenBet | None:
        nonlocal latest
        if cells.get("Date"):
            latest = number
            return _bet(number, cells)
        legs.setdefault(latest, []).append(_leg(cells))
        return None

    seen, bad = read_rows(reader, bet_of)
    return [_with_legs(bet, legs.get(bet.number, [])) for bet in seen if bet is not None], bad


def _bet(number: int, cells: Mapping[str, str]) -> SeenBet:
    _refuse_special(cells)
    state = cells.get("State", "").upper()
    if state not in STATES:
        known = ", ".join(name for name in STATES if name)
        raise RowError(
            _("State is %(state)s; it can be %(known)s.") % {"state": state, "known": known}
        )
    for name in ("Label", "Odds", "Stake", "Bookmaker"):
        if not cells.get(name):
            raise RowError(_("%(column)s is empty.") % {"column": name})
    at = _moment(cells["Date"])
    commission = cells.get("Commission")
    return SeenBet(
        number=number,
        placed_at=at,
        commence_time=at,
        home_team=cells["Label"][:160],
        league=cells.get("Competition", "")[:120] or cells.get("Sport", "")[:120],
        market=BetMarket.OTHER,
        outcome=Outcome.OTHER,
        selection=cells["Label"][:300],
        bookmaker=cells["Bookmaker"],
        odds=decimal(cells, "Odds"),
        stake=decimal(cells, "Stake"),
        commission=decimal(cells, "Commission") / 100 if commission else None,
        notes=_notes(cells),
        result=STATES[state],
        settled_at=at if STATES[state] else None,
        closing_odds=_closing(cells),
    )


def _refuse_special(cells: Mapping[str, str]) -> None:
    """What pays by other rules than a bet of one's own money."""
    if cells.get("Freebet", "").casefold() in YES:
        raise RowError(_("It is a free bet; enter what it won as a bonus of the account."))
    if cells.get("Cashout") not in {None, "", "0"}:
        raise RowError(_("It was cashed out; enter the difference as an adjustment."))
    each_way = cells.get("Eachway") or cells.get("EachWay") or ""
    if each_way.casefold() in YES:
        raise RowError(_("It is an each-way bet; enter win and place as two bets."))


def _closing(cells: Mapping[str, str]) -> Decimal | None:
    if not cells.get("Closing"):
        return None
    odds = decimal(cells, "Closing")
    return odds if odds > 1 else None


def _notes(cells: Mapping[str, str]) -> str:
    told = [cells.get("BetType", ""), cells.get("Category", ""), cells.get("Comment", "")]
    if cells.get("Tipster"):
        told.append(_("Tipster: %(name)s") % {"name": cells["Tipster"]})
    if cells.get("Live", "").casefold() in YES:
        told.append(_("in play"))
    return " · ".join(text for text in told if text)


def _leg(cells: Mapping[str, str]) -> str:
    return f"{cells.get('Label', '')} ({cells.get('Odds', '–')})"


def _with_legs(bet: SeenBet, legs: list[str]) -> SeenBet:
    if not legs:
        return bet
    return replace(bet, selection=f"{bet.selection}: {' + '.join(legs)}"[:300])


def _moment(text: str) -> datetime:
    for form in FORMATS:
        try:
            return make_aware(datetime.strptime(text, form))  # noqa: DTZ007 - made aware at once
        except ValueError:
            continue
    raise RowError(_("Date is not such as 2026-11-21 15:00: %(cell)s.") % {"cell": text})
