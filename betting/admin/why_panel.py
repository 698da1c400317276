"""Why a price counts as value, in words and numbers: the panel of an opportunity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sections import TemplateSection

from betting.admin.guard_text import Guard, guards
from betting.detection.board import MARKETS, OUTCOMES
from betting.detection.explanation import Explanation, Judge, Role, Source, Voice
from betting.detection.hindsight import explain_opportunity
from betting.models import DetectionSettings, Opportunity
from odds import figures
from odds.fair_prices import PLACES
from odds.match_page import SIDES
from odds.models import Bookmaker

ROLES: Final[dict[Role, str | Promise]] = {
    Role.REFERENCE: gettext_lazy("it is the reference"),
    Role.IN_CONSENSUS: gettext_lazy("counts in the consensus"),
    Role.OWN_OPERATOR: gettext_lazy("the operator of this price"),
    Role.OUTRANKED: gettext_lazy("a sharper reference exists"),
    Role.INCOMPLETE: gettext_lazy("an outcome is missing"),
    Role.STALE: gettext_lazy("its own update is too old"),
    Role.OVERROUND: gettext_lazy("its margin is out of bounds"),
}
SOURCES: Final[dict[Source, str | Promise]] = {
    Source.SHARP: gettext_lazy("Sharp bookmaker"),
    Source.EXCHANGE: gettext_lazy("Exchange"),
    Source.CONSENSUS: gettext_lazy("Consensus"),
}
IN_REFERENCE: Final = (Role.REFERENCE, Role.IN_CONSENSUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bookmaker of the panel; `is_ours` is the price the opportunity is about."""

    bookmaker: Bookmaker
    odds: list[float | None]
    fair: float | None
    edge_pct: float | None
    margin: float | None
    seen_at: datetime
    changed_at: datetime
    role: str | Promise
    is_used: bool
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One kind of reference with its fair probability by each method."""

    title: str | Promise
    whose: str
    chances: list[tuple[float | None, bool]]
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The panel; `note` says why there is none, and everything else is empty then."""

    note: str = ""
    sides: Sequence[tuple[str | Promise, bool]] = ()
    lines: Sequence[Line] = ()
    methods: Sequence[tuple[str, bool]] = ()
    references: Sequence[Reference] = ()
    guards: Sequence[Guard] = ()
    formula: Sequence[str] = ()
    band: str = ""
    has_moved: bool = False


class WhySection(TemplateSection):
    """What a row of the list unfolds: the panel, asked for when it is opened."""

    template_name = "admin/betting/opportunity/why_section.html"


def why(found: Opportunity) -> Why:
    """The panel of an opportunity as its market stands now."""
    settings = DetectionSettings.current()
    told = explain_opportunity(found, settings)
    if told is None:
        return Why(note=_unexplained(found))
    place = OUTCOMES[MARKETS.index(found.market)].index(found.outcome)
    places = _places(found, told)
    return Why(
        sides=[(SIDES[found.market][index], at == place) for index, at in enumerate(places)],
        lines=_lines(told, found, places, place),
        methods=[
            (str(label), key == settings.devig) for key, label in DetectionSettings.Devig.choices
        ],
        references=_references(told, settings),
        guards=list(guards(told)),
        formula=list(_formula(told)),
        band=_span(told.band) if told.band else "",
        has_moved=_has_moved(found, told),
    )


def band_text(band: tuple[float, float]) -> str:
    """The edges that the devig methods span: `methods +2.1% to +4.0%`."""
    return _("methods %(edges)s") % {"edges": _span(band)}


def _span(band: tuple[float, float]) -> str:
    lowest, highest = (figures.signed_percent(100 * edge) for edge in band)
    if lowest == highest:
        return lowest
    return _("%(lowest)s to %(highest)s") % {"lowest": lowest, "highest": highest}


def _unexplained(found: Opportunity) -> str:
    if found.kind == Opportunity.Kind.ARBITRAGE:
        return _(
            "An arbitrage needs no fair price: the best prices of all outcomes together cost less "
            "than they pay, whatever happens. Its legs are listed above with their ages."
        )
    if found.closed_at is not None:
        return _(
            "It is over, and the market has moved on. The page of the match shows how the odds "
            "moved and what was captured before kick-off."
        )
    return _("This price is no longer offered; the next detection will close the opportunity.")


