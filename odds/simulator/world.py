"""The simulated market: matches, quotes and results as a pure function of (seed, instant)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from odds.simulator.answers import Event, event, quoted_event, scored_event
from odds.simulator.bookmakers import BOOKMAKERS, in_regions
from odds.simulator.calendar import Calendar, Match
from odds.simulator.chance import Floats
from odds.simulator.clock import REAL_TIME, Clock
from odds.simulator.quotes import Quote, QuoteBoard
from odds.simulator.scores import Chances
from odds.simulator.sports import SPORTS
from odds.simulator.truth import Truth, truth_of

_REMEMBERED = 8192  # matches whose truth is kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A match's score at some instant; `is_final` once it is over."""

    home: int
    away: int
    is_final: bool


class World:
    """A seeded market whose true probabilities are known.

    Args:
        seed: Two worlds of the same seed and epoch are the same market.
        epoch: The calendar starts on the Monday of this instant (simulated time).
        clock: Turns simulated instants into those written in answers; none are changed without.
    """

    def __init__(self, seed: int, epoch: datetime, clock: Clock = REAL_TIME) -> None:
        self.clock = clock
        self.calendar = Calendar(seed, epoch.timestamp())
        self.truth = lru_cache(_REMEMBERED)(lambda match: truth_of(seed, match))
        self._board = QuoteBoard(seed, self.truth)

    def body(
        self,
        sport: str,
        at: datetime,
        markets: Collection[str] = ("h2h",),
        *,
        regions: Collection[str] = (),
        bookmakers: Collection[str] = (),
    ) -> list[Event]:
        """The answer of `/odds` at a simulated instant, decimal odds and ISO times.

        Args:
            sport: A key of `sports.SPORTS`.
            at: Simulated instant.
            markets: Of h2h, spreads, totals; exchanges add h2h_lay to h2h.
            regions: Whose bookmakers quote; `bookmakers` wins, all quote when both are empty.
            bookmakers: Keys of those that quote.

        Raises:
            KeyError: Unknown sport.
        """
        wanted = frozenset(bookmakers) or (in_regions(regions) if regions else None)
        return list(self.quoted(sport, at.timestamp(), markets, wanted))

    def quoted(
        self, sport: str, at: float, markets: Collection[str], wanted: frozenset[str] | None
    ) -> Iterator[Event]:
        """Listed matches with the wanted bookmakers' quotes; `at` is in simulated seconds."""
        for match in self.listed(sport, at):
            yield quoted_event(match, self.quotes(match, at, markets, wanted), self.clock)

    def listed(self, sport: str, at: float) -> list[Match]:
        """Matches on offer at an instant: under way or within the listing horizon."""
        rules = SPORTS[sport]
        ended = at - rules.duration
        matches = self.calendar.between(rules, ended, at + rules.listed_seconds)
        return [match for match in matches if match.commence > ended]

    def quotes(
        self,
        match: Match,
        at: float,
        markets: Collection[str],
        wanted: frozenset[str] | None = None,
    ) -> list[Quote]:
        """Every wanted bookmaker's quotes on one match at an instant."""
        keys = frozenset(book.key for book in BOOKMAKERS) if wanted is None else wanted
        return self._board.quotes(match, at, markets, keys)

    def fair(self, match: Match, at: float) -> Floats:
        """Each bookmaker's own h2h probabilities, before any margin, in the roster's order.

        Shape (bookmakers, outcomes). What a bookmaker believes, not what is true.
        """
        return self._board.fair(match, at)

    def match(self, provider_id: str) -> Match:
        """The match with that id.

        Raises:
            KeyError: No match has it.
        """
        return self.calendar.match(provider_id)

    def result(self, match: Match, at: float) -> Result | None:
        """The score at an instant, `None` before kick-off."""
        if at < match.commence:
            return None
        truth = self.truth(match)
        if at >= match.commence + match.sport.duration:
            home, away = truth.final_score
            return Result(home=home, away=away, is_final=True)
        played = (at - match.commence) / match.sport.duration
        home, away = (int((moments <= played).sum()) for moments in truth.points)
        return Result(home=home, away=away, is_final=False)

    def events(self, sport: str, at: float) -> list[Event]:
        """Listed matches without quotes."""
        return [event(match, self.clock) for match in self.listed(sport, at)]

    def scored(self, sport: str, at: float, since: float | None) -> list[Event]:
        """Listed matches, and those kicked off after `since` and ended, with their scores."""
        rules = SPORTS[sport]
        matches = self.listed(sport, at)
        if since is not None:
            matches = self.calendar.between(rules, since, at - rules.duration) + matches
        return [self._scored(match, at) for match in dict.fromkeys(matches)]

    def true_chances(
        self, provider_id: str, market: str, line: float | None = None
    ) -> tuple[Chances, ...]:
        """How a bet on each outcome really ends, before kick-off.

        Args:
            provider_id: A match's id.
            market: h2h, totals or spreads.
            line: Of totals, or the home side's handicap of spreads.

        Returns:
            Chances of home, draw, away (or home, away); over, under; or home, away.

        Raises:
            KeyError: Unknown match.
            ValueError: Unknown market, or a line where none belongs.
        """
        return true_chances(self.truth(self.match(provider_id)), market, line)

    def true_probabilities(
        self, provider_id: str, market: str, line: float | None = None
    ) -> tuple[float, ...]:
        """Fair probabilities, pushes left out: 1 / the odds at which nobody gains; they sum to 1.

        Arguments, order and errors as `true_chances`.
        """
        chances = self.true_chances(provider_id, market, line)
        return tuple(chance.fair_probability for chance in chances)

    def _scored(self, match: Match, at: float) -> Event:
        result = self.result(match, at)
        if result is None:
            return scored_event(match, None, at, self.clock)
        over = match.commence + match.sport.duration
        changed = over if result.is_final else at
        return scored_event(match, (result.home, result.away, result.is_final), changed, self.clock)


def true_chances(truth: Truth, market: str, line: float | None) -> tuple[Chances, ...]:
    """Chances of every outcome of one market; see `World.true_chances`."""
    law = truth.law()
    match market, line:
        case "h2h", None:
            results = law.results()[0].tolist()
            return tuple(Chances(win=chance, loss=1 - chance) for chance in results)
        case "totals", float() | int():
            return law.total.chances(line)
        case "spreads", float() | int():
            return law.margin.chances(-line)
        case _:
            raise ValueError(f"no such market: {market!r} with line {line!r}")
