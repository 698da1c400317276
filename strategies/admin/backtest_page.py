"""What the page of a backtest shows: its question, its parts, curves and doubts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import get_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from odds import figures
from odds.models import Market, Sport
from strategies import days
from strategies.admin.charts import Chart, Line, line_chart
from strategies.admin.parameter_form import parameter_text
from strategies.models import Backtest, Job
from strategies.parameters import ranges
from strategies.registry import AGENTS

SEGMENTS: Final[dict[str, str | Promise]] = {
    "competition": gettext_lazy("By competition"),
    "odds": gettext_lazy("By odds"),
    "season": gettext_lazy("By season"),
    "edge": gettext_lazy("By claimed edge"),
}
PARTS: Final[dict[str, str | Promise]] = {
    "all": gettext_lazy("All bets"),
    "walk_forward": gettext_lazy("Earlier match days"),
    "held_out": gettext_lazy("Held out"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The result of a backtest, ready for its page."""

    counts: Mapping[str, Any]
    parts: list[dict[str, Any]]
    equity: Chart | None
    drawdown: Chart | None
    kelly: Mapping[str, Any]
    calibration: Chart | None
    bins: list[Mapping[str, Any]]
    segments: list[dict[str, Any]]
    deflation: str
    is_proved: bool
    audit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPage:
    """Its question, and its result where it has one."""

    name: str
    version: str
    period: str
    competitions: str
    markets: str
    parameters: list[tuple[str, str]]
    result: Read | None


def read(row: Backtest) -> BacktestPage:
    """Read the page of one backtest."""
    rules = AGENTS[row.agent]
    titles = dict(Sport.objects.filter(key__in=row.sport_keys).values_list("key", "title"))
    labels = dict(Market.choices)
    return BacktestPage(
        name=name_of(row),
        version=version_of(row),
        period=period_of(row),
        competitions=", ".join(titles.get(key, key) for key in row.sport_keys),
        markets=", ".join(str(labels.get(one, one)) for one in row.markets),
        parameters=[
            (str(parameter_text(rules, name).label), figures.plain(row.parameters[name]))
            for name in ranges(rules.parameters)
            if name in row.parameters
        ],
        result=result_of(row.result, titles) if row.status == Job.Status.DONE else None,
    )


def name_of(row: Backtest) -> str:
    """Who was asked: the strategy, or the agent where its parameters are no strategy's."""
    return str(row.version.strategy) if row.version else AGENTS[row.agent].name


def version_of(row: Backtest) -> str:
    """Which version, or that parameters were tried."""
    if row.version:
        return _("version %(number)d") % {"number": row.version.number}
    return _("parameters of its own")


def period_of(row: Backtest) -> str:
    """From when to when."""
    return days.period(row.since, row.until)


def result_of(found: Any, titles: Mapping[str, str]) -> Read:
    """A stored result, ready for its page."""
    equity = found["equity"]
    return Read(
        counts=found["counts"],
        parts=[
            {"title": title, "row": _dated(found["parts"][key])}
            for key, title in PARTS.items()
            if found["parts"].get(key)
        ],
        equity=_equity(equity),
        drawdown=_drawdown(equity),
        kelly=found["kelly"],
        calibration=_calibration(found["calibration"]),
        bins=found["calibration"],
        segments=list(_segments(found["segments"], titles)),
        deflation=deflation_in_words(found["deflation"]),
        is_proved=(found["deflation"]["probability"] or 0) >= 0.95,
        audit=_audit(found["audit"]),
    )


def _dated(part: Mapping[str, Any]) -> dict[str, Any]:
    ends = {name: date.fromisoformat(part[name]) for name in ("since", "until")}
    return {**part, **ends}


def _merged(equity: Mapping[str, Any], name: str) -> tuple[list[str], list[Any], list[Any]]:
    """Both curves at all of their days, each held until its next point."""
    curves = [{point["date"]: point[name] for point in equity[key]} for key in ("flat", "kelly")]
    dates = sorted(curves[0].keys() | curves[1].keys())
    held: list[list[Any]] = []
    for curve in curves:
        values, last = [], None
        for each in dates:
            last = curve.get(each, last)
            values.append(last)
        held.append(values)
    return [days.day(date.fromisoformat(each)) for each in dates], held[0], held[1]


