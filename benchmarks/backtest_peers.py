"""The same rule told to penaltyblog's and to sports-betting's backtests."""

import contextlib
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from penaltyblog.backtest import Backtest
from penaltyblog.implied import calculate_implied
from sportsbet.evaluation import BaseBettor, backtest

from odds.devig import Method, fair_probabilities
from odds.fair_prices import Floats, Integers
from strategies.proofs.prices import odds_at
from strategies.replay.history import History

OUTCOMES = ["home_win", "draw", "away_win"]
Frame = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the peers are given: best and sharp odds, fair probabilities, (n, 3), and results."""

    best: Floats
    sharp: Floats
    fair: Floats
    won: Integers
    kickoff: Floats

    def first(self, count: int) -> "Table":
        """The first matches only."""
        return Table(
            best=self.best[:count],
            sharp=self.sharp[:count],
            fair=self.fair[:count],
            won=self.won[:count],
            kickoff=self.kickoff[:count],
        )


class FairBettor(BaseBettor):  # type: ignore[misc] # the peer has no types
    """Bets on what it was handed as fair."""

    def _fit(self, *_given: Frame) -> "FairBettor":
        return self

    def _predict_proba(self, given: Frame) -> Floats:
        fair: Floats = given[["given_0", "given_1", "given_2"]].to_numpy(copy=True)
        return fair


class SharpBettor(FairBettor):
    """Devigs the sharp odds it is handed, then bets."""

    def _predict_proba(self, given: Frame) -> Floats:
        odds = given[["given_0", "given_1", "given_2"]].to_numpy().tolist()
        return np.array([calculate_implied(one, method="power").probabilities for one in odds])


def penaltyblog(table: Table, sharp: Floats | None) -> tuple[int, float]:
    """Bets and units won by its backtest; `sharp` odds are devigged where they are given."""
    frame = pd.DataFrame({"date": pd.to_datetime(table.kickoff, unit="s"), "won": table.won})
    frame[["best_0", "best_1", "best_2"]] = table.best
    frame[["given_0", "given_1", "given_2"]] = table.fair if sharp is None else sharp

    def logic(ctx: Any) -> None:
        row = ctx.fixture
        best, fair = (row.best_0, row.best_1, row.best_2), [row.given_0, row.given_1, row.given_2]
        if sharp is not None:
            fair = calculate_implied(fair, method="power").probabilities
        gains = (best[0] * fair[0], best[1] * fair[1], best[2] * fair[2])
        place = max(range(3), key=lambda one: gains[one])
        if gains[place] > 1:
            ctx.account.place_bet(best[place], 1, int(row.won == place))

    run = Backtest(frame, "1990-01-01", "2100-01-01")
    with contextlib.redirect_stderr(io.StringIO()):  # it always draws a progress bar
        run.start(bankroll=1_000_000, logic=logic)
    said = run.results()
    return said["Total Bets"], float(said["Profit"])


def sports_betting(kind: type[FairBettor], table: Table) -> tuple[int, float]:
    """Bets and units won by its backtest, in one process as the others."""
    # It sorts by time with an unstable sort; a millisecond between matches keeps their order.
    apart = table.kickoff + np.arange(len(table.kickoff)) / 1000
    index = pd.DatetimeIndex(pd.to_datetime(apart, unit="s"), name="date")
    handed = table.fair if kind is FairBettor else table.sharp
    features = pd.DataFrame(handed, columns=["given_0", "given_1", "given_2"], index=index)
    ended = pd.DataFrame(
        table.won[:, None] == np.arange(3),
        columns=[f"{name}__postplay__0min" for name in OUTCOMES],
        index=index,
    )
    prices = pd.DataFrame(
        table.best,
        columns=[f"market_maximum__{name}__preplay__0min" for name in OUTCOMES],
        index=index,
    )
    folds = backtest(kind(betting_markets=OUTCOMES, stake=1.0), features, ended, prices, n_jobs=1)
    return int(folds["Number of bets"].sum()), float((folds["Final cash"] - 1e4).sum())


def table_of(history: History) -> Table:
    """The matches with what the rule needs; prices that are missing never win: odds of 1."""
    sharp = odds_at(history, "pinnacle", moment="before_close")
    best = odds_at(history, "market_max", moment="before_close")
    sums = (1 / sharp).sum(axis=1)
    fair = fair_probabilities(sharp, Method.POWER)
    fair[~((sums >= 0.99) & (sums <= 1.15))] = np.nan
    usable = ~np.isnan(fair) & ~np.isnan(best)
    matches = history.matches
    is_ended = ~np.isnan(matches.home_score)
    usable &= is_ended[:, None]
    home, away = matches.home_score, matches.away_score
    return Table(
        best=np.where(usable, best, 1.0),
        sharp=np.where(usable, sharp, 3.0),
        fair=np.where(usable, fair, 1 / 3),
        won=np.where(home > away, 0, np.where(home == away, 1, 2)),
        kickoff=matches.kickoff,
    )
