"""Scores of The Odds API: read an answer, ask for finished matches, record their results.

A score belongs to a team by its name, never by its position. The Odds API says that a match is
completed and nothing of extra time, penalties or abandonment.
"""

import logging
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from odds import gate, results
from odds.client import Answer, OddsApiClient
from odds.collector import make_call
from odds.gate import CollectionRefusedError
from odds.models import Collection, CollectionSettings, Match, MatchResult, Sport
from odds.parsing import RejectedError
from odds.tally import MarketAccount

logger = logging.getLogger(__name__)

COST = 2  # credits of a call that asks for finished matches
ONE_DAY = timedelta(days=1)
MOST_DAYS = 3  # how far back The Odds API tells scores
MOST_IDS = 100  # asked for by id (3.3 kB of address); beyond, the sport is asked for as a whole
TALLY = "scores"  # the name under which a collection's tally counts completed matches
PROVIDER_ID = r"^[0-9a-f]{32}$"  # The Odds API's; one id of another shape spoils the whole call
SCORE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenScore:
    """The final score of one match as one answer gives it, by the names of the two teams."""

    provider_id: str
    points: dict[str, int]

    def of(self, home_team: str, away_team: str) -> tuple[int, int]:
        """Home and away score in the order of these teams.

        Raises:
            RejectedError: The answer names other teams.
        """
        if self.points.keys() != {home_team, away_team}:
            raise RejectedError("score of other teams")
        return self.points[home_team], self.points[away_team]


def parse_scores(events: Iterable[Any]) -> tuple[list[SeenScore], Counter[str]]:
    """Read a `/scores` answer.

    Args:
        events: The JSON array of matches.

    Returns:
        The scores of completed matches, and how many matches could not be read, by reason.
        Matches that are coming or under way are neither.
    """
    scores: dict[str, SeenScore] = {}
    unreadable: Counter[str] = Counter()
    for event in events:
        try:
            score = _score_of(event)
        except RejectedError as reason:
            unreadable[str(reason)] += 1
            continue
        if score and score.provider_id in scores:
            unreadable["match given twice"] += 1
        elif score:
            scores[score.provider_id] = score
    return list(scores.values()), unreadable


def _score_of(event: Any) -> SeenScore | None:
    """The final score; None where the match is not over."""
    if not isinstance(event, dict):
        raise RejectedError("match is not an object")
    if not isinstance(event.get("completed"), bool):
        raise RejectedError("match neither completed nor not")
    if not event["completed"]:
        return None
    if not event.get("id"):
        raise RejectedError("match without id")
    listed = event.get("scores")
    if not isinstance(listed, list) or len(listed) != 2:
        raise RejectedError("match without two scores")
    points = dict(_named_points(item) for item in listed)
    teams = {_name(event.get("home_team")), _name(event.get("away_team"))}
    if len(points) != 2 or points.keys() != teams:
        raise RejectedError("score of other teams")
    return SeenScore(provider_id=str(event["id"])[:64], points=points)


def _named_points(item: Any) -> tuple[str, int]:
    if not isinstance(item, dict):
        raise RejectedError("match without two scores")
    score = item.get("score")
    if isinstance(score, bool) or not SCORE.fullmatch(str(score)):
        raise RejectedError("score is not a whole number")
    return _name(item.get("name")), int(str(score))


def _name(team: Any) -> str:
    return str(team)[:160]  # as odds.parsing cuts them


def due_for_results(
    match_ids: Iterable[int], *, now: datetime, after: timedelta, interval: timedelta
) -> dict[str, list[str]]:
    """Which of these matches to ask The Odds API about now.

    Args:
        match_ids: Matches somebody waits for.
        now: The current instant.
        after: How long after the kick-off a match can be over.
        interval: How long to wait between two calls for one sport; failed calls wait by their
            kind, never longer.

    Returns:
        By the sport's key, the provider's ids of those that kicked off longer ago than `after`,
        are recent enough for The Odds API and have no result; empty where a call would touch the
        reserve.
    """
    if gate.credits_at(now, CollectionSettings.current()).refuses(COST):
        return {}
    found = (
        Match.objects.filter(
            pk__in=list(match_ids),
            status=Match.Status.SCHEDULED,
            commence_time__lte=now - after,
            commence_time__gt=_oldest(now),
            provider_id__regex=PROVIDER_ID,
        )
        .order_by("sport__key", "commence_time", "pk")
        .values_list("sport", "sport__key", "provider_id")
    )
    matches = list(found)
    due = gate.scores_due_times({sport for sport, _, _ in matches}, now, interval=interval)
    wanted: dict[str, list[str]] = {}
    for sport, key, provider_id in matches:
        if due[sport] <= now:
            wanted.setdefault(key, []).append(provider_id)
    return wanted


