"""Matches as the source announces and changes them: new ones, moved kick-offs, swapped teams."""

from datetime import datetime

from odds.models import Match, MatchChange
from odds.parsing import SeenMatch


def store_matches(
    seen: list[SeenMatch], sports: dict[str, int], observed_at: datetime
) -> dict[str, tuple[int, bool]]:
    """Insert new matches and follow what the source changed.

    Returns:
        For each provider id, the match's id and whether the source now lists its teams the other
        way round from how they are stored.
    """
    known = Match.objects.in_bulk([match.provider_id for match in seen], field_name="provider_id")
    new = [match for match in seen if match.provider_id not in known]
    created = Match.objects.bulk_create(
        Match(
            provider_id=match.provider_id,
            sport_id=sports[match.sport_key],
            home_team=match.home_team,
            away_team=match.away_team,
            commence_time=match.commence_time,
            listed_at=observed_at,
        )
        for match in new
    )
    ids = {match.provider_id: (match.pk, False) for match in created}
    changes: list[MatchChange] = []
    changed: list[Match] = []
    for match in seen:
        if row := known.get(match.provider_id):
            found, is_swapped = _differences(row, match, observed_at)
            ids[match.provider_id] = (row.pk, is_swapped)
            if found and not _is_late(row, observed_at):
                changes += found
                changed.append(row)
    if changed:
        Match.objects.bulk_update(
            changed, ["home_team", "away_team", "commence_time", "is_swapped_at_source"]
        )
        MatchChange.objects.bulk_create(changes)
    return ids


def _is_late(row: Match, observed_at: datetime) -> bool:
    """Something newer is already known about this match, so an old answer changes nothing."""
    newest = row.latest_quotes.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return newest is not None and newest >= observed_at


def _differences(
    row: Match, match: SeenMatch, observed_at: datetime
) -> tuple[list[MatchChange], bool]:
    """What the source changed; `row` is brought up to date in memory."""
    found = []

    def note(kind: MatchChange.Kind, before: str, after: str) -> None:
        found.append(
            MatchChange(match=row, kind=kind, before=before, after=after, observed_at=observed_at)
        )

    is_swapped = match.home_team == row.away_team or match.away_team == row.home_team
    if is_swapped != row.is_swapped_at_source:
        shown = f"{row.home_team} – {row.away_team}", f"{row.away_team} – {row.home_team}"
        note(MatchChange.Kind.SWAPPED, *(shown if is_swapped else reversed(shown)))
        row.is_swapped_at_source = is_swapped
    home, away = match.home_team, match.away_team
    if is_swapped:
        home, away = away, home
    if (home, away) != (row.home_team, row.away_team):
        note(MatchChange.Kind.RENAMED, str(row), f"{home} – {away}")
        row.home_team, row.away_team = home, away
    if match.commence_time != row.commence_time:
        note(
            MatchChange.Kind.KICKOFF,
            row.commence_time.isoformat(),
            match.commence_time.isoformat(),
        )
        row.commence_time = match.commence_time
    return found, is_swapped
