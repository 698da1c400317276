"""What the page of a proof shows: three studies, ours beside the published figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from odds import figures
from odds.models import Sport
from strategies import days
from strategies.admin import proof_names
from strategies.admin.charts import Chart, Line, line_chart
from strategies.models import Job, Proof
from strategies.proofs.results import (
    Curve,
    PriceSet,
    Published,
    PublishedScore,
    Results,
    Run,
    Study,
)

FEWEST_DRAWN: Final = 30  # bets; the yield of fewer is noise
HUNDRED_THOUSAND: Final = 1e5


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPart:
    """One rule made again: our rows, the published ones, and the yield by threshold."""

    name: str
    question: str
    ours: list[dict[str, Any]]
    published: list[dict[str, Any]]
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPart:
    """One set of prices with every method's scores, and how well they are calibrated."""

    name: str
    summary: str
    scores: list[dict[str, Any]]
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """A finished proof; `stale` says why it cannot be shown."""

    period: str
    competitions: str
    matches: int
    studies: list[StudyPart]
    sets: list[SetPart]
    stale: str = ""


def read(row: Proof) -> ProofPage | None:
    """Read the page of a proof; None while there is no result."""
    if row.status != Job.Status.DONE:
        return None
    try:
        found = Results.of_json(row.result or {})
    except (ValueError, KeyError, TypeError):  # another version of MON_PS wrote it
        stale = _("It was made by another version of MON_PS and cannot be shown; make it again.")
        return ProofPage(period="", competitions="", matches=0, studies=[], sets=[], stale=stale)
    titles = dict(Sport.objects.filter(key__in=found.sport_keys).values_list("key", "title"))
    return ProofPage(
        period=period_of(found.first_day, found.last_day),
        competitions=", ".join(titles.get(key, key) for key in found.sport_keys),
        matches=found.matches,
        studies=[_study(one) for one in found.studies],
        sets=[_set(one) for one in found.price_sets if one.markets],
    )


def period_of(first: str, last: str) -> str:
    """From one ISO day to another, for people."""
    return days.period(date.fromisoformat(first), date.fromisoformat(last))


def _study(study: Study) -> StudyPart:
    return StudyPart(
        name=str(proof_names.NAMES.get(study.key, study.key)),
        question=str(proof_names.QUESTIONS.get(study.key, "")),
        ours=[_run(run) for run in study.runs],
        published=[_published(one) for one in study.published],
        chart=_by_threshold(study),
    )


def _run(run: Run) -> dict[str, Any]:
    record = run.record
    return {
        "name": _named(run.key),
        "matches": run.matches,
        "bets": record.bets,
        "graded": record.graded,
        "accuracy": record.accuracy,
        "realised": _percent(record.realised),
        "low": _percent(record.low),
        "high": _percent(record.high),
        "clv": _percent(record.fair_clv),
        "median_clv": _percent(record.median_fair_clv),
    }


def _published(one: Published) -> dict[str, Any]:
    return {
        "name": _named(one.key),
        "matches": one.matches,
        "bets": one.bets,
        "accuracy": one.accuracy,
        "realised": _percent(one.realised),
        "corrected": _percent(one.corrected),
        "clv": _percent(one.fair_clv),
    }


def _named(key: str) -> str:
    return str(proof_names.ROWS.get(key, key.replace("_", " ")))


def _by_threshold(study: Study) -> Chart | None:
    """The yield of each curve by its threshold, with the number of bets in the labels."""
    curves = [curve for curve in study.curves if len(curve.points) > 1]
    if not curves:
        return None
    return line_chart(
        [_threshold(study.key, point.threshold) for point in curves[0].points],
        [_curve_line(curve) for curve in curves] + [_published_line(study, curves[0])],
        left=_("yield (%)"),
        below=str(proof_names.THRESHOLDS.get(study.key, "")),
    )


def _threshold(key: str, threshold: float) -> str:
    return figures.plain(threshold if key == "kaunitz" else 100 * threshold)


