"""Histories for benchmarks: drawn at random, or the first matches of another."""

from dataclasses import fields, replace

import numpy as np

from odds.fair_prices import Floats, Panel
from strategies.replay.history import MAXIMUM_COLUMN, History, Looks, Matches, Quotes
from strategies.snapshots import Past

SEED = 20_251_121
FIRST, DAY = 1_420_070_400.0, 86_400.0  # 2015-01-01, seconds
BOOKS = 8


def first_matches(history: History, count: int) -> History:
    """The first matches with their prices."""
    matches = history.matches
    return replace(
        history,
        matches=Matches(
            **{one.name: getattr(matches, one.name)[:count] for one in fields(Matches)}
        ),
        quotes=history.quotes.take(history.quotes.match < count),
        looks=history.looks.take(history.looks.match < count),
    )


def generate(count: int) -> History:
    """Matches with prices of eight bookmakers and the market's maximum, before and at the close."""
    chance = np.random.default_rng(SEED)
    kickoff = FIRST + np.sort(chance.integers(0, 3_650, count)) * DAY + 15 * 3600
    fair = chance.dirichlet([5.0, 3.5, 4.0], count).clip(0.03)
    fair /= fair.sum(axis=1, keepdims=True)
    won = (chance.random((count, 1)) > fair.cumsum(axis=1)).sum(axis=1).clip(max=2)
    names = np.array([f"Team {number:03}" for number in range(400)])
    league, home = chance.integers(0, 20, count), chance.integers(0, 20, count)
    matches = Matches(
        id=np.arange(count),
        sport=np.array([f"soccer_league_{number:02}" for number in range(20)])[league],
        home=names[league * 20 + home],
        away=names[league * 20 + (home + chance.integers(1, 20, count)) % 20],
        kickoff=kickoff,
        home_score=np.where(won == 0, 1.0, 0.0),
        away_score=np.where(won == 2, 1.0, 0.0),
        is_void=np.zeros(count, dtype=np.bool_),
        has_draws=np.ones(count, dtype=np.bool_),
        is_imported=np.ones(count, dtype=np.bool_),
    )
    quotes = _generated_quotes(fair, kickoff, chance)
    pairs = np.unique(np.column_stack([quotes.match, quotes.observed_at]), axis=0)
    order = np.argsort(pairs[:, 1], kind="stable")
    looks = Looks(
        match=pairs[order, 0].astype(np.intp),
        market=np.zeros(len(pairs), dtype=np.intp),
        at=pairs[order, 1],
    )
    past = Past(
        known_until=float(kickoff[-1]) + DAY,
        sport=matches.sport,
        home=matches.home,
        away=matches.away,
        home_score=matches.home_score.astype(np.intp),
        away_score=matches.away_score.astype(np.intp),
        kickoff=kickoff,
    )
    return History(panel=_panel(), matches=matches, quotes=quotes, looks=looks, past=past)


def _panel() -> Panel:
    key = np.array([*(f"book_{number}" for number in range(BOOKS - 1)), "pinnacle"])
    none = np.zeros(BOOKS, dtype=np.bool_)
    return Panel(
        key=key,
        operator=np.arange(BOOKS),
        is_exchange=none,
        is_sharp=key == "pinnacle",
        is_playable=none,
        commission=np.zeros(BOOKS),
    )


def _generated_quotes(fair: Floats, kickoff: Floats, chance: np.random.Generator) -> Quotes:
    """Sorted by match, column and time: two moments of each bookmaker and of the maximum."""
    count, moments = len(fair), np.array([2 * DAY, 60.0])
    noise = chance.normal(0, 0.03, (count, BOOKS, 2, 3))
    noise[:, -1] /= 3  # the sharp one
    margin = chance.uniform(1.03, 1.07, (count, BOOKS, 2, 1))
    odds = np.maximum(np.round(np.exp(noise) / (fair[:, None, None] * margin), 2), 1.01)
    every = np.concatenate([odds.max(axis=1, keepdims=True), odds], axis=1)
    shape = every.shape[:3]
    column = np.array([MAXIMUM_COLUMN, *range(BOOKS)])
    return Quotes(
        match=np.broadcast_to(np.arange(count)[:, None, None], shape).ravel(),
        market=np.zeros(every[..., 0].size, dtype=np.intp),
        line=np.zeros(every[..., 0].size),
        column=np.broadcast_to(column[:, None], shape).ravel(),
        odds=every.reshape(-1, 3),
        observed_at=(kickoff[:, None, None] - np.broadcast_to(moments, shape)).ravel(),
    )
