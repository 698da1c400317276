"""What a bet can be; the database refuses the same, this says it in a sentence."""

from decimal import Decimal

from django.utils.translation import gettext as _

from betting.models import MARKETS_WITH_LINE, OUTCOMES, Bet, BetMarket

LARGEST_STAKE = Decimal("9999999.99")
LARGEST_ODDS = Decimal(10_000)


class BetRefusedError(Exception):
    """Nothing was changed; the message says what was wrong and what to do."""


def refuse_impossible(bet: Bet) -> None:
    """Pass if such a bet can exist.

    Raises:
        BetRefusedError: With one sentence for the first thing that is wrong.
    """
    if not bet.home_team:
        raise BetRefusedError(_("Say which match the bet is on."))
    if bet.commence_time is None:
        raise BetRefusedError(_("Say when the match begins."))
    if not 1 < bet.odds <= LARGEST_ODDS:
        raise BetRefusedError(_("Decimal odds are above 1 and at most 10000."))
    if not 0 < bet.stake <= LARGEST_STAKE:
        raise BetRefusedError(_("The stake must be above zero and below ten million."))
    if bet.risk <= 0:
        raise BetRefusedError(_("A stake this small risks less than a cent at these odds."))
    if not 0 <= bet.commission <= Decimal("0.2"):
        raise BetRefusedError(_("A commission lies between 0 and 0.2."))
    _refuse_impossible_selection(bet)


def _refuse_impossible_selection(bet: Bet) -> None:
    if bet.market not in OUTCOMES:
        known = ", ".join(BetMarket.values)
        raise BetRefusedError(
            _("%(market)s is not a market: %(known)s.") % {"market": bet.market, "known": known}
        )
    if bet.outcome not in OUTCOMES[bet.market]:
        known = ", ".join(OUTCOMES[bet.market])
        raise BetRefusedError(
            _("%(outcome)s is not an outcome of %(market)s: %(known)s.")
            % {"outcome": bet.outcome or "–", "market": bet.market, "known": known}
        )
    if bet.market == BetMarket.OTHER and not bet.selection:
        raise BetRefusedError(_("Say in words what was bet on."))
    if bet.market not in MARKETS_WITH_LINE and bet.line:
        raise BetRefusedError(_("The market %(market)s has no line.") % {"market": bet.market})
    if bet.line % Decimal("0.25"):
        raise BetRefusedError(_("Lines go in quarters, such as 2.5 or 2.75."))
    if bet.market == BetMarket.TOTALS and bet.line <= 0:
        raise BetRefusedError(_("A goals line is above zero, such as 2.5."))
