"""A backtest's result as lines of a terminal."""

from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
UNKNOWN: Final = "–"
PARTS: Final = {"all": "all", "walk_forward": "earlier", "held_out": "held out"}
ROWS: Final = (  # label, key, format
    ("from", "since", ""),
    ("to", "until", ""),
    ("bets", "bets", ",d"),
    ("matches", "matches", ",d"),
    ("match days", "days", ",d"),
    ("won", "won", ",.1f"),
    ("lost", "lost", ",.1f"),
    ("win rate %", "win_rate_pct", ".1f"),
    ("mean odds", "mean_odds", ".2f"),
    ("claimed edge %", "claimed_edge_pct", "+.2f"),
    ("profit, units", "profit_units", "+,.2f"),
    ("yield %", "yield_pct", "+.2f"),
    ("  95 % from", "yield_low_pct", "+.2f"),
    ("  to", "yield_high_pct", "+.2f"),
    ("graded", "graded", ",d"),
    ("fair CLV %", "clv_pct", "+.2f"),
    ("  95 % from", "clv_low_pct", "+.2f"),
    ("  to", "clv_high_pct", "+.2f"),
    ("raw CLV %", "raw_clv_pct", "+.2f"),
    ("beat the close %", "beat_share_pct", ".1f"),
    ("Sharpe of a bet", "sharpe", "+.4f"),
    ("max drawdown, units", "max_drawdown_units", ",.2f"),
)


def report_lines(result: Json) -> Iterator[str]:
    """The result as read from its row, line by line."""
    parts = [result["parts"][key] for key in PARTS]
    yield _line("", PARTS.values())
    for label, key, form in ROWS:
        yield _line(label, (_cell(part and part[key], form) for part in parts))
    counts, kelly, deflation = result["counts"], result["kelly"], result["deflation"]
    yield (
        f"judged {counts['matches_judged']:,} matches; {counts['missed']:,} prices were gone;"
        f" {counts['unsettled']:,} without a result; {counts['returned']:,} gave the unit back"
    )
    yield (
        f"Kelly × {kelly['fraction']:g}: bankroll × {_cell(kelly['final_multiple'], ',.2f')},"
        f" max drawdown {_cell(kelly['max_drawdown_pct'], '.1f')} %"
    )
    yield (
        f"variants tried: {deflation['variants_tried']}; best Sharpe expected without an edge"
        f" {_cell(deflation['expected_best_sharpe'], '.4f')}, this one"
        f" {_cell(deflation['sharpe'], '.4f')} of a match, true one above 0 with probability"
        f" {_cell(deflation['probability'], '.3f')}"
    )
    yield (
        f"audit passed: {result['audit']['decisions_compared']:,} decisions the same at"
        f" {result['audit']['instants']} instants without the future"
    )


def _cell(value: Any, form: str) -> str:
    return UNKNOWN if value is None else format(value, form)


def _line(label: str, cells: Any) -> str:
    return f"{label:22}" + "".join(f"{cell:>14}" for cell in cells)
