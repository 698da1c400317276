"""The account of a snapshot's quotes: every one received is stored, unchanged or rejected."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """What became of a snapshot's quotes, by market; received = stored + unchanged + rejected.

    Those `withdrawn` were not received: they are what it no longer held.
    """

    received: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    unreadable_matches: Counter[str] = field(default_factory=Counter)
    matches: int = 0
    odds_stored: int = 0

    def add(self, other: "Tally") -> None:
        """Count another snapshot's quotes with this one's."""
        self.received.update(other.received)
        self.stored.update(other.stored)
        self.rejected.update(other.rejected)
        self.withdrawn.update(other.withdrawn)
        self.unreadable_matches.update(other.unreadable_matches)
        self.matches += other.matches
        self.odds_stored += other.odds_stored

    @property
    def rejected_total(self) -> int:
        """Quotes that could not be used."""
        return self.rejected.total()

    @property
    def unchanged_total(self) -> int:
        """Quotes that repeat what was known."""
        return self.received.total() - self.stored.total() - self.rejected_total

    def by_market(self) -> dict[str, "MarketAccount"]:
        """The account of each market, in the markets' order."""
        accounts = {}
        for market, received in sorted(self.received.items()):
            reasons = {why: n for (key, why), n in sorted(self.rejected.items()) if key == market}
            stored = self.stored[market]
            accounts[market] = MarketAccount(
                received=received,
                stored=stored,
                unchanged=received - stored - sum(reasons.values()),
                rejected=reasons,
            )
        return accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketAccount:
    """What became of one market's quotes; `rejected` counts by reason."""

    received: int
    stored: int
    unchanged: int
    rejected: dict[str, int]
