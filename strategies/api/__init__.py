"""The API of strategies: stored predictions, records and rankings, and how they came about."""
