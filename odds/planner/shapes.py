"""What a call for odds asks for, what that costs, and the cheapest one that brings what is needed.

A call costs its markets times its regions; named bookmakers, of any region, count as one region
for each started group of ten. Source: The Odds API's guide, version 4.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Final

NAMED_PER_REGION: Final = 10
MOST_REGIONS: Final = 3  # offers with more are never the cheapest of anybody's list


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShape:
    """What one call asks for: markets, and either regions or named bookmakers."""

    markets: tuple[str, ...]
    regions: tuple[str, ...] = ()
    bookmakers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("markets", "regions", "bookmakers"):
            keys = getattr(self, name)
            if len(set(keys)) != len(keys):
                raise ValueError(f"A call names each of its {name} once, not {', '.join(keys)}.")
        if not self.markets:
            raise ValueError("A call asks for at least one market.")
        if bool(self.regions) == bool(self.bookmakers):
            raise ValueError("A call names either regions or bookmakers.")

    @property
    def cost(self) -> int:
        """Credits of one call that brings anything."""
        groups = len(self.regions) or -(-len(self.bookmakers) // NAMED_PER_REGION)
        return len(self.markets) * groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A shape, the known bookmakers it brings and those wanted that it does not."""

    shape: CallShape
    brings: frozenset[str]
    lacks: frozenset[str]

    @property
    def cost(self) -> int:
        """Credits of one call."""
        return self.shape.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What taking another offer would change: credits a call, bookmakers gained and lost."""

    offer: Offer
    extra_cost: int
    gained: frozenset[str]
    lost: frozenset[str]


def offers(
    *,
    markets: Sequence[str],
    wanted: AbstractSet[str],
    regions_of: Mapping[str, AbstractSet[str]],
    preferred: Sequence[str] = (),
) -> list[Offer]:
    """The shapes worth choosing from, the best first.

    The best lacks the fewest of those wanted, then costs least, then brings the most bookmakers.
    A shape is left out where another costs no more and brings everything it brings.

    Args:
        markets: What every shape asks for.
        wanted: Keys of the playable bookmakers and the references.
        regions_of: By bookmaker, the regions in which the provider has it.
        preferred: Who else is wanted, the most wanted first: they fill paid groups of ten.

    Raises:
        ValueError: Nothing is wanted, or no market.
    """
    if not wanted:
        raise ValueError("Say which bookmakers are wanted: playable ones or references.")
    found = [*_named(markets, wanted, preferred), *_regional(markets, wanted, regions_of)]
    found.sort(key=lambda one: (len(one.lacks), one.cost, -len(one.brings), one.shape.regions))
    kept: list[Offer] = []
    for offer in found:
        if not any(one.cost <= offer.cost and one.brings >= offer.brings for one in kept):
            kept.append(offer)
    return kept


def exchanges(found: Sequence[Offer]) -> list[Exchange]:
    """What each other offer would buy, and lose, in place of the first."""
    chosen, *others = found
    return [
        Exchange(
            offer=other,
            extra_cost=other.cost - chosen.cost,
            gained=other.brings - chosen.brings,
            lost=chosen.brings - other.brings,
        )
        for other in others
    ]


def _named(
    markets: Sequence[str], wanted: AbstractSet[str], preferred: Sequence[str]
) -> Iterator[Offer]:
    """Those wanted by name, filled up to whole groups; and again with one group more."""
    others = [key for key in dict.fromkeys(preferred) if key not in wanted]
    groups = -(-len(wanted) // NAMED_PER_REGION)
    for places in (groups * NAMED_PER_REGION, (groups + 1) * NAMED_PER_REGION):
        keys = (*sorted(wanted), *others[: places - len(wanted)])
        shape = CallShape(markets=tuple(markets), bookmakers=keys)
        yield Offer(shape=shape, brings=frozenset(keys), lacks=frozenset())


def _regional(
    markets: Sequence[str], wanted: AbstractSet[str], regions_of: Mapping[str, AbstractSet[str]]
) -> Iterator[Offer]:
    regions = sorted({region for there in regions_of.values() for region in there})
    for count in range(1, MOST_REGIONS + 1):
        for chosen in combinations(regions, count):
            brings = frozenset(key for key, there in regions_of.items() if there & set(chosen))
            shape = CallShape(markets=tuple(markets), regions=chosen)
            yield Offer(shape=shape, brings=brings, lacks=frozenset(wanted - brings))
