"""Closing lines: capturing them, grading bets and opportunities by them, paper results."""