def _places(found: Opportunity, told: Explanation) -> list[int]:
    """Which of the three places the market has, by what anyone quotes."""
    ways = len(SIDES[found.market])
    quotes_draw = any(voice.odds[1] is not None for voice in told.voices)
    return PLACES[3] if ways == 3 and (quotes_draw or found.outcome == "draw") else PLACES[2]


def _lines(told: Explanation, found: Opportunity, places: list[int], place: int) -> list[Line]:
    """The panel's rows: what is used first, then by what they offer."""
    keys = [voice.bookmaker for voice in told.voices]
    rows = Bookmaker.objects.in_bulk(keys, field_name="key")
    ours = found.best_bookmaker.key if found.best_bookmaker else ""

    def rank(voice: Voice) -> tuple[bool, bool, float]:
        is_used = voice.role in IN_REFERENCE
        return voice.bookmaker != ours, not is_used, -(voice.odds[place] or 0)

    return [
        Line(
            bookmaker=rows[voice.bookmaker],
            odds=[voice.odds[at] for at in places],
            fair=voice.fair[place],
            edge_pct=None if (edge := voice.edges[place]) is None else 100 * edge,
            margin=None if voice.overround is None else voice.overround - 1,
            seen_at=datetime.fromtimestamp(voice.seen_at, UTC),
            changed_at=datetime.fromtimestamp(voice.changed_at, UTC),
            role=ROLES[voice.role],
            is_used=voice.role in IN_REFERENCE,
            is_ours=voice.bookmaker == ours,
        )
        for voice in sorted(told.voices, key=rank)
    ]


def _references(told: Explanation, settings: DetectionSettings) -> list[Reference]:
    titles = dict(
        Bookmaker.objects.filter(
            key__in=[judge.bookmaker for judge in told.judges if judge.bookmaker]
        ).values_list("key", "title")
    )

    def whose(judge: Judge) -> str:
        if judge.bookmaker:
            return titles[judge.bookmaker]
        if judge.source == Source.CONSENSUS and any(judge.fair.values()):
            return _("median of the other operators")
        return _("none on offer")

    return [
        Reference(
            title=SOURCES[judge.source],
            whose=whose(judge),
            chances=[(chance, method == settings.devig) for method, chance in judge.fair.items()],
            is_in_force=judge.is_in_force,
        )
        for judge in told.judges
    ]


def _formula(told: Explanation) -> Iterator[str]:
    odds = figures.decimal_odds(told.odds)
    if told.commission:
        words = _("Odds net of commission: 1 + (1 − %(commission)s) × (%(odds)s − 1) = %(net)s")
        yield words % {
            "commission": figures.share(told.commission),
            "odds": odds,
            "net": _fine(told.net),
        }
    if told.fair is None or told.edge is None:
        yield _("Without a reference there is no fair probability, so no edge.")
        return
    yield _("Claimed edge: %(chance)s × %(net)s − 1 = %(edge)s") % {
        "chance": figures.share(told.fair, 3),
        "net": _fine(told.net) if told.commission else odds,
        "edge": figures.signed_percent(100 * told.edge, 2),
    }
    yield _("Expected after shrinkage: %(share)s × %(edge)s = %(expected)s") % {
        "share": figures.share(told.shrinkage, 0),
        "edge": figures.signed_percent(100 * told.edge, 2),
        "expected": figures.signed_percent(100 * told.edge * told.shrinkage, 2),
    }


def _fine(odds: float) -> str:
    """Odds with the third place that a commission makes."""
    return figures.decimal_odds(Decimal(repr(round(odds, 3))))


def _has_moved(found: Opportunity, told: Explanation) -> bool:
    """Whether the market says something else now than the detection that was shown above."""
    if found.edge_pct is None or told.edge is None:
        return (found.edge_pct is None) != (told.edge is None)
    return abs(100 * told.edge - found.edge_pct) >= 0.05
