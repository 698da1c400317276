"""Taking over the original's database: its odds, bets and improvements, every row told of.

`source` reads it and never writes there; `names`, `odds_rows`, `looks`, `bet_rows` and
`improvement_rows` say what a row means and are pure; `odds`, `bets` and `improvements` store it
through the code that stores everything else; `importing` puts them in order. Each row received is
stored, unchanged or rejected with its reason. What the original's rows leave open is decided so:

- Instants without a zone are read as UTC, or in the zone named (`--timezone`).
- A bookmaker is known by key or title, whatever its case and spaces; so is a sport.
- Rows of one sport whose times follow each other within seconds are one look at it.
- The edges, closing odds and CLVs it computed are left behind: they meant other things, or had the
  wrong sign. Payouts and profits are computed anew, and those that differ are told.
- Its improvements propose a threshold of confidence, which no agent has here; they are kept in the
  archive with all they said, and cannot be tested.
"""
