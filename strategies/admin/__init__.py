"""Strategies in the admin; importing this package registers every page."""

import importlib

# Until every page is written, only those that can be imported; the list at last is a plain import.
for _name in ("backtests", "predictions", "proofs", "ranking_settings", "strategies"):
    try:
        importlib.import_module(f"strategies.admin.{_name}")
    except ImportError:
        continue
