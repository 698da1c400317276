"""Reports: what the ranking does to strategies whose truth is known."""