def _curve_line(curve: Curve) -> Line:
    label = _("Yours, %(moment)s") % {"moment": proof_names.MOMENTS.get(curve.moment, curve.moment)}
    values = [
        _percent(point.record.realised) if point.record.bets >= FEWEST_DRAWN else None
        for point in curve.points
    ]
    return Line(label=label, values=values, has_points=True)


def _published_line(study: Study, curve: Curve) -> Line:
    """Published yields at their thresholds; the first one over the whole curve without any."""
    known = {one.threshold: one.realised for one in study.published if one.threshold is not None}
    if known:
        values = [_percent(known.get(point.threshold)) for point in curve.points]
    else:
        first = study.published[0].realised if study.published else None
        values = [_percent(first)] * len(curve.points)
    return Line(label=_("Published"), values=values, is_dashed=True, has_points=bool(known))


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction


def _set(prices: PriceSet) -> SetPart:
    known = {one.method: one for one in prices.published}
    summary = _("%(markets)s markets, mean margin %(margin)s") % {
        "markets": figures.whole(prices.markets),
        "margin": figures.share(prices.margin, 2),
    }
    if prices.published_markets is not None:
        summary += " · " + _("published on %(markets)s markets") % {
            "markets": figures.whole(prices.published_markets)
        }
    return SetPart(
        name=str(proof_names.SETS.get(prices.key, prices.key)),
        summary=summary,
        scores=list(_scores(prices, known)),
        chart=_reliability(prices),
    )


def _scores(prices: PriceSet, known: dict[str, PublishedScore]) -> Iterator[dict[str, Any]]:
    best = min((score.log_loss for score in prices.scores), default=None)
    for score in prices.scores:
        theirs = known.get(score.method, PublishedScore(method=score.method))
        yield {
            "name": proof_names.METHODS.get(score.method, score.method),
            "is_best": score.log_loss == best,
            "markets": score.markets,
            "log_loss": _number(score.log_loss, 5),
            "difference": _steps(score.difference),
            "z": _signed(score.z),
            "ece": figures.share(score.ece, 2),
            "slope": _number(score.slope, 3),
            "published_log_loss": _number(theirs.log_loss, 5),
            "published_difference": _steps(theirs.difference),
            "published_z": _signed(theirs.z),
            "published_ece": figures.share(theirs.ece, 2),
            "published_slope": _number(theirs.slope, 3),
        }


def _reliability(prices: PriceSet) -> Chart | None:
    """How often outcomes came, by what was said, for the plainest and the shipped method."""
    shown = [one for one in prices.scores if one.method in {"multiplicative", "power"} and one.bins]
    if not shown:
        return None
    bins = max(shown, key=lambda one: len(one.bins)).bins
    lines = [
        Line(
            label=_("Came beyond what was said: %(method)s")
            % {"method": proof_names.METHODS[one.method]},
            values=_gaps(one.bins, [each.low for each in bins]),
            has_points=True,
        )
        for one in shown
    ]
    return line_chart(
        [f"{100 * one.low:.0f}–{100 * one.high:.0f} % (n = {figures.whole(one.count)})"
         for one in bins],
        lines,
        left=_("points"),
        below=_("probability that was said"),
    )  # fmt: skip


def _gaps(bins: Sequence[Any], lows: Sequence[float]) -> list[float | None]:
    """Percentage points by which the share that came exceeds the mean that was said."""
    found = {round(one.low, 6): 100 * (one.observed - one.predicted) for one in bins}
    return [found.get(round(low, 6)) for low in lows]


def _number(value: float | None, places: int) -> str:
    return figures.UNDEFINED if value is None else str(number_format(round(value, places), places))


def _signed(value: float | None, places: int = 1) -> str:
    if value is None:
        return figures.UNDEFINED
    sign = "+" if round(value, places) > 0 else "−" if round(value, places) < 0 else ""
    return f"{sign}{_number(abs(value), places)}"


def _steps(difference: float | None) -> str:
    """A difference of log-losses in units of 0.00001."""
    return _signed(None if difference is None else difference * HUNDRED_THOUSAND)
