"""A sport seen at several instants: snapshots stored as the collector stores them."""

from datetime import datetime, timedelta

from django.db import transaction

from betting.detection.opportunities import Detected, detect
from betting.models import Opportunity
from odds.models import Bookmaker, Collection
from odds.parsing import SeenMatch, SeenQuote, Snapshot
from odds.storage import store_snapshot
from tests.factories import NOON, make_bookmaker, make_collection, make_sport

TENNIS = "tennis_atp"  # two outcomes keep the arithmetic short
KICK_OFF = NOON + timedelta(hours=6)
# Pinnacle holds both sides to be even, and three soft bookmakers are below that.
EVEN = {
    "pinnacle": (1.95, 1.95),
    "soft0": (1.90, 1.90),
    "soft1": (1.90, 1.90),
    "soft2": (1.90, 1.90),
}
FOUND = EVEN | {"brave": (2.10, 1.75)}  # 5 % above fair
MINUTE = timedelta(minutes=1)


def make_bookmakers() -> None:
    """Pinnacle, and soft bookmakers of an operator each."""
    make_bookmaker("pinnacle", operator="pinnacle", kind=Bookmaker.Kind.SHARP)
    for key in ("soft0", "soft1", "soft2", "brave"):
        make_bookmaker(key, operator=key)


def look(
    quotes: dict[str, tuple[float, float]],
    *,
    at: datetime = NOON,
    match: str = "match",
    sport: str = TENNIS,
    market: str = "h2h",
    line: float = 0.0,
    kick_off: datetime = KICK_OFF,
    source_ages: dict[str, timedelta] | None = None,
) -> Collection:
    """Store a collection of one match, or of none where there are no quotes.

    `source_ages` tell how old a bookmaker's own update was, where it is not of that instant.
    """
    seen = SeenMatch(
        provider_id=match,
        sport_key=sport,
        sport_title=sport,
        commence_time=kick_off,
        home_team="Ann",
        away_team="Bea",
    )
    snapshot = Snapshot(matches=[seen] if quotes else [])
    for key, (first, second) in quotes.items():
        snapshot.quotes.append(
            SeenQuote(
                provider_id=match,
                bookmaker_key=key,
                bookmaker_title=key,
                market=market,
                line=line,
                odds=(first, None, second),
                source_updated_at=at - (source_ages or {}).get(key, timedelta()),
            )
        )
        snapshot.received[market] += 1
    with transaction.atomic():
        store_snapshot(snapshot, observed_at=at)
        return make_collection(sport=make_sport(key=sport), started_at=at, markets=[market])


def detect_at(when: datetime, sport: str = TENNIS) -> Detected:
    """Detect one sport."""
    return detect(make_sport(key=sport).pk, now=when)


def seen(*looks: dict[str, tuple[float, float]]) -> list[Opportunity]:
    """Looks a minute apart, each detected; all values of the home side since, oldest first."""
    for number, quotes in enumerate(looks):
        at = NOON + number * MINUTE
        look(quotes, at=at)
        detect_at(at)
    return list(Opportunity.objects.filter(outcome="home", kind="value").order_by("pk"))