def _equity(equity: Mapping[str, Any]) -> Chart | None:
    if len(equity["flat"]) < 2:
        return None
    labels, flat, kelly = _merged(equity, "value")
    return line_chart(
        labels,
        [
            Line(label=_("Flat: profit in units"), values=flat),
            Line(label=_("Kelly: multiple of the bankroll"), values=kelly, is_right=True),
        ],
        left=_("units"),
        right=_("times"),
    )


def _drawdown(equity: Mapping[str, Any]) -> Chart | None:
    if len(equity["flat"]) < 2:
        return None
    labels, flat, kelly = _merged(equity, "drawdown")
    return line_chart(
        labels,
        [
            Line(label=_("Flat: units below the highest"), values=_below(flat)),
            Line(label=_("Kelly: % below the highest"), values=_below(kelly), is_right=True),
        ],
        left=_("units"),
        right=_("percent"),
    )


def _below(values: list[Any]) -> list[Any]:
    """Falls as negative numbers, so that down is down."""
    return [None if value is None else -abs(value) for value in values]


def _calibration(bins: list[Mapping[str, Any]]) -> Chart | None:
    if not bins:
        return None
    predicted = [100 * one["predicted_mean"] for one in bins]
    happened = [100 * one["happened_share"] for one in bins]
    names = [
        f"{100 * one['low']:.0f}–{100 * one['high']:.0f} % (n = {figures.whole(one['bets'])})"
        for one in bins
    ]
    return line_chart(
        names,
        [
            Line(label=_("Predicted (%)"), values=predicted, is_dashed=True, has_points=True),
            Line(label=_("Happened (%)"), values=happened, has_points=True),
        ],
        left=_("percent"),
        below=_("claimed probability"),
    )


def _segments(rows: list[Mapping[str, Any]], titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for by, title in SEGMENTS.items():
        lines = [
            {**row, "name": titles.get(row["name"]) or _in_language(row["name"])}
            for row in rows
            if row["by"] == by
        ]
        if lines:
            yield {"title": title, "rows": lines}


def _in_language(band: str) -> str:
    """A band as the result has it, `1.5–2`, with the user's decimal mark."""
    return re.sub(r"(?<=\d)\.(?=\d)", get_format("DECIMAL_SEPARATOR"), band)


def deflation_in_words(found: Mapping[str, Any]) -> str:
    """How much of the result the best of so many tries would show by luck alone."""
    tried = ngettext(
        "One set of parameters was tried on these data.",
        "%(number)s sets of parameters were tried on these data.",
        found["variants_tried"],
    ) % {"number": figures.whole(found["variants_tried"])}
    if found["probability"] is None:
        return tried + " " + _("There are too few matches to say whether this is luck.")
    return f"{tried} " + _deflated(found["variants_tried"]) % {
        "probability": figures.share(found["probability"]),
        "matches": figures.whole(found["observations"]),
        "sharpe": _ratio(found["sharpe"]),
        "best": _ratio(found["expected_best_sharpe"]),
    }


def _deflated(variants_tried: int) -> str:
    """The sentence on the probability; what luck alone would show only where there was a choice."""
    if variants_tried == 1:
        return _(
            "The probability that the true edge is above 0 is %(probability)s, from %(matches)s "
            "matches with a Sharpe ratio of %(sharpe)s a match."
        )
    return _(
        "Allowing for that, the probability that the true edge is above 0 is %(probability)s, from "
        "%(matches)s matches: a Sharpe ratio of %(sharpe)s a match, where the best of so many "
        "without any edge would show %(best)s by luck."
    )


def _ratio(value: float | None) -> str:
    return figures.UNDEFINED if value is None else str(number_format(round(value, 3), 3))


def _audit(found: Mapping[str, Any]) -> str:
    return _(
        "No look-ahead: at %(instants)s instants everything later was deleted and the agent asked "
        "again; all %(decisions)s decisions were the same."
    ) % {
        "instants": figures.whole(found["instants"]),
        "decisions": figures.whole(found["decisions_compared"]),
    }
