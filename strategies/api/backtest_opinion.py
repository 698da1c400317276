"""What backtests say about the strategies that predict a match: the original's fourth agent.

The newest finished backtest of the versions that predict it is asked about its held-out part,
the match days no parameter was chosen on. VALIDATED: the interval of its yield, or that of its
CLV, lies above 0. CAUTION: neither does. INSUFFICIENT: there is no such backtest, it held nothing
out, or its held-out part has fewer than 30 bets.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from betting.performance.measures import FEWEST
from odds.api_fields import instant_text
from strategies.models import Backtest, Prediction

VALIDATED, CAUTION, INSUFFICIENT = "VALIDATED", "CAUTION", "INSUFFICIENT"
TEXTS: Final = {
    VALIDATED: "Validated on held-out matches",
    CAUTION: "Not better than chance on held-out matches",
    INSUFFICIENT: "Not enough to say",
}
HELD_OUT: Final = "result__parts__held_out"


def backtest_opinion(predictions: Sequence[Prediction]) -> dict[str, Any]:
    """The agent's `recommendation`, `reason`, `recommendation_text` and `details`; one query."""
    row = (
        Backtest.objects.filter(
            status=Backtest.Status.DONE, version__in={one.version_id for one in predictions}
        )
        .order_by("-finished_at", "-id")
        .values("id", "finished_at", "since", "until", "version", HELD_OUT)
        .first()
    )
    held_out: Mapping[str, Any] = (row and row[HELD_OUT]) or {}
    recommendation, reason = _judged(bool(predictions), row, held_out)
    return {
        "recommendation": recommendation,
        "reason": reason,
        "recommendation_text": TEXTS[recommendation],
        "details": _details(row, held_out),
    }


def _judged(
    is_predicted: bool, row: Mapping[str, Any] | None, held_out: Mapping[str, Any]
) -> tuple[str, str]:
    if not is_predicted:
        return INSUFFICIENT, "No strategy predicts this match."
    if row is None:
        return INSUFFICIENT, "No strategy that predicts this match has a finished backtest."
    bets = held_out.get("bets") or 0
    if bets < FEWEST:
        return INSUFFICIENT, f"Its held-out part has {bets} bets; {FEWEST} are the fewest to judge."
    what = ", ".join(
        f"{name} {held_out[f'{key}_low_pct']:+.1f} to {held_out[f'{key}_high_pct']:+.1f} %"
        for name, key in (("yield", "yield"), ("CLV", "clv"))
        if held_out.get(f"{key}_low_pct") is not None
    )
    lows = [held_out.get("yield_low_pct"), held_out.get("clv_low_pct")]
    is_better = any(low is not None and low > 0 for low in lows)
    reason = f"{bets} held-out bets, 95 % intervals: {what or 'none'}."
    return VALIDATED if is_better else CAUTION, reason


def _details(row: Mapping[str, Any] | None, held_out: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "backtest_id": row and row["id"],
        "finished_at": row and instant_text(row["finished_at"]),
        "since": row and row["since"].isoformat(),
        "until": row and row["until"].isoformat(),
        "sample_size": held_out.get("bets", 0),
        "minimum_sample": FEWEST,
        "avg_roi_pct": held_out.get("yield_pct"),
        "roi_low_pct": held_out.get("yield_low_pct"),
        "roi_high_pct": held_out.get("yield_high_pct"),
        "clv_pct": held_out.get("clv_pct"),
        "clv_low_pct": held_out.get("clv_low_pct"),
        "clv_high_pct": held_out.get("clv_high_pct"),
        "historical_win_rate": held_out.get("win_rate_pct"),
    }
