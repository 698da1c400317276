"""What planned calls ask for: the cheapest shape with all bookmakers that matter, and the others.

Those that matter are the playable ones and the sharp ones that prices are compared with.
"""

from django.db.models import Q

from odds.models import Bookmaker, CollectionSettings, PlannerSettings
from odds.planner.shapes import CallShape, Offer, offers
from odds.simulator.bookmakers import BOOKMAKERS, KNOWN_KEYS, in_regions


def in_force(chosen: CollectionSettings, planner: PlannerSettings) -> CallShape:
    """What a planned call for odds asks for now."""
    if planner.shape == PlannerSettings.Shape.CHEAPEST and (found := offered(chosen)):
        return found[0].shape
    return CallShape(markets=tuple(chosen.market_keys), regions=tuple(chosen.region_keys))


def offered(chosen: CollectionSettings) -> list[Offer]:
    """The shapes worth choosing from, the best first; none where no bookmaker matters."""
    matters = Q(is_playable=True) | Q(kind=Bookmaker.Kind.SHARP)
    known = Bookmaker.objects.filter(key__in=KNOWN_KEYS)
    wanted = set(known.filter(matters).values_list("key", flat=True))
    if not wanted:
        return []
    return offers(
        markets=chosen.market_keys,
        wanted=wanted,
        regions_of={book.key: frozenset(book.regions) for book in BOOKMAKERS},
        preferred=_preferred(chosen),
    )


def _preferred(chosen: CollectionSettings) -> list[str]:
    """Who fills up paid groups of ten: exchanges, then who is in the regions set."""
    exchanges = Bookmaker.objects.filter(kind=Bookmaker.Kind.EXCHANGE, key__in=KNOWN_KEYS)
    first = sorted(exchanges.values_list("key", flat=True))
    return [*first, *sorted(in_regions(chosen.region_keys))]
