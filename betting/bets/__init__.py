"""Bets: placing, correcting, settling, importing them; the rules of what they pay."""
