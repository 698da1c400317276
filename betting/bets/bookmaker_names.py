"""Bookmakers by the names people write: a key, a title, or a brand such as Betclic."""

import re
import unicodedata

from django.db.models import Q
from django.utils.translation import gettext as _

from betting.bets.checks import BetRefusedError
from odds.catalogue import PLAYABLE_IN_FRANCE, bookmaker_for
from odds.models import Bookmaker

# Where a brand alone stands for one of its sites. The French ones follow from their keys.
SITES = {"betfair": "betfair_ex_eu", "betfairexchange": "betfair_ex_eu"} | {
    key.removesuffix("_fr"): key for key in PLAYABLE_IN_FRANCE
}


def find_bookmaker(name: str) -> Bookmaker | None:
    """The bookmaker a name means, if it is known.

    A key as it is written means that bookmaker; otherwise a brand means its French site, so that
    `Betclic` is `betclic_fr`; otherwise it is a key or a title, whatever its case.
    """
    name = name.strip()
    site, slug = SITES.get(_slug(name, "")), _slug(name, "_")
    wanted = Q(key=name) | Q(key__iexact=name) | Q(title__iexact=name) | Q(key=slug)
    rows = list(Bookmaker.objects.filter(wanted | Q(key=site) if site else wanted))
    # Titles are shared; the one that can be played comes before the others.
    rows.sort(key=lambda row: (row.key != name, row.key != site, not row.is_playable, row.key))
    if not rows or (site and rows[0].key not in {name, site}):
        return None
    return rows[0]


def bookmaker_named(name: str) -> Bookmaker:
    """The bookmaker a name means; one that is not known yet is added, of an operator of its own.

    Raises:
        BetRefusedError: The name has no letters, is too long, or means an average of a market.
    """
    found = find_bookmaker(name) or _add(name.strip())
    if found.kind == Bookmaker.Kind.AGGREGATE:
        raise BetRefusedError(_("Nobody can bet with %(name)s; name a bookmaker.") % {"name": name})
    return found


def _add(name: str) -> Bookmaker:
    key = SITES.get(_slug(name, "")) or _slug(name, "_")
    if not key or len(key) > 60:
        raise BetRefusedError(_("Name the bookmaker in at most 60 letters and digits."))
    row = bookmaker_for(key, name)
    defaults = {
        field: getattr(row, field)
        for field in ("title", "operator", "kind", "commission", "is_playable")
    }
    return Bookmaker.objects.get_or_create(key=key, defaults=defaults)[0]


def _slug(name: str, separator: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", separator, plain).strip("_")
