"""Strategies in the admin; importing this package registers every page."""

from strategies.admin import (
    backtests,
    improvements,
    learning,
    matches,
    predictions,
    proofs,
    ranking_settings,
    strategies,
)

__all__ = [
    "backtests",
    "improvements",
    "learning",
    "matches",
    "predictions",
    "proofs",
    "ranking_settings",
    "strategies",
]
