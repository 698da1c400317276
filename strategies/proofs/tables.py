"""What a proof came to as lines of text, ours beside the published.

Pure, nothing of Django.
"""

from collections.abc import Iterator

from strategies.proofs.results import MethodScore, PriceSet, Published, Record, Results, Study

NAMES = {"kaunitz": "Kaunitz, Zhong & Kreiner 2017", "buchdahl": "Buchdahl, wisdom of the crowd"}
MOMENTS = {"before_close": "before the close", "at_close": "at the close"}
RECORD_HEAD = ("matches", "bets", "accuracy", "yield", "95 % interval", "fair CLV", "median")
SCORE_HEAD = ("markets", "log-loss", "Δ 1e-5", "z", "ECE", "slope", "publ. Δ", "z", "ECE", "slope")
NONE = "–"


def lines(results: Results) -> Iterator[str]:
    """The two studies and the table of methods."""
    yield (
        f"{results.matches:,} imported matches of {len(results.sport_keys)} competitions, "
        f"{results.first_day} to {results.last_day}; one unit a bet"
    )
    for study in results.studies:
        yield ""
        yield from _study(study)
    yield ""
    yield "Devig methods: log-loss against multiplicative, paired by match"
    yield _line("", SCORE_HEAD)
    for prices in results.price_sets:
        yield from _price_set(prices)


def _study(study: Study) -> Iterator[str]:
    yield NAMES[study.key]
    yield _line("", RECORD_HEAD)
    for run in study.runs:
        yield _line(run.key.replace("_", " "), (f"{run.matches:,}", *_record(run.record)))
    for one in study.published:
        yield _line(f"  published: {one.key.replace('_', ' ')}", _published(one))
    for curve in study.curves:
        yield f"  by threshold, {MOMENTS[curve.moment]}"
        for point in curve.points:
            yield _line(f"    {point.threshold:.2f}", ("", *_record(point.record)))


def _record(record: Record) -> tuple[str, ...]:
    interval = NONE
    if record.low is not None and record.high is not None:
        interval = f"{record.low:+.1%} {record.high:+.1%}"
    return (
        f"{record.bets:,}",
        _number(record.accuracy, ".1%"),
        _number(record.realised, "+.2%"),
        interval,
        _number(record.fair_clv, "+.2%"),
        _number(record.median_fair_clv, "+.2%"),
    )


def _published(one: Published) -> tuple[str, ...]:
    corrected = NONE if one.corrected is None else f"right: {one.corrected:+.2%}"
    return (
        _number(one.matches, ","),
        _number(one.bets, ","),
        _number(one.accuracy, ".1%"),
        _number(one.realised, "+.2%"),
        corrected,
        _number(one.fair_clv, "+.2%"),
        NONE,
    )


def _price_set(prices: PriceSet) -> Iterator[str]:
    known = {one.method: one for one in prices.published}
    published = ""
    if prices.published_markets is not None:
        margin = _number(prices.published_margin, ".2%")
        published = f"; published: {prices.published_markets:,} markets, {margin}"
    yield f"{prices.key.replace('_', ' ')}: margin {_number(prices.margin, '.2%')}{published}"
    for score in prices.scores:
        one = known.get(score.method)
        theirs = (None,) * 4 if one is None else (one.difference, one.z, one.ece, one.slope)
        yield _line(f"  {score.method}", (*_score(score), *_theirs(theirs)))


def _score(score: MethodScore) -> tuple[str, ...]:
    return (
        f"{score.markets:,}",
        f"{score.log_loss:.6f}",
        f"{score.difference * 1e5:+.1f}",
        _number(score.z, "+.1f"),
        f"{score.ece:.3%}",
        _number(score.slope, ".4f"),
    )


def _theirs(given: tuple[float | None, ...]) -> tuple[str, ...]:
    difference, z, ece, slope = given
    return (
        NONE if difference is None else f"{difference * 1e5:+.1f}",
        _number(z, "+.1f"),
        _number(ece, ".3%"),
        _number(slope, ".4f"),
    )


def _number(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form)


def _line(first: str, cells: tuple[str, ...]) -> str:
    return f"{first:32}" + "".join(
        f"{cell:>16}" if " " in cell else f"{cell:>11}" for cell in cells
    )
