"""Strategies: agents that predict on paper, and what their predictions were worth.

Owns the agents and their parameters, the predictions they make on every collection, backtests over
stored history, the ranking, and improvements with their tests. It imports `betting` and `odds` and
nothing above. Inside it, `agents` decide, `live` asks them at every collection, `replay` asks them
about the past, `backtests` say what that would have brought, `ranking` what it did bring,
`learning` finds changes worth testing in the record, and `proofs` run the published studies on the
user's own data; `api` and `admin` stand on top of them.

Words: an *agent* is a pure function from a snapshot to predictions; a *strategy* is an agent with
parameters, each set of them a *version*; a *prediction* is one price a version would have taken,
made once for each match, market and line, settled and graded on paper; a *backtest* asks a version
about stored history as if it were live; a *tier* says how sure the record is, not how lucky.
"""
