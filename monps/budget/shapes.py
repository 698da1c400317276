"""What one call asks for, in words, and what another shape of call would buy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monps.budget import text
from odds import figures
from odds.collection_form import MARKETS, REGIONS
from odds.planner.shapes import CallShape, Exchange, Offer, exchanges

OTHERS_SHOWN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another shape: what it asks for, its price, and the bookmakers it would add and drop."""

    asks: str
    cost: str
    difference: str
    gained: list[str]
    lost: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """The shape in force and the others worth a look.

    `is_chosen_among` is false while no bookmaker is wanted, so that no shape can be preferred.
    """

    asks: str
    markets: str
    cost: str
    bookmakers: list[str]
    is_chosen_among: bool
    is_cheapest: bool
    cheapest: str
    others: list[Other]


def read(in_force: CallShape, offered: Sequence[Offer], *, titles: Mapping[str, str]) -> Shapes:
    """The shapes in words.

    Args:
        in_force: What calls ask for now.
        offered: The shapes worth choosing from, the cheapest that brings what is wanted first.
        titles: The bookmakers' names by their keys.
    """
    others = exchanges(offered)[:OTHERS_SHOWN] if offered else []
    is_cheapest = not offered or offered[0].shape == in_force
    return Shapes(
        asks=asks(in_force),
        markets=", ".join(str(MARKETS.get(key, key)) for key in in_force.markets),
        cost=text.credits_label(in_force.cost),
        bookmakers=_named(in_force.bookmakers, titles),
        is_chosen_among=bool(offered),
        is_cheapest=is_cheapest,
        cheapest="" if is_cheapest else _priced(offered[0].shape),
        others=[_other(one, titles) for one in others],
    )


def asks(shape: CallShape) -> str:
    """`10 named bookmakers`, or the regions."""
    if shape.bookmakers:
        number = len(shape.bookmakers)
        told = {"number": figures.whole(number)}
        return ngettext("%(number)s named bookmaker", "%(number)s named bookmakers", number) % told
    return ", ".join(str(REGIONS.get(key, key)) for key in shape.regions)


def _priced(shape: CallShape) -> str:
    return _("%(shape)s, %(credits)s") % {
        "shape": asks(shape),
        "credits": text.credits_label(shape.cost),
    }


def _other(one: Exchange, titles: Mapping[str, str]) -> Other:
    return Other(
        asks=asks(one.offer.shape),
        cost=text.credits_label(one.offer.cost),
        difference=_difference(one.extra_cost),
        gained=_named(one.gained, titles),
        lost=_named(one.lost, titles),
    )


def _difference(credits_more: int) -> str:
    if not credits_more:
        return _("same price")
    told = {"number": figures.whole(abs(credits_more))}
    if credits_more > 0:
        return _("%(number)s more a call") % told
    return _("%(number)s less a call") % told


def _named(keys: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    return sorted((titles.get(key, key) for key in keys), key=str.casefold)
