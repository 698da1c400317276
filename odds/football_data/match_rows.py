"""The matches of a file: those The Odds API gave, those imported before, and new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from odds.football_data.instants import closed_at, collected_at
from odds.football_data.reading import PREFIX, ListedMatch
from odds.football_data.teams import SAME_MATCH, NamedMatch, Pairing, pair
from odds.models import Match, MatchChange, TeamAlias

INSERT_MATCHES = """
INSERT INTO matches (
    provider_id, sport_id, home_team, away_team, commence_time, is_swapped_at_source,
    status, home_score, away_score
)
SELECT provider_id, sport_id, home, away, kickoff, false,
       CASE WHEN home_score IS NULL THEN 'scheduled' ELSE 'completed' END, home_score, away_score
FROM unnest(
    %s::text[], %s::smallint[], %s::text[], %s::text[], %s::timestamptz[], %s::int[], %s::int[]
) AS listed (provider_id, sport_id, home, away, kickoff, home_score, away_score)
RETURNING provider_id, id
"""


@dataclass(slots=True, kw_only=True)
class Place:
    """The row that a match of a file belongs to.

    `is_swapped`: the row lists the teams the other way round. `is_live`: The Odds API gave it.
    """

    match_id: int
    kickoff: datetime
    is_new: bool = False
    is_live: bool = False
    is_swapped: bool = False

    @property
    def collected_at(self) -> datetime:
        """When the prices of before kick-off are stated to have been on offer."""
        return collected_at(self.kickoff)

    @property
    def closed_at(self) -> datetime:
        """When the closing prices are stated to have been on offer."""
        return closed_at(self.kickoff)


def place_matches(
    listed: Sequence[ListedMatch], sports: dict[str, int], *, now: datetime
) -> tuple[list[Place], list[Match]]:
    """Find or make the row of each match of a file.

    A new match is completed with its score at once; for the others the scores are recorded
    elsewhere, because another source may be believed more.

    Returns:
        A place for each match, and the matches of The Odds API that the file should hold but does
        not: postponed, or a team's name is not known.
    """
    places: dict[int, Place] = {}
    missed: list[Match] = []
    for sport_key, sport_id in sports.items():
        positions = [i for i, match in enumerate(listed) if match.league.sport_key == sport_key]
        found, unmatched = _live(listed, positions, sport_id)
        places |= found
        missed += unmatched
    others = [position for position in range(len(listed)) if position not in places]
    places |= _imported(listed, others, now)
    new = [position for position in others if position not in places]
    places |= _insert(listed, new, sports)
    return [places[position] for position in range(len(listed))], missed


def _live(
    listed: Sequence[ListedMatch], positions: Sequence[int], sport_id: int
) -> tuple[dict[int, Place], list[Match]]:
    """Those that are matches of The Odds API, names that were proven being kept; and the others."""
    theirs = [
        NamedMatch(home=listed[i].home, away=listed[i].away, kickoff=listed[i].kickoff)
        for i in positions
    ]
    rows = _live_rows(theirs, sport_id)
    ours = [
        NamedMatch(home=row.home_team, away=row.away_team, kickoff=row.commence_time)
        for row in rows
    ]
    pairing = _paired(theirs, ours, sport_id)
    last = max(match.kickoff for match in theirs)
    taken = {place for place, _is_swapped in pairing.ours.values()}
    missed = [row for place, row in enumerate(rows) if place not in taken]
    found = {
        positions[position]: Place(
            match_id=rows[place].pk,
            kickoff=rows[place].commence_time,
            is_live=True,
            is_swapped=is_swapped,
        )
        for position, (place, is_swapped) in pairing.ours.items()
    }
    return found, [row for row in missed if row.commence_time <= last]


def _live_rows(theirs: Sequence[NamedMatch], sport_id: int) -> list[Match]:
    kickoffs = [match.kickoff for match in theirs]
    return list(
        Match.objects.filter(
            sport=sport_id,
            commence_time__gte=min(kickoffs) - SAME_MATCH,
            commence_time__lte=max(kickoffs) + SAME_MATCH,
        )
        .exclude(provider_id__startswith=PREFIX)
        .order_by("pk")
    )


def _paired(theirs: Sequence[NamedMatch], ours: Sequence[NamedMatch], sport_id: int) -> Pairing:
    if not ours:
        return Pairing()
    aliases = dict(TeamAlias.objects.filter(sport=sport_id).values_list("name", "team"))
    pairing = pair(theirs, ours, aliases)
    TeamAlias.objects.bulk_create(
        [
            TeamAlias(sport_id=sport_id, name=name, team=team)
            for name, team in pairing.learned.items()
        ],
        ignore_conflicts=True,
    )
    return pairing


def _imported(
    listed: Sequence[ListedMatch], positions: Sequence[int], now: datetime
) -> dict[int, Place]:
    """Those an earlier file brought; the kick-off follows the files until there is a result."""
    ids = {listed[position].provider_id: position for position in positions}
    places: dict[int, Place] = {}
    moved: list[Match] = []
    changes: list[MatchChange] = []
    for row in Match.objects.filter(provider_id__in=list(ids)):
        match = listed[ids[row.provider_id]]
        is_open = row.status == Match.Status.SCHEDULED and match.is_time_known
        if is_open and match.kickoff != row.commence_time:
            changes.append(
                MatchChange(
                    match=row,
                    kind=MatchChange.Kind.KICKOFF,
                    before=row.commence_time.isoformat(),
                    after=match.kickoff.isoformat(),
                    observed_at=now,
                )
            )
            row.commence_time = match.kickoff
            moved.append(row)
        places[ids[row.provider_id]] = Place(match_id=row.pk, kickoff=row.commence_time)
    Match.objects.bulk_update(moved, ["commence_time"])
    MatchChange.objects.bulk_create(changes)
    return places


def _insert(
    listed: Sequence[ListedMatch], positions: Sequence[int], sports: dict[str, int]
) -> dict[int, Place]:
    new = {listed[position].provider_id: position for position in positions}
    matches = [listed[position] for position in new.values()]
    scores = [match.score or (None, None) for match in matches]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_MATCHES,
            [
                list(new),
                [sports[match.league.sport_key] for match in matches],
                [match.home for match in matches],
                [match.away for match in matches],
                [match.kickoff for match in matches],
                [home for home, _away in scores],
                [away for _home, away in scores],
            ],
        )
        return {
            new[key]: Place(match_id=match_id, kickoff=listed[new[key]].kickoff, is_new=True)
            for key, match_id in cursor.fetchall()
        }
