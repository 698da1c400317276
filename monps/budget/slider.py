"""The slider "more leagues ↔ fresher odds": what another position would change if saved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monps.budget import text
from odds import figures
from odds.planner import planning
from odds.planner.plans import Plan
from odds.planner.situation import Kind, Situation
from odds.planner.trade import POSITIONS, Trade, trades

TITLES: Final[Mapping[float, str | Promise]] = dict(
    zip(
        POSITIONS,
        (
            _("More leagues"),
            _("Rather more leagues"),
            _("Balanced"),
            _("Rather fresher odds"),
            _("Fresher odds"),
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One position: its name, its closing captures and what its scans are expected to bring."""

    title: str
    closings: int
    trade: Trade

    @property
    def hours_between(self) -> str:
        """How far apart a match's odds are in its last day."""
        hours = self.trade.hours_between
        return figures.UNDEFINED if hours is None else text.expected(hours)

    @property
    def opportunities(self) -> str:
        """How many new ones the scans are expected to find."""
        return text.expected(self.trade.opportunities)


@dataclass(frozen=True, slots=True, kw_only=True)
class SportScans:
    """How many scans a sport has as saved and as chosen."""

    title: str
    saved: int
    chosen: int

    @property
    def change(self) -> int:
        """More or fewer."""
        return self.chosen - self.saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """The saved position and the one that is looked at, which may be the same."""

    position: int
    positions: list[str]
    saved: Side
    chosen: Side
    sports: list[SportScans]

    @property
    def last(self) -> int:
        """The number of the last position."""
        return len(self.positions) - 1

    @property
    def is_changed(self) -> bool:
        """Another position than the saved one is looked at."""
        return self.saved.trade.freshness != self.chosen.trade.freshness


def read(situation: Situation, *, chosen: float | None, titles: Mapping[str, str]) -> Slider:
    """The slider with the trade between the saved position and the chosen one.

    Both sides are planned from the same situation, so that they differ by the position only.

    Args:
        situation: With the saved position.
        chosen: Another position to look at; None for the saved one.
        titles: The sports' names by their keys.
    """
    saved = situation.settings.freshness
    looked_at = [saved] if chosen in (None, nearest(saved)) else [saved, float(chosen or 0)]
    planned = [_planned(situation, position) for position in looked_at]
    found = trades(situation, looked_at)
    before, after = _scans(planned[0]), _scans(planned[-1])
    return Slider(
        position=POSITIONS.index(nearest(looked_at[-1])),
        positions=[str(title) for title in TITLES.values()],
        saved=_side(planned[0], found[0]),
        chosen=_side(planned[-1], found[-1]),
        sports=[
            SportScans(
                title=titles.get(sport.key, sport.key),
                saved=before[sport.key],
                chosen=after[sport.key],
            )
            for sport in situation.sports
        ],
    )


def nearest(freshness: float) -> float:
    """The position of the slider next to a value."""
    return min(POSITIONS, key=lambda position: abs(position - freshness))


def position_of(given: str | None) -> float | None:
    """The position that a form sent by its number; None where it sent none that exists."""
    is_number = given is not None and given.isascii() and given.isdigit() and len(given) < 3
    number = int(given or 0) if is_number else -1
    return POSITIONS[number] if 0 <= number < len(POSITIONS) else None


def _planned(situation: Situation, freshness: float) -> Plan:
    settings = replace(situation.settings, freshness=freshness)
    return planning.plan(replace(situation, settings=settings))


def _side(plan: Plan, trade: Trade) -> Side:
    return Side(
        title=str(TITLES[nearest(trade.freshness)]),
        closings=sum(call.kind == Kind.CLOSING for call in plan.calls),
        trade=trade,
    )


def _scans(plan: Plan) -> Counter[str]:
    return Counter(call.sport for call in plan.calls if call.kind == Kind.SCAN)
