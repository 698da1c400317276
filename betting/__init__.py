"""Betting: which prices are better than fair, what was bet, and what it was worth.

Owns opportunities and their guards; bets, accounts and the ledger; settlement, closing lines and
CLV; the statistics and the verdict. It imports `odds` and nothing above. Inside it, `detection`,
`bets`, `bankroll`, `closing` and `performance` are what it does, `reports` what it proves, and
`api` and `admin` stand on top of them.

Words: *edge* is fair probability times odds minus one; *spread* is how far bookmakers lie apart,
which says nothing about value; an *opportunity* is a price whose edge, spread or arbitrage profit
reaches the user's threshold, kept with the reason when a guard refuses it; a *closing line* is a
reference's last prices before the actual kick-off; *CLV* holds the odds taken against it.
"""
