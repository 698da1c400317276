"""A stand-in for The Odds API v4: demo, test bench and ground truth.

It speaks the provider's HTTP to the letter (paths, parameters, credit costs, quota headers, error
bodies) and answers from a simulated market whose true probabilities are known, or from recorded
answers. It is the other side of the wire: it imports neither Django nor the product.

Words: a *world* is a seeded market, a pure function of (seed, instant); a *source* answers in the
provider's JSON at a wall instant (simulated or replayed); a *fault* is an answer spoilt on purpose.
Instants inside a world are Unix timestamps in seconds, because simulated time may run far beyond
the last year a `datetime` can hold.
"""
