"""Bankroll: accounts and their ledger, its proof, and how much to stake."""
