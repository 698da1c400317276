"""Backtests: what a strategy would have brought, had it been asked about the past."""
