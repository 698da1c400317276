"""Live predictions: every active strategy is asked at every collection, on paper.

Work to do is rows: a sport whose newest stored collection the agents have not judged is pending.
What they are given is what a replay would give them: prices on offer at the collection's instant
in the markets it asked for, and what was known at the last Monday.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery

from betting.detection.board import MARKETS, Board
from betting.detection.current_quotes import read_bookmakers, read_quotes
from betting.detection.opportunities import ALWAYS_DRAWS
from odds.fair_prices import Floats
from odds.models import Collection, Match, Sport
from odds.models.collections import CollectionQuerySet
from odds.storage import LOCK_SPACE
from strategies.live.storing import store
from strategies.models import AgentRun, StrategyVersion
from strategies.predictions import Predictions
from strategies.ranking.days import read_records
from strategies.replay.reading import read_past
from strategies.snapshots import Past, Snapshot, known_since

logger = logging.getLogger(__name__)

# The first odds each bookmaker offered of what is on offer now.
OPENINGS = """
SELECT DISTINCT ON (match_id, market, line, bookmaker_id)
       match_id, array_position(%(markets)s::text[], market::text) - 1, line::float8,
       bookmaker_id, odds_1::float8, odds_x::float8, odds_2::float8,
       date_part('epoch', observed_at)
FROM quotes
WHERE match_id = ANY (%(matches)s) AND market = ANY (%(markets)s)
ORDER BY match_id, market, line, bookmaker_id, quotes.observed_at
"""
Asked = list[tuple[StrategyVersion, Predictions]]


def pending_sport_ids() -> list[int]:
    """Sports whose newest stored collection the agents have not judged."""
    newest = _newest_first().filter(sport=OuterRef("pk")).values("pk")[:1]
    sports = Sport.objects.annotate(newest=Subquery(newest))
    unread = Q(agent_run=None) | ~Q(agent_run__collection=F("newest"))
    return list(sports.filter(unread, newest__isnull=False).values_list("pk", flat=True))


def predict(sport_id: int, *, now: datetime) -> int:
    """Ask every active strategy about a sport's newest collection.

    Asking twice stores nothing new: a version predicts a match, market and line once.

    Args:
        sport_id: The sport.
        now: The current instant; matches that kicked off by then are left out.

    Returns:
        How many predictions are new.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, sport_id])
        collection = _newest_first().filter(sport_id=sport_id).first()
        if collection is None or collection.observed_at is None:
            return 0
        snapshot = read_snapshot(collection, now=max(now, collection.observed_at))
        made = ask(snapshot, list(StrategyVersion.objects.active().select_related("strategy")))
        stored = store(snapshot, made, at=collection.observed_at)
        AgentRun.objects.update_or_create(
            sport_id=sport_id,
            defaults={"collection": collection, "predicted_at": collection.observed_at},
        )
    logger.info("sport %d: %d new predictions", sport_id, stored)
    return stored


def read_snapshot(collection: Collection, *, now: datetime) -> Snapshot:
    """What a collection found on offer for matches that have not kicked off by `now`."""
    panel, ids = read_bookmakers()
    observed_at = collection.observed_at or now
    looks: dict[str, datetime] = dict.fromkeys(set(MARKETS) & set(collection.markets), observed_at)
    sport = collection.sport
    quotes = read_quotes(sport.pk, looks=looks, ids=list(ids.values()), now=now)
    board = Board.of(quotes, panel, has_draws=sport.key.startswith(ALWAYS_DRAWS))
    board = replace(board, source_age_seconds=np.full(board.changed_at.shape, np.nan))
    matches = Match.objects.in_bulk(np.unique(board.match_id).tolist())
    rows = [matches[match_id] for match_id in board.match_id.tolist()]
    opening, opened_at = _openings(board, ids)
    unknown = np.full((len(rows), 3), np.nan)
    return Snapshot(
        board=board,
        as_of=np.full(len(rows), observed_at.timestamp()),
        kickoff=np.array([row.commence_time.timestamp() for row in rows], dtype=np.float64),
        sport=np.full(len(rows), sport.key),
        home=np.array([row.home_team for row in rows], dtype=np.str_),
        away=np.array([row.away_team for row in rows], dtype=np.str_),
        opening=opening,
        opened_at=opened_at,
        maximum=unknown,
        average=unknown,
    )


def ask(snapshot: Snapshot, versions: list[StrategyVersion]) -> Asked:
    """What each of these versions predicts, those that combine the others last."""
    if not len(snapshot):
        return []
    known_until = float(known_since(snapshot.as_of[:1])[0])
    if any(version.strategy.rules.learns for version in versions):
        snapshot = replace(snapshot, past=_past(str(snapshot.sport[0]), known_until))
    singles = [one for one in versions if not one.strategy.rules.combines]
    made: Asked = [(one, _predict(one, snapshot)) for one in singles]
    if len(singles) < len(versions):
        instant = datetime.fromtimestamp(known_until, UTC)
        snapshot = replace(
            snapshot,
            opinions={str(one.pk): predictions for one, predictions in made},
            records=read_records([one.pk for one in singles], before=instant.date()),
        )
        made += [(one, _predict(one, snapshot)) for one in versions if one.strategy.rules.combines]
    return made


def _predict(version: StrategyVersion, snapshot: Snapshot) -> Predictions:
    return version.strategy.rules.predict(snapshot, version.values)


def _past(sport_key: str, known_until: float) -> Past:
    """Results of the sport known at an instant."""
    past = read_past([sport_key], until=datetime.fromtimestamp(known_until, UTC))
    return past.known_at(known_until)


def _openings(board: Board, ids: dict[str, int]) -> tuple[Floats, Floats]:
    """The first odds of everything on the board, and when they were seen."""
    opening, opened_at = np.full(board.odds.shape, np.nan), np.full(board.changed_at.shape, np.nan)
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "matches": np.unique(board.match_id).tolist(),
            "markets": list(MARKETS),
        }
        cursor.execute(OPENINGS, given)
        rows = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 8)
    groups = {
        key: number
        for number, key in enumerate(
            zip(board.match_id.tolist(), board.market.tolist(), board.line.tolist(), strict=True)
        )
    }
    columns = {ids[str(key)]: column for column, key in enumerate(board.panel.key)}
    for match_id, market, line, bookmaker, *prices in rows.tolist():
        group, column = groups.get((match_id, market, line)), columns.get(int(bookmaker))
        if group is not None and column is not None:
            opening[group, column] = prices[:3]
            opened_at[group, column] = prices[3]
    is_absent = np.isnan(board.changed_at)
    opening[is_absent], opened_at[is_absent] = np.nan, np.nan
    return opening, opened_at


def _newest_first() -> CollectionQuerySet:
    """Stored collections; a sport's calls go one after the other, so by start is by answer."""
    return Collection.objects.stored().order_by("-started_at", "-pk")
