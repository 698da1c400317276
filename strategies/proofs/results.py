"""What a proof comes to, and its form in a row: plain values, the same after a round trip.

Pure, nothing of Django. Money is in units of one flat stake, rates are fractions (0.035 is 3.5 %),
undefined is None. Words of a page belong to the page: things are known here by their keys.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

FORM: Final = 1  # changes when a field changes its meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What bets of one unit each came to; `low` and `high` bound the yield in 95 % of resamples.

    Attributes:
        bets: Settled bets.
        won: How many of them won.
        accuracy: The share that won.
        profit: In units.
        realised: The yield: profit over stakes.
        low: Lower end of the yield's bootstrap interval by match day (UTC).
        high: Its upper end.
        graded: Bets that a closing line could grade.
        fair_clv: Their mean closing line value against the fair closing price.
        fair_clv_error: Its standard error over matches.
        median_fair_clv: Their median, which mistyped prices do not move.
    """

    bets: int
    won: int
    accuracy: float | None
    profit: float
    realised: float | None
    low: float | None
    high: float | None
    graded: int
    fair_clv: float | None
    fair_clv_error: float | None
    median_fair_clv: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A rule replayed once.

    Attributes:
        key: Which row of its table.
        agent: The shipped agent that decided.
        parameters: What it was given, all of them.
        moment: `before_close` or `at_close`: at which prices it decided.
        matches: Matches with prices to judge at that moment and a result.
        record: What its bets came to.
    """

    key: str
    agent: str
    parameters: Mapping[str, float]
    moment: str
    matches: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One threshold of a curve, a fraction, and what the rule came to there."""

    threshold: float
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A rule at one moment, by threshold in ascending order."""

    moment: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published; `corrected` is the right yield where the published one is wrong."""

    key: str
    matches: int | None = None
    bets: int | None = None
    accuracy: float | None = None
    realised: float | None = None
    corrected: float | None = None
    threshold: float | None = None
    fair_clv: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One published rule made again: our runs, its curves and what the author published."""

    key: str
    runs: tuple[Run, ...]
    curves: tuple[Curve, ...]
    published: tuple[Published, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Outcomes whose probability lay in [low, high): the mean of what was said, and what came."""

    low: float
    high: float
    count: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScore:
    """How well one devig method's probabilities fit the results of one set of prices.

    Attributes:
        method: A value of `odds.devig.Method`.
        markets: Markets it is defined on.
        log_loss: Mean of -ln(probability of what happened), over those markets.
        difference: That minus the multiplicative method's, on the same markets; below 0 is better.
        z: The difference over its standard error, paired by match.
        ece: Expected calibration error over 20 bins of equal width, outcomes pooled, a fraction.
        slope: Logistic calibration slope of outcomes on log odds; 1 is perfect, above 1 says the
            probabilities are too close to the middle.
        bins: For a reliability diagram; empty bins are left out.
    """

    method: str
    markets: int
    log_loss: float
    difference: float
    z: float | None
    ece: float
    slope: float | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedScore:
    """One method's published figures; as in `MethodScore`."""

    method: str
    log_loss: float | None = None
    difference: float | None = None
    z: float | None = None
    ece: float | None = None
    slope: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSet:
    """One source's prices at one moment, every method scored on them.

    Attributes:
        key: Which, such as `pinnacle_close`.
        bookmaker: Whose, by key.
        market: `h2h` or `totals`.
        moment: `before_close` or `at_close`.
        markets: How many complete books with a result.
        margin: Their mean overround minus 1.
        scores: One for each method.
        published: What was measured on more seasons, where it was.
        published_markets: On how many.
        published_margin: With which margin.
    """

    key: str
    bookmaker: str
    market: str
    moment: str
    markets: int
    margin: float | None
    scores: tuple[MethodScore, ...]
    published: tuple[PublishedScore, ...]
    published_markets: int | None
    published_margin: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A proof: the two studies and the calibration of every set of prices.

    Attributes:
        form: The form of this record.
        sport_keys: Competitions asked for.
        first_day: UTC day of the first match, ISO.
        last_day: UTC day of the last one.
        matches: Imported matches with a result.
        fingerprint: Of the data.
        studies: `kaunitz` and `buchdahl`.
        price_sets: The table of methods.
    """

    form: int
    sport_keys: tuple[str, ...]
    first_day: str
    last_day: str
    matches: int
    fingerprint: str
    studies: tuple[Study, ...]
    price_sets: tuple[PriceSet, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values for a row; tuples become lists in it."""
        return asdict(self)

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Self:
        """What `as_json` gave, after it was stored.

        Raises:
            ValueError: It was written in another form.
        """
        if row.get("form") != FORM:
            raise ValueError(f"This proof has form {row.get('form')!r}, not {FORM}; make it again.")
        lists = {
            "sport_keys": tuple(row["sport_keys"]),
            "studies": tuple(_study(one) for one in row["studies"]),
            "price_sets": tuple(_price_set(one) for one in row["price_sets"]),
        }
        return cls(**{**row, **lists})


def _study(row: Mapping[str, Any]) -> Study:
    return Study(
        key=row["key"],
        runs=tuple(Run(**{**one, "record": Record(**one["record"])}) for one in row["runs"]),
        curves=tuple(
            Curve(moment=one["moment"], points=tuple(_point(point) for point in one["points"]))
            for one in row["curves"]
        ),
        published=tuple(Published(**one) for one in row["published"]),
    )


def _point(row: Mapping[str, Any]) -> Point:
    return Point(threshold=row["threshold"], record=Record(**row["record"]))


def _price_set(row: Mapping[str, Any]) -> PriceSet:
    lists = {
        "scores": tuple(
            MethodScore(**{**one, "bins": tuple(Bin(**each) for each in one["bins"])})
            for one in row["scores"]
        ),
        "published": tuple(PublishedScore(**one) for one in row["published"]),
    }
    return PriceSet(**{**row, **lists})
