"""Odds: what bookmakers offered, when, and what it cost to know.

Owns sports, bookmakers, matches, the change-only history of quotes, the current quotes, the calls
made to The Odds API and what they cost; the client, the collector, the mathematics of fair
probabilities and the simulated market. It is the bottom of the stack: it imports no other app.

Words: a *quote* is one bookmaker's odds for every outcome of one market (and line) of one match;
a *snapshot* is all quotes of one answer; a *collection* is the call that stored a snapshot.
"""
