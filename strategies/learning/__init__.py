"""Learning: what a version's record says of its parameters, and what to change.

`reading` takes a version's newest predictions from the database, `segments` sums them by league,
odds, bookmaker and so on, and `evidence` is what is known of it all. Two analysts read evidence
and make at most one `proposal`: `analyst` by statistics alone, `llm` by asking a language model.
A proposal is an opinion: whoever takes it has `checked` its parameters, and holds it against
matches that the evidence did not contain.
"""
