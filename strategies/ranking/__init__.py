"""Ranking: what versions' predictions came to, day by day, and what that makes of them."""
