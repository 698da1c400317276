"""The law of final scores: two independent Poisson counts, and what it says of each market."""

from dataclasses import dataclass

import numpy as np

from odds.simulator.chance import Floats
from odds.simulator.sports import Sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """How a bet on one outcome can end; the five probabilities sum to 1.

    Halves occur on quarter lines only, where a stake is split over the two lines beside it.
    """

    win: float
    half_win: float = 0.0
    push: float = 0.0
    half_loss: float = 0.0
    loss: float

    @property
    def fair_probability(self) -> float:
        """1 / the odds at which the bet neither gains nor loses: pushes do not count."""
        won, lost = self.win + self.half_win / 2, self.loss + self.half_loss / 2
        return won / (won + lost)

    def edge(self, odds: float) -> float:
        """Expected profit of one unit staked at decimal odds."""
        won, lost = self.win + self.half_win / 2, self.loss + self.half_loss / 2
        return won * (odds - 1) - lost


@dataclass(frozen=True, slots=True)
class CountLaw:
    """Laws of one whole number each: `below[r, j]` is P(X < first + j) in row r."""

    below_steps: Floats
    first: int

    @classmethod
    def of(cls, pmf: Floats, first: int) -> "CountLaw":
        """From probabilities, shape (rows, values), of the values first, first + 1, ..."""
        start = np.zeros((len(pmf), 1))
        return cls(np.concatenate([start, np.cumsum(pmf, axis=1)], axis=1), first)

    def below(self, lines: Floats) -> Floats:
        """P(X < line), for lines of shape (rows, k)."""
        return self._at(np.ceil(lines))

    def above(self, lines: Floats) -> Floats:
        """P(X > line), for lines of shape (rows, k)."""
        return 1 - self._at(np.floor(lines) + 1)

    def over(self, lines: Floats) -> Floats:
        """Fair probability of `over` at each line, pushes left out; shape as the lines."""
        # A quarter line is half a stake on each of its neighbours.
        split = np.where((lines * 4) % 2 != 0, 0.25, 0.0)
        won = self.above(lines - split) + self.above(lines + split)
        lost = self.below(lines - split) + self.below(lines + split)
        return np.asarray(won / (won + lost))

    def chances(self, line: float) -> tuple[Chances, Chances]:
        """How a bet on over and one on under the line end, by the law of the first row."""
        split = 0.25 if (line * 4) % 2 else 0.0
        nearby = np.array([[line - split, line + split]])
        (over_low, over_high), (under_low, under_high) = (
            self.above(nearby)[0].tolist(),
            self.below(nearby)[0].tolist(),
        )
        if not split:
            push = 1 - over_low - under_low
            return (
                Chances(win=over_low, push=push, loss=under_low),
                Chances(win=under_low, push=push, loss=over_low),
            )
        # What lies between both sides' sure wins is a push on one half of the stake.
        half = 1 - over_high - under_low
        is_over = over_low - over_high > under_high - under_low
        up, down = ("half_win", "half_loss") if is_over else ("half_loss", "half_win")
        return (
            Chances(win=over_high, loss=under_low, **{up: half}),
            Chances(win=under_low, loss=over_high, **{down: half}),
        )

    def _at(self, values: Floats) -> Floats:
        columns = np.clip(values - self.first, 0, self.below_steps.shape[1] - 1).astype(int)
        return np.take_along_axis(self.below_steps, columns, axis=1)


@dataclass(frozen=True, slots=True)
class ScoreLaw:
    """Laws of the final margin (home minus away) and of the total, one row each per belief."""

    margin: CountLaw
    total: CountLaw
    has_draw: bool

    def results(self) -> Floats:
        """Probabilities of home, draw, away (or home, away), shape (rows, 3 or 2)."""
        zero = np.zeros((len(self.margin.below_steps), 1))
        home, away = self.margin.above(zero), self.margin.below(zero)
        columns = [home, 1 - home - away, away] if self.has_draw else [home, away]
        return np.concatenate(columns, axis=1)


def score_law(sport: Sport, rates: Floats, score: Floats) -> ScoreLaw:
    """The law of the final score, given the points still to come and the score so far.

    Where a sport knows no draw, tied scores are left out and the rest scaled up.

    Args:
        sport: Whose `reach` bounds the points and whose `has_draw` settles ties.
        rates: Expected points to come, home and away, shape (rows, 2), above 0.
        score: Points so far, home and away, shape (rows, 2).
    """
    home, away = (_final_points(rates[:, side], score[:, side], sport.reach) for side in (0, 1))
    size = 2 * sport.reach  # no sum wraps around in the transforms
    home_wave, away_wave = np.fft.rfft(home, size), np.fft.rfft(away, size)
    margin = np.roll(np.fft.irfft(home_wave * away_wave.conj(), size), sport.reach - 1, axis=1)
    total = np.fft.irfft(home_wave * away_wave, size)
    if not sport.has_draw:
        tied = home * away
        total[:, ::2] -= tied
        margin[:, sport.reach - 1] = 0
    margin, total = np.maximum(margin, 0), np.maximum(total, 0)
    return ScoreLaw(
        CountLaw.of(margin / margin.sum(axis=1, keepdims=True), 1 - sport.reach),
        CountLaw.of(total / total.sum(axis=1, keepdims=True), 0),
        sport.has_draw,
    )


def _final_points(rates: Floats, score: Floats, reach: int) -> Floats:
    """Probabilities of 0 .. reach - 1 points in the end, shape (rows, reach)."""
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, reach)))])
    to_come = np.arange(reach) - score[:, None]
    count = np.maximum(to_come, 0).astype(int)
    log_pmf = count * np.log(rates)[:, None] - rates[:, None] - log_factorials[count]
    pmf = np.where(to_come >= 0, np.exp(log_pmf), 0.0)
    return np.asarray(pmf / pmf.sum(axis=1, keepdims=True))
