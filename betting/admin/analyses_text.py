"""Groups of bets as rows of tables: names for people, and how wide the bars are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from betting.models import BetMarket
from betting.performance.groups import LOWEST_OF_BANDS, By, Group
from betting.performance.verdict import TOO_FEW_MATCHES

SMALLEST_SCALE: Final = 5.0  # percent on either side of 0, so that noise does not fill a bar
WIDEST_SCALE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An interval against 0 in the middle; all in percent of the bar's width, as CSS has it."""

    left: str
    width: str
    point: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group; bars are None where there are too few bets or matches to say anything."""

    name: str
    group: Group
    money: Bar | None
    clv: Bar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The groups of one kind; each bar's ends stand for this many percent."""

    key: str
    title: str
    column: str
    rows: list[Row]
    money_scale: float
    clv_scale: float


def tables(found: dict[By, list[Group]]) -> list[Table]:
    """One for each kind, in the order of the page."""
    titles = {
        By.BOOKMAKER: (_("By bookmaker"), _("Bookmaker")),
        By.MARKET: (_("By market"), _("Market")),
        By.ODDS_BAND: (_("By odds"), _("Odds")),
        By.LEAGUE: (_("By league"), _("League")),
    }
    return [_table(by, *words, found[by]) for by, words in titles.items()]


def _table(by: By, title: str, column: str, groups: list[Group]) -> Table:
    money = _scale(
        (one.evidence.yield_low_pct, one.evidence.yield_high_pct)
        for one in groups
        if one.evidence.bets >= TOO_FEW_MATCHES
    )
    clv = _scale((one.evidence.clv_low_pct, one.evidence.clv_high_pct) for one in groups)
    rows = [_row(by, one, money, clv) for one in groups]
    return Table(
        key=by.value,
        title=title,
        column=column,
        rows=rows,
        money_scale=money,
        clv_scale=clv,
    )


def _row(by: By, group: Group, money_scale: float, clv_scale: float) -> Row:
    found = group.evidence
    money = None
    if found.bets >= TOO_FEW_MATCHES:
        money = _bar(found.yield_pct, found.yield_low_pct, found.yield_high_pct, money_scale)
    return Row(
        name=_name(by, group),
        group=group,
        money=money,
        clv=_bar(found.clv_pct, found.clv_low_pct, found.clv_high_pct, clv_scale),
    )


def _name(by: By, group: Group) -> str:
    if group.groups > 1 or not group.name:
        return _("Others (%(number)s)") % {"number": group.groups}
    if by is By.MARKET:
        return str(BetMarket(group.name).label)
    return band_name(int(group.name)) if by is By.ODDS_BAND else group.name


def band_name(band: int) -> str:
    """A band of odds: `1–1.5`, `5 and more`."""
    edges = [1.0, *LOWEST_OF_BANDS]
    low = _edge(edges[band])
    if band == len(LOWEST_OF_BANDS):
        return _("%(odds)s and more") % {"odds": low}
    return f"{low}–{_edge(edges[band + 1])}"


def _edge(odds: float) -> str:
    return str(number_format(f"{odds:g}"))


def _scale(intervals: Iterable[tuple[float | None, float | None]]) -> float:
    """The farthest end from 0 that is shown; an end farther still is cut there."""
    ends = [abs(end) for interval in intervals for end in interval if end is not None]
    return min(WIDEST_SCALE, max([SMALLEST_SCALE, *ends]))


def _bar(value: float | None, low: float | None, high: float | None, scale: float) -> Bar | None:
    if value is None or low is None or high is None:
        return None
    left, right, point = (
        50 + 50 * max(-1.0, min(1.0, one / scale)) for one in (low, high, value)
    )  # fmt: skip
    tone = "mp-good" if low > 0 else "mp-bad" if high < 0 else ""
    return Bar(left=f"{left:.1f}", width=f"{right - left:.1f}", point=f"{point:.1f}", tone=tone)
