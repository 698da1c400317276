"""What the pages of collections show: the account by market and the month's credits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings as django_settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from odds.gate import Credits, month_start
from odds.models import Collection, Market
from odds.scores import TALLY

POINTS_READ = 1_000  # the newest answers of the month; a free plan makes at most 500

# What `odds.parsing` and `odds.scores` say, named here so that it can be translated.
REASONS = (
    gettext_noop("bookmaker without key"),
    gettext_noop("line is not a quarter"),
    gettext_noop("market not stored"),
    gettext_noop("match given twice"),
    gettext_noop("match is not an object"),
    gettext_noop("match neither completed nor not"),
    gettext_noop("match of a team against itself"),
    gettext_noop("match without id"),
    gettext_noop("match without kick-off"),
    gettext_noop("match without two scores"),
    gettext_noop("match without two teams"),
    gettext_noop("no outcomes"),
    gettext_noop("outcome given twice"),
    gettext_noop("outcome missing"),
    gettext_noop("outcome of another name"),
    gettext_noop("outcome without line"),
    gettext_noop("price is not American"),
    gettext_noop("price is not a number"),
    gettext_noop("price not above 1"),
    gettext_noop("price too high"),
    gettext_noop("quote given twice"),
    gettext_noop("score is not a whole number"),
    gettext_noop("score of other teams"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketAccount:
    """One market's quotes, or the results, of a collection.

    `reasons` are (why, how many) of those rejected.
    """

    market: str
    received: int
    stored: int
    unchanged: int
    rejected: int
    reasons: list[tuple[str, int]]
    withdrawn: int = 0


def accounts(collection: Collection) -> Iterator[MarketAccount]:
    """The tally, market by market."""
    labels = dict(Market.choices) | {TALLY: _("Results")}
    for market, account in sorted(collection.tally.items()):
        reasons = account.get("rejected", {})
        yield MarketAccount(
            market=str(labels.get(market, market)),
            received=account.get("received", 0),
            stored=account.get("stored", 0),
            unchanged=account.get("unchanged", 0),
            rejected=sum(reasons.values()),
            reasons=[(_(why), number) for why, number in sorted(reasons.items())],
            withdrawn=account.get("withdrawn", 0),
        )


def total(collection: Collection) -> MarketAccount:
    """All quotes of a call for odds, or the results of one for scores."""
    if collection.endpoint == Collection.Endpoint.SCORES:
        nothing = MarketAccount(
            market=TALLY, received=0, stored=0, unchanged=0, rejected=0, reasons=[]
        )
        return next(accounts(collection), nothing)
    return MarketAccount(
        market="",
        received=collection.quotes_received,
        stored=collection.quotes_stored,
        unchanged=collection.quotes_unchanged,
        rejected=collection.quotes_rejected,
        reasons=[],
    )


def credits_chart(account: Credits, now: datetime) -> dict[str, Any] | None:
    """Credits left after each answer of this month, as JSON-ready data; None without an answer."""
    newest_first = list(
        Collection.objects.from_api()
        .started_since(month_start(now))
        .filter(credits_remaining__isnull=False)
        .order_by("-started_at")
        .values_list("started_at", "credits_remaining")[:POINTS_READ]
    )
    if not newest_first:
        return None
    start = int(month_start(now).timestamp())
    return {
        "zone": django_settings.TIME_ZONE,
        "start": start,
        "end": int(account.resets_at.timestamp()) - start,
        "left": [[int(when.timestamp()) - start, left] for when, left in reversed(newest_first)],
        "reserve": account.reserve,
        "limit": account.limit,
    }