def fetch_scores(
    sport_key: str,
    provider_ids: Sequence[str],
    *,
    clock: Callable[[], datetime],
    reason: str = Collection.Reason.RESULTS,
    begun: Callable[[Collection], None] = lambda _collection: None,
) -> Collection:
    """Ask The Odds API once for scores of a sport's matches and record those that are over.

    Args:
        sport_key: A key of The Odds API; unknown ones are refused.
        provider_ids: The matches; those it tells no scores of (older than three days, not
            kicked off, not its own) are left out.
        clock: Tells the time; read before the call, when the answer is in, and at the end.
        reason: A value of `Collection.Reason`, kept with the row.
        begun: Told of the collection as it begins; see `collector.make_call`.

    Returns:
        The finished collection: stored, or failed with its reason. Its tally counts, under
        `scores`, completed matches: stored where they said something new.

    Raises:
        CollectionRefusedError: No call was made.
    """
    wanted, days = _askable(sport_key, provider_ids, clock())

    def admitted(_sport: Sport, now: datetime) -> Collection:
        if not wanted:
            raise CollectionRefusedError(
                f"None of these matches of {sport_key} kicked off in the last {MOST_DAYS} days, as "
                "far back as The Odds API tells scores."
            )
        gate.check_reserve(gate.credits_at(now, CollectionSettings.current()), cost=COST)
        return Collection(endpoint=Collection.Endpoint.SCORES, reason=reason, markets=[])

    def ask(client: OddsApiClient, _collection: Collection) -> Answer:
        ids = wanted if len(wanted) <= MOST_IDS else ()
        return client.scores(sport_key, days_from=days, event_ids=ids)

    def store(collection: Collection, answer: Answer, observed_at: datetime) -> None:
        _store(collection, answer, wanted, observed_at)

    return make_call(sport_key, clock=clock, admitted=admitted, ask=ask, store=store, begun=begun)


def _askable(sport_key: str, provider_ids: Sequence[str], now: datetime) -> tuple[list[str], int]:
    """The matches The Odds API can tell scores of, and how many days back the first of them is."""
    found = list(
        Match.objects.filter(
            sport__key=sport_key,
            provider_id__in=provider_ids,
            provider_id__regex=PROVIDER_ID,
            commence_time__lte=now,
            commence_time__gt=_oldest(now),
        )
        .order_by("commence_time", "pk")
        .values_list("provider_id", "commence_time")
    )
    age = now - found[0][1] if found else timedelta(0)
    return [provider_id for provider_id, _kick_off in found], max(1, math.ceil(age / ONE_DAY))


def _store(
    collection: Collection, answer: Answer, wanted: list[str], observed_at: datetime
) -> None:
    """Record the results of the matches asked for and count what became of them."""
    scores, rejected = parse_scores(answer.events)
    matches = Match.objects.in_bulk(wanted, field_name="provider_id")
    statements = []
    for score in scores:
        if match := matches.get(score.provider_id):
            try:
                statements.append(_statement(match, score, observed_at))
            except RejectedError as reason:
                rejected[str(reason)] += 1
    new, _changed = results.record_many(statements)
    account = MarketAccount(
        received=len(statements) + rejected.total(),
        stored=len(new),
        unchanged=len(statements) - len(new),
        rejected=dict(sorted(rejected.items())),
    )
    collection.matches_received = len(answer.events)
    collection.tally = {TALLY: asdict(account)}
    logger.info(
        "%s: %d matches completed, %d results new, %d could not be read",
        collection.sport.key,
        account.received,
        account.stored,
        rejected.total(),
    )


def _statement(match: Match, score: SeenScore, observed_at: datetime) -> MatchResult:
    home, away = score.of(match.home_team, match.away_team)
    return MatchResult(
        match=match,
        source=MatchResult.Source.ODDS_API,
        status=Match.Status.COMPLETED,
        home_score=home,
        away_score=away,
        observed_at=observed_at,
    )


def _oldest(now: datetime) -> datetime:
    return now - MOST_DAYS * ONE_DAY
