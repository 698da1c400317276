"""The first page: what is known, since when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from betting.models import DetectionSettings, Opportunity
from odds.gate import Credits, Terms, due_times, terms_at
from odds.models import Bookmaker, Collection, LatestQuote, Match, Sport

BEST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingMatches:
    """Matches that have not kicked off: how many, and between when."""

    number: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotesOnOffer:
    """Current quotes of coming matches that were seen recently enough to be believed."""

    number: int
    bookmakers: int
    newest: datetime | None
    oldest_believed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SportLine:
    """One collected sport: its coming matches, its last stored call and when the next is due."""

    sport: Sport
    matches: int
    stored_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the first page; `next_due` is None where no sport is collected.

    `best` are opportunities with the title of their reference as `reference_title`.
    """

    last: Collection | None
    account: Credits
    is_reserve_reached: bool
    next_due: SportLine | None
    sports: list[SportLine]
    matches: ComingMatches
    quotes: QuotesOnOffer
    open_by_kind: dict[str, int]
    rejected: int
    best: list[Any]

    @property
    def left_percent(self) -> float:
        """Credits left, as a share of the month's."""
        return 100 * self.account.remaining / self.account.limit if self.account.limit else 0

    @property
    def reserve_percent(self) -> float:
        """The reserve, as a share of the month's credits."""
        return 100 * self.account.reserve / self.account.limit if self.account.limit else 0


def read(now: datetime) -> Overview:
    """Read the first page's numbers, all as of `now`."""
    terms = terms_at(now)
    sports = _sports(now, terms)
    open_ones = Opportunity.objects.open(now)
    return Overview(
        last=Collection.objects.of_odds()
        .select_related("sport")
        .order_by("-started_at", "-id")
        .first(),
        account=terms.account,
        is_reserve_reached=terms.is_exhausted,
        next_due=min(sports, key=lambda line: line.due_at, default=None),
        sports=sports,
        matches=_matches(now),
        quotes=_quotes(now),
        open_by_kind=dict(open_ones.order_by().values_list("kind").annotate(Count("pk"))),
        rejected=Opportunity.objects.unclosed().rejected().count(),
        best=list(_best(open_ones)),
    )


def _sports(now: datetime, terms: Terms) -> list[SportLine]:
    stored = Collection.objects.stored().filter(sport=OuterRef("pk")).order_by("-started_at")
    collected = Sport.objects.filter(is_collected=True).annotate(
        coming=Count("matches", filter=Q(matches__commence_time__gt=now)),
        stored_at=Subquery(stored.values("started_at")[:1]),
    )
    due = due_times(collected, now, terms)
    return [
        SportLine(
            sport=sport,
            matches=sport.coming,
            stored_at=sport.stored_at,
            due_at=due[sport.pk],
        )
        for sport in collected
    ]


def _matches(now: datetime) -> ComingMatches:
    found = Match.objects.upcoming(now).aggregate(
        number=Count("pk"), first=Min("commence_time"), last=Max("commence_time")
    )
    return ComingMatches(**found)


def _quotes(now: datetime) -> QuotesOnOffer:
    believed = timedelta(minutes=DetectionSettings.current().maximum_seen_age_minutes)
    found = LatestQuote.objects.filter(
        match__commence_time__gt=now, seen_at__gt=now - believed
    ).aggregate(
        number=Count("*"), bookmakers=Count("bookmaker", distinct=True), newest=Max("seen_at")
    )
    return QuotesOnOffer(**found, oldest_believed=now - believed)


def _best(open_ones: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Value on offer, the highest claimed edge first."""
    title = Bookmaker.objects.filter(key=OuterRef("reference")).values("title")
    return (
        open_ones.filter(kind=Opportunity.Kind.VALUE)
        .select_related("match__sport", "best_bookmaker")
        .annotate(reference_title=Subquery(title))
        .order_by(F("edge_pct").desc(nulls_last=True), "match__commence_time")[:BEST_SHOWN]
    )
