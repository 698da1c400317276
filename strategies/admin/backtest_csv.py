"""A backtest's curves and segments as CSV, by the names of the result."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

PARTS: Final = ("equity", "segments")
EQUITY: Final = ("curve", "date", "value", "drawdown")
SEGMENTS: Final = ("by", "name", "bets", "yield_pct", "clv_pct")


def write(result: Mapping[str, Any], part: str) -> Iterator[str]:
    """One of `PARTS`, line by line, the names first; undefined is empty."""
    names = EQUITY if part == "equity" else SEGMENTS
    rows = _equity(result) if part == "equity" else iter(result.get("segments", []))
    buffer = StringIO()
    writer = csv.DictWriter(buffer, names, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        yield _taken(buffer)
        writer.writerow(row)
    yield _taken(buffer)


def _equity(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for curve, points in result.get("equity", {}).items():
        for point in points:
            yield {"curve": curve, **point}


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
