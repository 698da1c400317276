"""football-data.co.uk: results, prices before kick-off and closing prices of 38 leagues.

Owns reading the site's files (pure), telling its teams and leagues apart, storing what the files
say, and fetching the running season. It writes matches, results and the history of quotes; never
the current quotes, because no file says what is on offer now.

The site publishes no instants for its prices. Those taken before kick-off are stated at 15:00 UK
time of the Friday or Tuesday it collects on, closing prices one minute before kick-off. A closing
price is stored even where it repeats the earlier one: that a bookmaker still offered it is a fact.
"""
