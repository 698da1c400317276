"""Strategies in the admin; importing this package registers every page."""

from strategies.admin import (
    backtests,
    improvements,
    learning,
    predictions,
    proofs,
    ranking_settings,
    strategies,
)

__all__ = [
    "backtests",
    "improvements",
    "learning",
    "predictions",
    "proofs",
    "ranking_settings",
    "strategies",
]
