"""The sets of prices on which methods are compared, and what was measured on more seasons.

Pure numbers, nothing of Django. The published figures are of football-data.co.uk's files of 1993
to 2026, these sets of what was imported; differences of methods are the same to within noise,
levels depend on the seasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from odds.devig import Method
from strategies.proofs.calibration import margin, scores
from strategies.proofs.prices import AVERAGE, Books, books_of
from strategies.proofs.results import PriceSet, PublishedScore
from strategies.replay.decisions import Advance
from strategies.replay.history import History

NEW_LAYOUT: Final = datetime(2019, 7, 1, tzinfo=UTC).timestamp()  # BetBrain's averages end


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose prices of which market and moment; from `since` to before `until`, by kick-off."""

    key: str
    bookmaker: str
    moment: str
    market: str = "h2h"
    since: float = -np.inf
    until: float = np.inf


SOURCES: Final = (
    Source(key="pinnacle_close", bookmaker="pinnacle", moment="at_close"),
    Source(key="pinnacle_before", bookmaker="pinnacle", moment="before_close"),
    Source(key="average_close", bookmaker=AVERAGE, moment="at_close"),
    Source(key="bet365_before", bookmaker="bet365", moment="before_close"),
    Source(key="betbrain_before", bookmaker=AVERAGE, moment="before_close", until=NEW_LAYOUT),
    Source(key="average_before", bookmaker=AVERAGE, moment="before_close", since=NEW_LAYOUT),
    Source(key="totals_pinnacle_close", bookmaker="pinnacle", moment="at_close", market="totals"),
    Source(key="exchange_close", bookmaker="betfair_ex_uk", moment="at_close"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    markets: int
    margin: float | None
    scores: tuple[PublishedScore, ...]


def _level(log_loss: float, ece: float | None, slope: float | None) -> PublishedScore:
    return PublishedScore(
        method=Method.MULTIPLICATIVE.value, log_loss=log_loss, ece=ece, slope=slope
    )


def _step(
    method: Method,
    difference: float,
    z: float | None = None,
    ece: float | None = None,
    slope: float | None = None,
) -> PublishedScore:
    """A difference in units of 1e-5, as the table had it."""
    return PublishedScore(
        method=method.value, difference=difference * 1e-5, z=z, ece=ece, slope=slope
    )


PUBLISHED: Final = {
    "pinnacle_close": _Known(
        markets=43_322,
        margin=0.0326,
        scores=(
            _level(1.003821, 0.00747, 1.071),
            _step(Method.ADDITIVE, -29.8, -3.7),
            _step(Method.POWER, -27.0, -3.1, 0.00449, 1.025),
            _step(Method.SHIN, -24.6, -4.2),
            _step(Method.ODDS_RATIO, -19.3, -3.6),
        ),
    ),
    "pinnacle_before": _Known(
        markets=58_150,
        margin=None,
        scores=(
            _step(Method.ADDITIVE, -27.1),
            _step(Method.POWER, -27.0),
            _step(Method.SHIN, -22.7),
            _step(Method.ODDS_RATIO, -19.9),
        ),
    ),
    "average_close": _Known(
        markets=32_976,
        margin=0.0605,
        scores=(
            _level(0.998990, 0.00994, 1.104),
            _step(Method.ADDITIVE, -70.4, -4.9),
            _step(Method.POWER, -65.8, -4.2, 0.00539, 1.025),
            _step(Method.SHIN, -58.3, -5.5),
            _step(Method.ODDS_RATIO, -48.1, -4.9),
        ),
    ),
    "bet365_before": _Known(
        markets=133_200,
        margin=0.0766,
        scores=(
            _level(1.010673, 0.00736, 1.097),
            _step(Method.ADDITIVE, -66.9, -7.1),
            _step(Method.POWER, -74.3, -7.6, 0.00320, 1.0004),
            _step(Method.SHIN, -61.4, -9.1),
            _step(Method.ODDS_RATIO, -62.0, -10.4),
        ),
    ),
    "betbrain_before": _Known(
        markets=79_748,
        margin=0.0873,
        scores=(
            _level(1.012865, 0.01056, 1.124),
            _step(Method.ADDITIVE, -87.8, -6.9),
            _step(Method.POWER, -95.2, -7.3, 0.00372, 1.014),
            _step(Method.SHIN, -77.5, -8.5),
            _step(Method.ODDS_RATIO, -75.9, -9.5),
        ),
    ),
    "totals_pinnacle_close": _Known(
        markets=32_907,
        margin=0.0357,
        scores=(
            _level(0.675350, 0.00615, 1.086),
            _step(Method.ADDITIVE, -8.1, -2.1),
            _step(Method.POWER, -10.4, -1.7, 0.00299, 1.021),
            _step(Method.SHIN, -8.1),
            _step(Method.ODDS_RATIO, -8.4),
        ),
    ),
    "exchange_close": _Known(
        markets=10_647,
        margin=0.0091,
        scores=(_level(0.99881, None, None), _step(Method.POWER, 20.0, 0.4)),
    ),
}


def price_sets(history: History, *, advance: Advance = lambda _share: None) -> Iterator[PriceSet]:
    """Every set of prices with all methods scored on it."""
    for number, source in enumerate(SOURCES, start=1):
        yield _price_set(source, _books(history, source))
        advance(number / len(SOURCES))


def _books(history: History, source: Source) -> Books:
    books = books_of(history, source.bookmaker, moment=source.moment, market=source.market)
    kickoff = history.matches.kickoff[books.match]
    inside = (kickoff >= source.since) & (kickoff < source.until)
    return Books(odds=books.odds[inside], won=books.won[inside], match=books.match[inside])


def _price_set(source: Source, books: Books) -> PriceSet:
    known = PUBLISHED.get(source.key)
    return PriceSet(
        key=source.key,
        bookmaker=source.bookmaker,
        market=source.market,
        moment=source.moment,
        markets=len(books.odds),
        margin=margin(books.odds),
        scores=scores(books),
        published=known.scores if known else (),
        published_markets=known.markets if known else None,
        published_margin=known.margin if known else None,
    )
