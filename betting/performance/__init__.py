"""Performance: what bets brought, how sure that is, and the verdict."""
