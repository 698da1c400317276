"""What a proof calls its parts by key, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

NAMES: Final[dict[str, str | Promise]] = {
    "kaunitz": gettext_lazy("Kaunitz, Zhong and Kreiner (2017)"),
    "buchdahl": gettext_lazy("Buchdahl, the wisdom of the crowd"),
}
QUESTIONS: Final[dict[str, str | Promise]] = {
    "kaunitz": gettext_lazy(
        "Does the best price, where it beats the average of all bookmakers by enough, make money? "
        "They said yes, until bookmakers limited them."
    ),
    "buchdahl": gettext_lazy(
        "Does the best price, where it beats Pinnacle's without its margin, make money? The author "
        "counted every outcome, we take one of a match at most."
    ),
}
ROWS: Final[dict[str, str | Promise]] = {
    "alpha_before_close": gettext_lazy("Offset 0.05, before the close"),
    "alpha_at_close": gettext_lazy("Offset 0.05, at the close"),
    "offsets_before_close": gettext_lazy("Offsets 0.034, 0.057, 0.037, before the close"),
    "offsets_at_close": gettext_lazy("Offsets 0.034, 0.057, 0.037, at the close"),
    "historical_closing": gettext_lazy("Closing odds, 2005 to 2015"),
    "hours_before": gettext_lazy("Odds of the hours before"),
    "paper": gettext_lazy("Bets on paper"),
    "real_money": gettext_lazy("Bets with real money"),
    "combined": gettext_lazy("Paper and real money together"),
    "all_value_bets": gettext_lazy("All value bets"),
    "above_two_percent": gettext_lazy("Above 2 %"),
    "followed": gettext_lazy("Followed to the close"),
}
THRESHOLDS: Final[dict[str, str | Promise]] = {
    "kaunitz": gettext_lazy("offset"),
    "buchdahl": gettext_lazy("least expected value (%)"),
}
MOMENTS: Final[dict[str, str | Promise]] = {
    "before_close": gettext_lazy("before the close"),
    "at_close": gettext_lazy("at the close"),
}
METHODS: Final[dict[str, str | Promise]] = {
    "multiplicative": gettext_lazy("Multiplicative"),
    "additive": gettext_lazy("Additive"),
    "power": gettext_lazy("Power"),
    "shin": gettext_lazy("Shin"),
    "odds_ratio": gettext_lazy("Odds ratio"),
}
SETS: Final[dict[str, str | Promise]] = {
    "pinnacle_close": gettext_lazy("Pinnacle, at the close"),
    "pinnacle_before": gettext_lazy("Pinnacle, before the close"),
    "average_close": gettext_lazy("Market average, at the close"),
    "bet365_before": gettext_lazy("Bet365, before the close"),
    "betbrain_before": gettext_lazy("BetBrain's average, before the close, up to 2019"),
    "average_before": gettext_lazy("Market average, before the close, from 2019"),
    "totals_pinnacle_close": gettext_lazy("Pinnacle, over / under 2.5, at the close"),
    "exchange_close": gettext_lazy("Betfair exchange, at the close"),
}
