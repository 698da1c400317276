"""What clients call an outcome, a line and an ending, and what MON_PS calls them.

A bettor writes `home`, `Over 2.5`, `Lens` or `Lille +0.5`; a bet stores market, outcome and line,
where the line of a handicap is the home team's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from betting.bets.checks import BetRefusedError
from betting.models import MARKETS_WITH_LINE, OUTCOMES, Bet, BetMarket, Ending, Outcome
from odds.api_fields import line_text

PENDING = Bet.Status.PENDING.value
NO_LINE = Decimal(0)
# The manual bets' words; others go by their own name.
MANUAL_WORDS: dict[str, str] = {
    Ending.WON.value: "win",
    Ending.HALF_WON.value: "half_win",
    Ending.LOST.value: "loss",
    Ending.HALF_LOST.value: "half_loss",
}
ENDINGS_BY_WORD: Mapping[str, str] = {
    PENDING: PENDING,
    **{ending.value: ending.value for ending in Ending},
    **{word: ending for ending, word in MANUAL_WORDS.items()},
}

_WITH_LINE = re.compile(r"(?P<words>.+?)\s+(?P<line>[+−-]?\d{1,3}(?:[.,]\d{1,2})?)")
_BETWEEN_TEAMS = re.compile(r"\s+(?:vs?\.?|[–-])\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """Who plays; the away team may be empty, when one name stands for the match."""

    home: str = ""
    away: str = ""

    @classmethod
    def of(cls, match_name: str) -> "Teams":
        """Both teams of `Leeds vs Fulham`, else the whole as the one name that is known."""
        home, *rest = _BETWEEN_TEAMS.split(match_name.strip(), maxsplit=1)
        return cls(home=home, away=rest[0] if rest else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is bet on; `line` is the goals line or the home team's handicap, 0 without one."""

    market: str
    outcome: str
    line: Decimal = NO_LINE


def read_selection(
    words: str,
    *,
    teams: Teams,
    market: str | None = None,
    line: Decimal | None = None,
    known_line: Decimal | None = None,
) -> Selection:
    """What the words mean.

    Args:
        words: An outcome or a team's name, followed by a line or not; a team's own handicap.
        teams: Whose names the words may be.
        market: Told from the words where it is not given.
        line: The goals line or the home team's handicap.
        known_line: What holds where neither says a line.

    Raises:
        BetRefusedError: They mean nothing, or contradict the line.
    """
    outcome, own_line = _read(words, teams)
    if market is None:
        has_line = own_line is not None or bool(line)
        market = _market_of(outcome, has_line=has_line)
    if own_line is not None:
        is_away = market == BetMarket.SPREADS and outcome == Outcome.AWAY
        stated = -own_line if is_away else own_line
        if line is not None and line != stated:
            raise BetRefusedError(
                _("The line %(line)s contradicts “%(words)s”; give one of them.")
                % {"line": line_text(line), "words": words}
            )
        line = stated
    if line is None and market in MARKETS_WITH_LINE:
        line = known_line
    if line is None and market == BetMarket.SPREADS:
        raise BetRefusedError(_("A handicap needs its line, such as -0.5; 0 if it is level."))
    return Selection(market=market, outcome=outcome, line=NO_LINE if line is None else line)


def selection_words(bet: Bet) -> str:
    """A bet's selection as `read_selection` takes it: `Home`, `Over 2.5`, `Away +0.5`, `1X`."""
    if bet.market == BetMarket.TOTALS:
        return f"{bet.outcome.capitalize()} {line_text(bet.line)}"
    if bet.market == BetMarket.SPREADS:
        own = -bet.line if bet.outcome == Outcome.AWAY else bet.line
        sign = "+" if own > 0 else ""
        return f"{bet.outcome.capitalize()} {sign}{line_text(own)}"
    if bet.market == BetMarket.DOUBLE_CHANCE:
        return bet.outcome.upper()
    return bet.outcome.capitalize()


def asked_ending(asked: Mapping[str, object]) -> str | None:
    """The ending that `result` and `status` ask for, `pending` to have none, None if they do not.

    Raises:
        BetRefusedError: They contradict each other, or do not say how the bet ended.
    """
    result = ENDINGS_BY_WORD[str(asked["result"] or PENDING)] if "result" in asked else None
    status = str(asked["status"]) if asked.get("status") else None
    if status is None:
        return result
    if status == Bet.Status.SETTLED:
        if result is None or result == PENDING:
            raise BetRefusedError(_("Say how the bet ended: give its result."))
        return result
    if result is not None and result != ENDINGS_BY_WORD[status]:
        raise BetRefusedError(
            _("The status %(status)s contradicts the result %(result)s; give one of them.")
            % {"status": status, "result": result}
        )
    return ENDINGS_BY_WORD[status]


def _read(words: str, teams: Teams) -> tuple[str, Decimal | None]:
    """Outcome and line; the whole is tried first, because Schalke 04 is a team."""
    outcome = _outcome(words, teams)
    if outcome is not None:
        return outcome, None
    parts = _WITH_LINE.fullmatch(words.strip())
    outcome = _outcome(parts["words"], teams) if parts else None
    if parts is None or outcome is None:
        known = ", ".join(_known_outcomes())
        raise BetRefusedError(
            _("“%(words)s” is not an outcome; say one of %(known)s or a team's name.")
            % {"words": words, "known": known}
        )
    return outcome, Decimal(parts["line"].replace(",", ".").replace("−", "-"))


def _outcome(words: str, teams: Teams) -> str | None:
    name = words.strip().casefold()
    if name in _known_outcomes():
        return name
    by_team = {teams.away.casefold(): Outcome.AWAY.value, teams.home.casefold(): Outcome.HOME.value}
    return by_team.get(name) if name else None


def _known_outcomes() -> list[str]:
    return [one.value for one in Outcome if one != Outcome.ALL]


def _market_of(outcome: str, *, has_line: bool) -> str:
    if outcome in OUTCOMES[BetMarket.TOTALS]:
        return BetMarket.TOTALS.value
    if outcome in OUTCOMES[BetMarket.DOUBLE_CHANCE]:
        return BetMarket.DOUBLE_CHANCE.value
    is_handicap = has_line and outcome in OUTCOMES[BetMarket.SPREADS]
    return BetMarket.SPREADS.value if is_handicap else BetMarket.H2H.value
