"""Betting: which of the prices on offer are better than fair.

Owns opportunities, their guards and their life from first seen to closed. It imports `odds` and
nothing above. (Bets, the bankroll, settlement and closing lines belong here too.)

Words: *edge* is fair probability times odds minus one; *spread* is how far bookmakers lie apart,
which says nothing about value; an *opportunity* is a price whose edge, spread or arbitrage profit
reaches the user's threshold, kept with the reason when a guard refuses it.
"""
