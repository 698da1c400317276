"""Strategies in the admin; importing this package registers every page."""

from strategies.admin import backtests, predictions, proofs, ranking_settings, strategies

__all__ = ["backtests", "predictions", "proofs", "ranking_settings", "strategies"]
