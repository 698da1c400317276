"""What can be bet on: markets, their outcomes, and how a bet can end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """The sides of a market; an arbitrage takes all of them."""

    HOME = "home", _("Home")
    DRAW = "draw", _("Draw")
    AWAY = "away", _("Away")
    OVER = "over", _("Over")
    UNDER = "under", _("Under")
    HOME_OR_DRAW = "1x", _("Home or draw")
    HOME_OR_AWAY = "12", _("Home or away")
    DRAW_OR_AWAY = "x2", _("Draw or away")
    OTHER = "other", _("Other")
    ALL = "all", _("All outcomes")


class BetMarket(models.TextChoices):
    """Markets a bet can be settled in, by The Odds API's keys; anything else is settled by hand."""

    H2H = "h2h", _("Match winner")
    TOTALS = "totals", _("Over / under")
    SPREADS = "spreads", _("Handicap")
    DRAW_NO_BET = "draw_no_bet", _("Draw no bet")
    DOUBLE_CHANCE = "double_chance", _("Double chance")
    OTHER = "other", _("Other")


OUTCOMES: dict[str, tuple[str, ...]] = {
    BetMarket.H2H: (Outcome.HOME, Outcome.DRAW, Outcome.AWAY),
    BetMarket.TOTALS: (Outcome.OVER, Outcome.UNDER),
    BetMarket.SPREADS: (Outcome.HOME, Outcome.AWAY),
    BetMarket.DRAW_NO_BET: (Outcome.HOME, Outcome.AWAY),
    BetMarket.DOUBLE_CHANCE: (Outcome.HOME_OR_DRAW, Outcome.HOME_OR_AWAY, Outcome.DRAW_OR_AWAY),
    BetMarket.OTHER: (Outcome.OTHER,),
}
MARKETS_WITH_LINE = (BetMarket.TOTALS, BetMarket.SPREADS)


class Ending(models.TextChoices):
    """How a bet ended; a push gives the stake back, a dead heat shares the win."""

    WON = "won", _("Won")
    HALF_WON = "half_won", _("Half won")
    PUSH = "push", _("Push")
    HALF_LOST = "half_lost", _("Half lost")
    LOST = "lost", _("Lost")
    VOID = "void", _("Void")
    DEAD_HEAT = "dead_heat", _("Dead heat")
