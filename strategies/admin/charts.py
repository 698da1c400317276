"""Charts as the theme's component draws them: data and options as JSON text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language

# Colours that can be read on white and on black, because the theme reads them once.
COLOURS: Final = (
    "var(--color-primary-500)",
    "var(--color-orange-500)",
    "var(--color-green-500)",
    "var(--color-base-400)",
)
TEXT: Final = "#8b93a1"
MOST_POINTS: Final = 400  # of a line; more cannot be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chart; None leaves a gap."""

    label: str
    values: Sequence[float | None]
    is_dashed: bool = False
    is_right: bool = False  # against the scale on the right
    has_points: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What `unfold/components/chart/line.html` takes."""

    data: str
    options: str


def line_chart(
    labels: Sequence[str], lines: Sequence[Line], *, left: str, right: str = "", below: str = ""
) -> Chart:
    """Lines over shared labels.

    Args:
        labels: Under the points, shape (n,).
        lines: Each with n values.
        left: What the scale on the left measures, with its unit.
        right: The same on the right; empty where no line needs it.
        below: What the labels are; empty where they explain themselves.
    """
    kept = _kept(len(labels))
    datasets = [_dataset(line, number, kept) for number, line in enumerate(lines)]
    data = {"labels": [labels[place] for place in kept], "datasets": datasets}
    return Chart(data=json.dumps(data), options=json.dumps(_options(left, right, below)))


def _kept(number: int) -> list[int]:
    """Places that are drawn: all, or evenly spread ones with the first and the last."""
    if number <= MOST_POINTS:
        return list(range(number))
    step = (number - 1) / (MOST_POINTS - 1)
    return [round(place * step) for place in range(MOST_POINTS)]


def _dataset(line: Line, number: int, kept: list[int]) -> dict[str, Any]:
    colour = COLOURS[number % len(COLOURS)]
    values = [line.values[place] for place in kept]
    return {
        "label": line.label,
        "data": [None if value is None else round(value, 4) for value in values],
        "borderColor": colour,
        "backgroundColor": colour,
        "borderWidth": 2,
        "borderDash": [5, 4] if line.is_dashed else [],
        "pointRadius": 4 if line.has_points else 0,
        "pointHoverRadius": 5,
        "spanGaps": True,
        "yAxisID": "right" if line.is_right else "y",
    }


def _options(left: str, right: str, below: str) -> dict[str, Any]:
    language = get_language() or "en"
    scales = {
        "x": _scale(below)
        | {"ticks": {"color": TEXT, "maxRotation": 0, "maxTicksLimit": 6, "autoSkipPadding": 48}},
        "y": _scale(left),
    }
    if right:
        scales["right"] = _scale(right) | {"position": "right", "grid": {"display": False}}
    legend = {"color": TEXT, "boxWidth": 8, "boxHeight": 8, "usePointStyle": True}
    return {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "locale": "en-GB" if language == "en" else language,
        "interaction": {"mode": "index", "intersect": False},
        "plugins": {"legend": {"position": "top", "align": "start", "labels": legend}},
        "scales": scales,
    }


def _scale(title: str) -> dict[str, Any]:
    return {
        "title": {"display": bool(title), "text": title, "color": TEXT},
        "border": {"display": False},
        "grid": {"lineWidth": 0.5},
        "ticks": {"color": TEXT, "maxTicksLimit": 6},
    }
