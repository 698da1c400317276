"""Betting in the admin; importing this package registers every page."""

from betting.admin import bankroll, bets, closing_lines, imports, matches, opportunities

__all__ = ["bankroll", "bets", "closing_lines", "imports", "matches", "opportunities"]
