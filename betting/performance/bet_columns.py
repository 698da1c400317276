"""Decided bets as columns of numbers: one pass over a hundred thousand of them, none in Python.

Each column leaves the database as the bytes of its numbers, one behind the other. Asking for every
grouping by itself took longer, and a drawdown needs more than groups.
"""

from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from betting.performance.scopes import Scope

EPOCH: Final = np.datetime64("2000-01-01", "us")  # from which PostgreSQL counts its instants
MONEY, INSTANT, NUMBER, KEY = "money", "instant", "number", "key"
LEAGUE: Final = "coalesce(nullif(league, ''), sport_key)"
# What is sent of each, eight bytes as on the wire. string_agg leaves nulls out, and what follows
# would move up: a missing number is sent as NaN.
COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "profit": (MONEY, "int8send((profit * 100)::int8)"),
    "risk": (MONEY, "int8send((risk * 100)::int8)"),
    "settled_at": (INSTANT, "timestamptz_send(settled_at)"),
    "kickoff": (INSTANT, "timestamptz_send(commence_time)"),
    "match": (KEY, "int8send(coalesce(match_id, -id))"),
    "fair_clv": (
        NUMBER,
        "float8send(CASE WHEN clv_status = 'graded' THEN clv_fair_pct ELSE 'NaN' END)",
    ),
    "bet": (KEY, "int8send(id)"),
    "bookmaker": (KEY, "int8send(bookmaker_id)"),
    "market": (KEY, "int8send(hashtextextended(market, 0))"),
    "league": (KEY, f"int8send(hashtextextended({LEAGUE}, 0))"),
    "odds": (NUMBER, "float8send(odds::float8)"),
    "said": (
        NUMBER,
        "float8send(coalesce(CASE side WHEN 'back' THEN fair_probability END, 'NaN'))",
    ),
    "came": (
        NUMBER,
        "float8send(CASE result WHEN 'won' THEN 1 WHEN 'lost' THEN 0 ELSE 'NaN'::float8 END)",
    ),
}
NEEDED: Final = (
    *("id", "match_id", "profit", "risk", "settled_at", "commence_time"),
    *("clv_status", "clv_fair_pct", "bookmaker_id", "market", "league", "sport_key", "odds"),
    *("side", "fair_probability", "result"),
)


def read(scope: Scope, *names: str) -> list[NDArray[Any]]:
    """These columns of the scope's decided bets, row beside row, in no order; one query.

    Args:
        scope: Which bets.
        names: Of `COLUMNS`.

    Returns:
        Arrays of shape (n,), one for each name: money in whole cents, instants as microseconds in
        UTC, the match as its id, or as a negative number of its own for a bet on an unknown one,
        fair CLV in percent with NaN where no closing line graded the bet; the bet's and the
        bookmaker's id, market and league as hashes of their names, the odds; `said` is the fair
        probability a bet on the outcome was placed for, `came` 1 or 0 as it was won or lost, and
        both are NaN where there is none.
    """
    rows, given = scope.decided().order_by().values(*NEEDED).query.sql_with_params()
    wanted = ", ".join(f"string_agg({COLUMNS[name][1]}, ''::bytea)" for name in names)
    with connection.cursor() as cursor:
        asked = f"SELECT {wanted} FROM ({cursor.mogrify(rows, given)}) AS bets"  # noqa: S608
        # COPY sends bytes as they are; an answer to SELECT writes each as two letters.
        with cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT BINARY)") as answer:
            answer.set_types(["bytea"] * len(names))
            [packed] = answer.rows()
    return [
        _unpacked(one or b"", COLUMNS[name][0]) for one, name in zip(packed, names, strict=True)
    ]


def _unpacked(packed: bytes, kind: str) -> NDArray[Any]:
    if kind == NUMBER:
        return np.frombuffer(packed, ">f8").astype(np.float64)
    whole = np.frombuffer(packed, ">i8").astype(np.int64)
    return EPOCH + whole.astype("timedelta64[us]") if kind == INSTANT else whole
