"""What every bookmaker shows on a match at an instant."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from odds.simulator.beliefs import Beliefs, beliefs_of
from odds.simulator.bookmakers import BOOKMAKERS, Bookmaker
from odds.simulator.calendar import Match
from odds.simulator.chance import Floats, digest
from odds.simulator.news import closer, tilt
from odds.simulator.pricing import Pricing
from odds.simulator.scores import ScoreLaw, score_law
from odds.simulator.sports import SPORTS
from odds.simulator.truth import Truth

_REMEMBERED = 512  # matches whose beliefs are kept in memory, 0.2 MB each
_LEAST = 1e-6  # points to come at the whistle: logarithms need more than none
_SLIP = 10  # a mistyped price: the decimal point one place too far


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One bookmaker's decimal odds for every outcome of one market.

    `odds`: home, draw, away; home, away; or over, under. `line`: of totals, or the home side's
    handicap. `updated_at`: when the provider last read it, simulated Unix seconds.
    """

    bookmaker: Bookmaker
    market: str
    line: float | None
    odds: tuple[float, ...]
    updated_at: float


class QuoteBoard:
    """Prices all bookmakers of the roster from one seed."""

    def __init__(self, seed: int, truth: Callable[[Match], Truth]) -> None:
        self._truth = truth
        self._pricing = {
            margin: Pricing(BOOKMAKERS, extra_margin=margin)
            for margin in {sport.extra_margin for sport in SPORTS.values()}
        }
        operators = list(dict.fromkeys(book.operator for book in BOOKMAKERS))
        self._operators = np.array([operators.index(book.operator) for book in BOOKMAKERS])
        self._is_soft = np.array([book.kind == "soft" for book in BOOKMAKERS])
        self._opinion = np.array([book.opinion for book in BOOKMAKERS])
        self._lag = np.array([book.lag_minutes * 60.0 for book in BOOKMAKERS])
        self._refresh = np.array([float(book.refresh_seconds) for book in BOOKMAKERS])
        self._phase = np.array([
            int.from_bytes(digest("phase", book.key)) % book.refresh_seconds for book in BOOKMAKERS
        ], dtype=float)  # fmt: skip
        self._beliefs: Callable[[Match], Beliefs] = lru_cache(_REMEMBERED)(
            lambda match: beliefs_of(seed, match, BOOKMAKERS, self._operators)
        )

    def quotes(
        self, match: Match, at: float, markets: Collection[str], wanted: frozenset[str]
    ) -> list[Quote]:
        """Quotes of the wanted bookmakers, in the roster's order and then the markets'."""
        beliefs = self._beliefs(match)
        seen, offered = beliefs.seen_at(at, self._refresh, self._phase)
        law, rates, score = self._law(match, beliefs, seen)
        # Lay prices come with h2h unasked, and only once if asked.
        wanted_markets = [name for name in markets if name != "h2h_lay" or "h2h" not in markets]
        priced = [
            prices
            for name in wanted_markets
            for prices in self._price(name, match.sport.extra_margin, law, rates, score)
        ]
        slipped = beliefs.slipped(at)
        quotes = []
        for row, book in enumerate(BOOKMAKERS):
            if not offered[row] or book.key not in wanted:
                continue
            for market, lines, odds in priced:
                line = lines[row] if lines else None
                quote = _quote(book, market, line, odds[row], float(seen[row]))
                if quote:
                    quotes.append(_mistyped(quote) if slipped[row] else quote)
        return quotes

    def fair(self, match: Match, at: float) -> Floats:
        """Each bookmaker's own h2h probabilities before any margin, shape (books, outcomes)."""
        beliefs = self._beliefs(match)
        seen, _ = beliefs.seen_at(at, self._refresh, self._phase)
        return self._law(match, beliefs, seen)[0].results()

    def _law(self, match: Match, beliefs: Beliefs, seen: Floats) -> tuple[ScoreLaw, Floats, Floats]:
        """What each bookmaker believes of the final score, rates to come and score so far."""
        truth = self._truth(match)
        followed = seen - self._lag - beliefs.asleep(seen, self._operators)
        error = beliefs.error(followed, self._operators, self._opinion)
        played = truth.played(seen)
        rates = truth.rates * tilt(error, match.sport) * np.maximum(1 - played, _LEAST)[:, None]
        rates = closer(rates, match.sport.longshot_bias * self._is_soft)
        score = truth.score(played)
        return score_law(match.sport, rates, score), rates, score

    def _price(
        self, market: str, extra_margin: float, law: ScoreLaw, rates: Floats, score: Floats
    ) -> Iterator[tuple[str, list[float] | None, list[list[float]]]]:
        """(market, line of each book, odds of each book) of every market that comes with one."""
        pricing = self._pricing[extra_margin]
        final = rates + score
        reach = 3.0 if law.has_draw else 2.0
        if market in ("h2h", "h2h_lay"):
            fair = law.results()
            back = pricing.back(fair)
            if market == "h2h":
                yield "h2h", None, back.tolist()
            yield "h2h_lay", None, pricing.lay(fair, back).tolist()
        elif market == "totals":
            lines, over = pricing.lines(law.total, final.sum(axis=1), reach)
            yield "totals", lines.tolist(), _two_way(pricing, over)
        elif market == "spreads":
            lines, home = pricing.lines(law.margin, final[:, 0] - final[:, 1], reach)
            yield "spreads", (-lines).tolist(), _two_way(pricing, home)


def _two_way(pricing: Pricing, first: Floats) -> list[list[float]]:
    odds: list[list[float]] = pricing.back(np.stack([first, 1 - first], axis=1)).tolist()
    return odds


def _quote(
    book: Bookmaker, market: str, line: float | None, odds: list[float], seen: float
) -> Quote | None:
    """The quote, or `None` where the book does not offer the market or has suspended it."""
    is_offered = book.kind == "exchange" if market == "h2h_lay" else market in book.markets
    if not is_offered or odds[0] != odds[0]:  # nan: suspended
        return None
    return Quote(bookmaker=book, market=market, line=line, odds=tuple(odds), updated_at=seen)


def _mistyped(quote: Quote) -> Quote:
    """The quote with its first price ten times too high."""
    return Quote(
        bookmaker=quote.bookmaker,
        market=quote.market,
        line=quote.line,
        odds=(round(quote.odds[0] * _SLIP, 2), *quote.odds[1:]),
        updated_at=quote.updated_at,
    )
