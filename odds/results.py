"""Results: record what a source said about how matches ended, and put in force what is believed.

A person is believed before football-data.co.uk, which is believed before The Odds API; of one
source the newest statement counts. "Scheduled", said by a person, takes back all that was said
until then; what a source says afterwards counts again.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from odds.models import Match, MatchResult

MOST_BELIEVED_FIRST = (
    MatchResult.Source.HAND,
    MatchResult.Source.FOOTBALL_DATA,
    MatchResult.Source.ODDS_API,
)
HIGHEST_SCORE = 9_999
WITH_SCORE = {Match.Status.COMPLETED}
WITHOUT_SCORE = {Match.Status.SCHEDULED, Match.Status.POSTPONED}

Ending = tuple[str, int | None, int | None]  # status, home score, away score
NO_RESULT: Ending = (Match.Status.SCHEDULED, None, None)


class ResultRefusedError(ValueError):
    """Nothing was recorded; the message says what was wrong."""


def record(
    match_id: int,
    *,
    source: str,
    status: str,
    home_score: int | None = None,
    away_score: int | None = None,
    observed_at: datetime,
    by: str = "",
    note: str = "",
) -> bool:
    """Record one statement; saying it again records nothing.

    Args:
        match_id: The match; its scores are in the order of its stored teams.
        source: A value of `MatchResult.Source`.
        status: A value of `Match.Status`; "scheduled" takes results back, by hand only.
        home_score: Of the team stored as home.
        away_score: Of the team stored as away.
        observed_at: When the source said it.
        by: Who, where it was a person.
        note: Why, where a person says so.

    Returns:
        Whether what is in force for the match changed.

    Raises:
        Match.DoesNotExist: There is no such match.
        ResultRefusedError: The statement cannot be true as it stands.
    """
    statement = MatchResult(
        match_id=match_id,
        source=source,
        status=status,
        home_score=home_score,
        away_score=away_score,
        observed_at=observed_at,
        recorded_by=by,
        note=note,
    )
    _new, changed = record_many([statement])
    return match_id in changed


def record_many(statements: Iterable[MatchResult]) -> tuple[list[MatchResult], set[int]]:
    """Record unsaved statements in a fixed number of queries, all or none of them.

    Returns:
        Those that said something new, and the ids of the matches for which what is in force
        changed.

    Raises:
        Match.DoesNotExist: A statement is about an unknown match.
        ResultRefusedError: A statement cannot be true as it stands.
    """
    given = sorted(statements, key=lambda statement: statement.observed_at)
    for statement in given:
        check(statement)
    with transaction.atomic():
        matches = _locked({statement.match_id for statement in given})
        known = _known(matches)
        new = [statement for statement in given if _adds(statement, known[statement.match_id])]
        MatchResult.objects.bulk_create(new)
        changed = [match for match in matches if _follow(match, known[match.pk])]
        Match.objects.bulk_update(changed, ["status", "home_score", "away_score"])
    return new, {match.pk for match in changed}


def check(statement: MatchResult) -> None:
    """Pass, or say why a statement cannot be true as it stands.

    Raises:
        ResultRefusedError: See its message.
    """
    scores = [statement.home_score, statement.away_score]
    given = [score for score in scores if score is not None]
    by_hand = statement.source == MatchResult.Source.HAND
    if len(given) == 1:
        raise ResultRefusedError(_("Give both scores or none."))
    if any(not 0 <= score <= HIGHEST_SCORE for score in given):
        raise ResultRefusedError(
            _("A score is a whole number from 0 to %(highest)d.") % {"highest": HIGHEST_SCORE}
        )
    if statement.status in WITH_SCORE and not given:
        raise ResultRefusedError(_("A completed match needs both scores."))
    if statement.status in WITHOUT_SCORE and given:
        raise ResultRefusedError(_("A match that is scheduled or postponed has no score."))
    if statement.status == Match.Status.SCHEDULED and not by_hand:
        raise ResultRefusedError(_("Only a person can take a result back."))


def in_force(statements: Iterable[MatchResult]) -> MatchResult | None:
    """What is believed of what was said about one match; None where there is no result.

    Args:
        statements: All that was said about it, in any order.
    """
    oldest_first = sorted(statements, key=_place)
    taken_back = [place for place, one in enumerate(oldest_first) if _takes_back(one)]
    counted = oldest_first[taken_back[-1] + 1 :] if taken_back else oldest_first
    for source in MOST_BELIEVED_FIRST:
        said = [statement for statement in counted if statement.source == source]
        if said:
            return said[-1]
    return None


def _locked(ids: set[int]) -> list[Match]:
    """The matches, locked in the order of their ids, so that no two writers wait crosswise."""
    matches = list(Match.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
    if missing := ids - {match.pk for match in matches}:
        raise Match.DoesNotExist(f"There is no match with the id {min(missing)}.")
    return matches


def _known(matches: list[Match]) -> dict[int, list[MatchResult]]:
    known: dict[int, list[MatchResult]] = defaultdict(list)
    for statement in MatchResult.objects.filter(match__in=matches):
        known[statement.match_id].append(statement)
    return known


def _adds(statement: MatchResult, known: list[MatchResult]) -> bool:
    """Whether it differs from what its source was taken to say at that time; then it is known."""
    heard = [
        one
        for one in sorted(known, key=_place)
        if one.observed_at <= statement.observed_at
        and (one.source == statement.source or _takes_back(one) or _takes_back(statement))
    ]
    if heard and _ending(heard[-1]) == _ending(statement):
        return False
    known.append(statement)
    return True


def _follow(match: Match, statements: list[MatchResult]) -> bool:
    """Bring a match in line with what is in force (unsaved); whether it changed."""
    believed = in_force(statements)
    ending = _ending(believed) if believed else NO_RESULT
    if (match.status, match.home_score, match.away_score) == ending:
        return False
    match.status, match.home_score, match.away_score = ending
    return True


def _takes_back(statement: MatchResult) -> bool:
    return statement.status == Match.Status.SCHEDULED


def _ending(statement: MatchResult) -> Ending:
    return statement.status, statement.home_score, statement.away_score


def _place(statement: MatchResult) -> tuple[datetime, float]:
    """Statements in time; of one instant the later recorded is the later, the unsaved the last."""
    return statement.observed_at, statement.pk or float("inf")
