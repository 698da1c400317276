"""The margin each bookmaker takes, from what it last offered; skins of one operator are one row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from odds.models import Bookmaker, Market

LATELY: Final = timedelta(days=3)
MOST_MATCHES: Final = 100  # a sample: the answer takes as long whatever is stored
MARKETS: Final = (Market.H2H, Market.TOTALS, Market.SPREADS)
# Outside it a price is missing or wrong.
LOWEST, HIGHEST = 0.9, 1.5
# Quotes of one market with and without a draw are not of one kind: where anybody offers it, those
# without it lack a price.
MARGINS: Final = """
WITH sampled AS (
    SELECT id FROM matches
    WHERE commence_time > %(since)s
    ORDER BY commence_time, id
    LIMIT %(most)s
), quoted AS (
    SELECT operator, market, match_id, latest_quotes.odds_x IS NULL AS lacks_draw,
           bool_or(latest_quotes.odds_x IS NOT NULL) OVER (PARTITION BY match_id, market) AS draws,
           (1 / odds_1 + coalesce(1 / odds_x, 0) + 1 / odds_2)::float8 AS overround
    FROM latest_quotes
    JOIN sampled ON sampled.id = match_id
    JOIN bookmakers ON bookmakers.id = bookmaker_id
    WHERE market = ANY (%(markets)s) AND kind <> %(aggregate)s
      AND odds_1 IS NOT NULL AND odds_2 IS NOT NULL
)
SELECT operator, market, count(*), count(DISTINCT match_id),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY overround)
FROM quoted
WHERE overround BETWEEN %(lowest)s AND %(highest)s AND NOT (draws AND lacks_draw)
GROUP BY operator, market
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """What an operator keeps of a market: the median of its overrounds less 1, in percent."""

    pct: float
    quotes: int
    matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator: its bookmakers' titles, and its margin in each market, None where it has none.

    `is_playable` where the user can bet with any of them; `kind` is the sharpest of theirs.
    """

    titles: list[str]
    is_playable: bool
    kind: str
    margins: list[Margin | None]


def margins_by_operator(now: datetime) -> list[Operator]:
    """Operators, the lowest margin on match winners first; two queries.

    Args:
        now: The current instant: matches of the last three days and coming ones count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            MARGINS,
            {
                "since": now - LATELY,
                "most": MOST_MATCHES,
                "markets": list(MARKETS),
                "aggregate": Bookmaker.Kind.AGGREGATE,
                "lowest": LOWEST,
                "highest": HIGHEST,
            },
        )
        found = {
            (operator, market): Margin(pct=100 * (overround - 1), quotes=quotes, matches=matches)
            for operator, market, quotes, matches, overround in cursor.fetchall()
        }
    skins: dict[str, list[Bookmaker]] = {}
    for bookmaker in Bookmaker.objects.filter(operator__in={one for one, _market in found}):
        skins.setdefault(bookmaker.operator, []).append(bookmaker)
    rows = [
        Operator(
            titles=[one.title for one in own],
            is_playable=any(one.is_playable for one in own),
            kind=_kind(own),
            margins=[found.get((operator, market)) for market in MARKETS],
        )
        for operator, own in skins.items()
    ]
    return sorted(rows, key=_by_margin)


def _kind(own: list[Bookmaker]) -> str:
    notable = [one for one in own if one.kind != Bookmaker.Kind.SOFT]
    return (notable or own)[0].get_kind_display()


def _by_margin(operator: Operator) -> tuple[float, str]:
    known = [one.pct for one in operator.margins if one is not None]
    return (operator.margins[0].pct if operator.margins[0] else 100 + known[0], operator.titles[0])
