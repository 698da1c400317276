"""Two records in words: a table of their measures, and one sentence on their difference."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from betting.money import SPACE, signed_money
from betting.performance.measures import FEWEST
from odds import figures
from strategies.admin.ranking_text import interval
from strategies.api.agent_records import AgentRecord
from strategies.paired import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure, its colour, and what it rests on or lacks."""

    value: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure of both."""

    title: str
    cells: tuple[Cell, Cell]


def lines(first: AgentRecord, second: AgentRecord) -> list[Line]:
    """The measures in the order in which they count."""
    measures = (
        (_("Fair CLV"), _clv),
        (_("Yield"), _yield),
        (_("Deepest fall"), _fall),
        (_("Predictions"), _number),
        (_("Win rate"), _won),
        (_("Claimed edge"), _edge),
        (_("Agreement of others"), _agreement),
        (_("Return over its scatter"), _sharpe),
    )
    return [Line(title=title, cells=(cell(first), cell(second))) for title, cell in measures]


def sentence(first: str, second: str, found: Comparison, *, fewest: int) -> str:
    """Who takes the better prices, as far as that can be said."""
    words = {
        "first": first,
        "second": second,
        "matches": figures.whole(found.matches),
        "needed": fewest,
        "gain": "" if found.gain is None else signed_money(abs(found.gain)).lstrip("+"),
    }
    if not found.matches:
        return _("Nothing to compare yet: no match since both are asked is graded.")
    if found.low is None or found.high is None:
        said = _("Too early to tell: %(matches)s of %(needed)s matches are graded.")
    elif found.low > 0:
        said = _("%(first)s gets %(gain)s points of fair CLV a match more than %(second)s.")
    elif found.high < 0:
        said = _("%(second)s gets %(gain)s points of fair CLV a match more than %(first)s.")
    else:
        said = _("On %(matches)s matches neither is told to be better than the other.")
    return said % words


def _clv(record: AgentRecord) -> Cell:
    if record.clv_interval is None:
        return Cell(
            value=figures.UNDEFINED,
            note=_("%(number)s of %(needed)s matches")
            % {"number": figures.whole(record.graded_matches), "needed": FEWEST},
        )
    return Cell(
        value=figures.signed_percent(record.clv_pct),
        tone=_tone(record.clv_interval),
        note=_behind(record.clv_interval, record.graded_matches),
    )


def _yield(record: AgentRecord) -> Cell:
    if record.decided < FEWEST or record.roi_interval is None:
        return Cell(
            value=figures.UNDEFINED,
            note=_("%(number)s of %(needed)s settled")
            % {"number": figures.whole(record.decided), "needed": FEWEST},
        )
    return Cell(
        value=figures.signed_percent(record.roi),
        tone=_tone(record.roi_interval),
        note=_behind(record.roi_interval, record.decided),
    )


def _fall(record: AgentRecord) -> Cell:
    if record.drawdown is None:
        return Cell(value=figures.UNDEFINED, note=_("nothing settled"))
    return Cell(value=_plain(record.drawdown, 1), note=_("units, one on each prediction"))


def _number(record: AgentRecord) -> Cell:
    waiting = _("%(number)s not settled yet") % {"number": figures.whole(record.pending)}
    return Cell(value=figures.whole(record.predictions), note=waiting)


def _won(record: AgentRecord) -> Cell:
    score = f"{figures.whole(record.wins)} – {figures.whole(record.losses)}"
    return Cell(value=figures.percent(record.win_rate), note=score)


def _edge(record: AgentRecord) -> Cell:
    return Cell(value=figures.signed_percent(record.edge_pct), note=_("mean, as predicted"))


def _agreement(record: AgentRecord) -> Cell:
    return Cell(value=figures.percent(record.confidence, 0), note=_("mean over predictions"))


def _sharpe(record: AgentRecord) -> Cell:
    value = None if record.decided < FEWEST else record.sharpe
    return Cell(value=_plain(value, 3), note=_("of a settled prediction"))


def _behind(ends: tuple[float, float], number: int) -> str:
    """The interval, and how many it rests on."""
    return f"{interval(*ends)}, n{SPACE}={SPACE}{figures.whole(number)}"


def _tone(ends: tuple[float, float]) -> str:
    """A colour only where the interval leaves out 0."""
    return "mp-good" if ends[0] > 0 else "mp-bad" if ends[1] < 0 else ""


def _plain(value: float | None, places: int) -> str:
    if value is None:
        return figures.UNDEFINED
    size = str(number_format(round(abs(value), places), places))
    return f"{'−' if round(value, places) < 0 else ''}{size}"
