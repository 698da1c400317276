"""The first page: how the bettor stands, what is on offer, and whether everything works."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from betting.models import Bet, Opportunity
from betting.performance import verdict_text
from betting.performance.scopes import EVERYTHING
from betting.performance.verdict import Verdict, judge
from betting.selections import edges, fair_odds, reference, selection, selection_of_bet
from monps import first_steps, health_line, overview_cards, overview_charts, overview_figures
from monps.first_steps import FirstStep
from monps.health_line import Sign
from monps.overview_cards import Card
from monps.overview_charts import BankrollChart, Slice
from monps.overview_figures import Figures
from odds.admin_facts import change_url
from odds.gate import Credits, terms_at
from odds.models import Bookmaker, Match, Sport

BEST_SHOWN: Final = 3
BETS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOffer:
    """Values on offer: all of them, those at bookmakers the user can bet with, the refused."""

    number: int
    playable: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One of the best values; `is_old` asks for a look at the price before betting."""

    found: Opportunity
    url: str
    selection: str
    edges: str
    fair_odds: float | None
    reference: str
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveBet:
    """A bet that waits for its match or for the result."""

    bet: Bet
    url: str
    selection: str
    has_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the first page."""

    steps: list[FirstStep]
    account: Credits
    is_reserve_reached: bool
    has_sports: bool
    has_matches: bool
    currency: str
    verdict: Verdict
    sentence: str
    numbers: list[tuple[str, str]]
    cards: list[Card]
    figures: Figures
    on_offer: OnOffer
    best: list[Proposal]
    bets: list[ActiveBet]
    curve: BankrollChart | None
    endings: list[Slice]
    signs: list[Sign]

    @property
    def steps_done(self) -> int:
        """How many of the first steps are done."""
        return sum(step.is_done for step in self.steps)


def read(now: datetime) -> Overview:
    """Read the first page, all as of `now`; as many queries whatever the history."""
    sports, terms = list(Sport.objects.filter(is_collected=True)), terms_at(now)
    figures = overview_figures.read(now=now)
    luck = figures.bets.luck
    words: dict[str, Any] = {
        "luck": luck.amount if luck else None,
        "currency": figures.currency,
    }
    return Overview(
        steps=first_steps.left(has_sports=bool(sports)),
        account=terms.account,
        is_reserve_reached=terms.is_exhausted,
        has_sports=bool(sports),
        has_matches=Match.objects.upcoming(now).exists(),
        currency=figures.currency,
        verdict=judge(figures.evidence),
        sentence=verdict_text.sentence(figures.evidence, **words),
        numbers=verdict_text.numbers(figures.evidence, **words),
        cards=overview_cards.cards(figures),
        figures=figures,
        on_offer=_on_offer(now),
        best=[_proposal(one, now, old_after=figures.old_price) for one in _best(now)],
        bets=[_active(bet, now) for bet in _next_to_begin()],
        curve=overview_charts.bankroll_chart(
            figures.bets.curve(EVERYTHING), bankroll=figures.balance.bankroll, now=now
        ),
        endings=overview_charts.endings(figures.book),
        signs=health_line.read(sports, terms, now=now),
    )


def _on_offer(now: datetime) -> OnOffer:
    accepted = Q(rejection="")
    values = Opportunity.objects.unclosed().filter(
        kind=Opportunity.Kind.VALUE, match__commence_time__gt=now
    )
    return OnOffer(
        **values.aggregate(
            number=Count("pk", filter=accepted),
            playable=Count("pk", filter=accepted & Q(best_bookmaker__is_playable=True)),
            rejected=Count("pk", filter=~accepted),
        )
    )


def _best(now: datetime) -> QuerySet[Opportunity]:
    """Values where the user can bet, the highest expected edge first."""
    title = Bookmaker.objects.filter(key=OuterRef("reference")).values("title")
    return (
        Opportunity.objects.open(now)
        .filter(kind=Opportunity.Kind.VALUE, best_bookmaker__is_playable=True)
        .select_related("match__sport", "best_bookmaker")
        .annotate(reference_title=Subquery(title[:1]))
        .order_by(F("shrunk_edge_pct").desc(nulls_last=True), "match__commence_time", "pk")[
            :BEST_SHOWN
        ]
    )


def _proposal(found: Any, now: datetime, *, old_after: timedelta) -> Proposal:
    titles = {found.reference: found.reference_title or found.reference}
    return Proposal(
        found=found,
        url=change_url(found),
        selection=selection(found),
        edges=edges(found),
        fair_odds=fair_odds(found),
        reference=reference(found, titles),
        is_old=found.price_seen_at < now - old_after,
    )


def _next_to_begin() -> QuerySet[Bet]:
    """Active bets, in the order in which they are decided."""
    pending = Bet.objects.pending().real().select_related("bookmaker")
    return pending.order_by("commence_time", "pk")[:BETS_SHOWN]


def _active(bet: Bet, now: datetime) -> ActiveBet:
    return ActiveBet(
        bet=bet,
        url=change_url(bet),
        selection=selection_of_bet(bet),
        has_begun=bet.commence_time <= now,
    )
