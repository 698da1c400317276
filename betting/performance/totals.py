"""What settled bets sum to: money as decimals, added up by the database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, TruncDate, TruncMonth, TruncWeek

from betting.models import Bet, ClvStatus, Ending
from betting.models.bankroll import NOTHING
from betting.performance.measures import win_rate, yield_of
from betting.performance.scopes import EVERYTHING, Scope

# Lower bound of each band but the first, and its name.
ODDS_BANDS: Final = (
    (Decimal(5), "5+"),
    (Decimal(3), "3-5"),
    (Decimal(2), "2-3"),
    (Decimal("1.5"), "1.5-2"),
)
SHORTEST_BAND: Final = "1-1.5"


class Dimension(StrEnum):
    """What settled bets are grouped by; days, weeks (from Monday) and months are UTC's."""

    BET_TYPE = "bet_type"
    BOOKMAKER = "bookmaker"
    MARKET = "market"
    ODDS_BAND = "odds_band"
    LEAGUE = "league"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


GROUPS: Final[dict[Dimension, Any]] = {
    Dimension.BET_TYPE: F("bet_type"),
    Dimension.BOOKMAKER: F("bookmaker__key"),
    Dimension.MARKET: F("market"),
    Dimension.ODDS_BAND: Case(
        *(When(odds__gte=lowest, then=Value(name)) for lowest, name in ODDS_BANDS),
        default=Value(SHORTEST_BAND),
    ),
    Dimension.LEAGUE: Coalesce(NullIf("league", Value("")), "sport_key"),
    Dimension.DAY: TruncDate("settled_at", tzinfo=UTC),
    Dimension.WEEK: TruncWeek("settled_at", output_field=DateField(), tzinfo=UTC),
    Dimension.MONTH: TruncMonth("settled_at", output_field=DateField(), tzinfo=UTC),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over decided bets; rates are in percent, and None where they are undefined.

    `clv` and `fair_clv` are sums over bets that a closing line graded: `clv_count` have a raw one,
    `graded` a fair one. `claimed` is one over the `claimed_count` bets placed for a known edge.
    """

    bets: int = 0
    risk: Decimal = NOTHING
    payout: Decimal = NOTHING
    profit: Decimal = NOTHING
    odds: Decimal = NOTHING
    endings: Mapping[str, int] = field(default_factory=dict)
    graded: int = 0
    clv_count: int = 0
    clv: float = 0.0
    fair_clv: float = 0.0
    claimed_count: int = 0
    claimed: float = 0.0

    def __add__(self, other: "Totals") -> "Totals":
        sums = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if one.name != "endings"
        }
        return Totals(endings=Counter(self.endings) + Counter(other.endings), **sums)

    @property
    def roi_pct(self) -> float | None:
        """Profit per hundred risked."""
        return in_percent(yield_of(float(self.profit), float(self.risk)))

    @property
    def win_rate_pct(self) -> float | None:
        """Bets won among those won or lost; a half counts as a half."""
        return in_percent(win_rate(self.endings))

    @property
    def average_odds(self) -> float | None:
        """Of the decimal odds as offered."""
        return float(self.odds) / self.bets if self.bets else None

    @property
    def average_clv_pct(self) -> float | None:
        """Raw, a mean over bets."""
        return self.clv / self.clv_count if self.clv_count else None

    @property
    def average_fair_clv_pct(self) -> float | None:
        """A mean over bets; the verdict's is a mean over matches."""
        return self.fair_clv / self.graded if self.graded else None

    @property
    def claimed_pct(self) -> float | None:
        """Mean edge the bets were placed for."""
        return self.claimed / self.claimed_count if self.claimed_count else None


def in_percent(fraction: float | None) -> float | None:
    """A fraction as a percentage."""
    return None if fraction is None else 100 * fraction


def totals(scope: Scope = EVERYTHING) -> Totals:
    """What all bets of the scope sum to; one query."""
    return _totals(scope.decided().aggregate(**_sums()))


def totals_by(dimension: Dimension, scope: Scope = EVERYTHING) -> dict[Any, Totals]:
    """What the bets of each group sum to, in the order of the groups' names or dates; one query."""
    groups: QuerySet[Bet, dict[str, Any]] = (
        scope.decided()
        .order_by()
        .values(group=GROUPS[dimension])
        .annotate(**_sums())
        .order_by("group")
    )
    return {row.pop("group"): _totals(row) for row in groups}


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All bets that were not cancelled, whatever their state, and the sums of the decided ones."""

    bets: int
    pending: int
    risk: Decimal
    payout: Decimal
    decided: Totals


def book(scope: Scope = EVERYTHING) -> Book:
    """What every bet of the scope sums to, its period left aside; one query."""
    rows = scope.kept().order_by().values(group=F("result")).annotate(**_sums())
    by_result = {row.pop("group"): _totals(row) for row in rows}
    whole = sum(by_result.values(), Totals())
    pending = by_result.pop("", Totals())
    by_result.pop(Ending.VOID, None)
    return Book(
        bets=whole.bets,
        pending=pending.bets,
        risk=whole.risk,
        payout=whole.payout,
        decided=sum(by_result.values(), Totals()),
    )


def _sums() -> dict[str, Any]:
    graded = Q(clv_status=ClvStatus.GRADED)
    endings = {ending: Count("pk", filter=Q(result=ending)) for ending in _counted()}
    return {
        "bets": Count("pk"),
        "risk_sum": Coalesce(Sum("risk"), NOTHING),
        "payout_sum": Coalesce(Sum("payout"), NOTHING),
        "profit_sum": Coalesce(Sum("profit"), NOTHING),
        "odds_sum": Coalesce(Sum("odds"), NOTHING),
        "graded": Count("clv_fair_pct", filter=graded),
        "clv_count": Count("clv_pct", filter=graded),
        "clv_sum": Coalesce(Sum("clv_pct", filter=graded), 0.0),
        "fair_clv_sum": Coalesce(Sum("clv_fair_pct", filter=graded), 0.0),
        "claimed_count": Count("edge_pct"),
        "claimed_sum": Coalesce(Sum("edge_pct"), 0.0),
        **endings,
    }


def _counted() -> list[str]:
    """Endings of decided bets; a push is what remains of `bets`."""
    return [ending.value for ending in Ending if ending not in {Ending.VOID, Ending.PUSH}]


def _totals(row: dict[str, Any]) -> Totals:
    endings = {ending: row.pop(ending) for ending in _counted()}
    # A sum may not be named as the column it adds up.
    return Totals(
        endings=endings, **{name.removesuffix("_sum"): value for name, value in row.items()}
    )
