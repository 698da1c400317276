"""Import: one file of football-data.co.uk into matches, results and history, in one transaction.

Importing a file again stores nothing, a later copy of it stores what it adds. A score that a later
copy corrects is a new fact; a price that contradicts what was stored for that instant is counted
and left out, as in any history that is only ever appended to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Self

from django.db import connection, transaction

from odds.catalogue import known_bookmakers
from odds.football_data.leagues import SOURCE_BY_KEY, League
from odds.football_data.match_rows import place_matches
from odds.football_data.prices import Rejection
from odds.football_data.quote_rows import store_quotes
from odds.football_data.reading import ListedFile, ListedMatch, read_file
from odds.football_data.result_rows import store_results
from odds.models import Bookmaker, Match, Sport
from odds.storage import LOCK_SPACE

Group = tuple[str, str]  # a league's code and a season


@dataclass(slots=True, kw_only=True)
class Account:
    """What became of the rows and quotes of one league and season.

    `quotes_known` repeat what is stored, `quotes_contradicting` differ from it, and
    `quotes_of_our_own` are of bookmakers that MON_PS watched itself at that time or later.
    """

    rows: int = 0
    matches_new: int = 0
    matches_known: int = 0
    matches_live: int = 0
    results_new: int = 0
    results_corrected: int = 0
    quotes_stored: int = 0
    quotes_known: int = 0
    quotes_contradicting: int = 0
    quotes_of_our_own: int = 0

    def add(self, other: Self) -> None:
        """Count another account's with this one's."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(slots=True, kw_only=True)
class ImportSummary:
    """What imports did, by league and season, and what they could not use.

    `missed` are matches of The Odds API that should have been in a file of their league: they were
    postponed, or a team's name is unknown and wants a row of `TeamAlias`. `failures` holds a
    sentence for each file or league that could not be had or read.
    """

    accounts: dict[Group, Account] = field(default_factory=lambda: defaultdict(Account))
    rejected_rows: list[tuple[str, Rejection]] = field(default_factory=list)
    rejected_cells: list[tuple[str, Rejection]] = field(default_factory=list)
    missed: dict[int, Match] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Account:
        """Over all leagues and seasons."""
        total = Account()
        for account in self.accounts.values():
            total.add(account)
        return total

    def reasons(self) -> Counter[str]:
        """How often each reason kept a row or a cell out."""
        return Counter(one.reason for _file, one in self.rejected_rows + self.rejected_cells)


VERDICTS = {
    "stored": "quotes_stored",
    "known": "quotes_known",
    "contradicts": "quotes_contradicting",
    "own": "quotes_of_our_own",
}


def import_file(content: bytes, *, name: str, summary: ImportSummary, now: datetime) -> None:
    """Import one file and count what became of it.

    Args:
        content: Its bytes, gzipped or not.
        name: What it is called where something of it is rejected.
        summary: Grows by what this file did.
        now: When its results are heard.

    Raises:
        odds.football_data.reading.UnreadableFileError: It is not a file of football-data.co.uk.
    """
    listed = read_file(content)
    accounts, missed = _stored(listed, now) if listed.matches else ({}, [])
    for group, account in accounts.items():
        summary.accounts[group].add(account)
    summary.missed |= {match.pk: match for match in missed}
    summary.rejected_rows += [(name, rejection) for rejection in listed.rejected_rows]
    summary.rejected_cells += [(name, rejection) for rejection in listed.rejected_cells]


def gather_statistics() -> None:
    """Let the planner know what an import brought, before somebody asks about all of it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matches, quotes, results")


@transaction.atomic
def _stored(listed: ListedFile, now: datetime) -> tuple[dict[Group, Account], list[Match]]:
    sports = _sport_ids({match.league for match in listed.matches})
    bookmakers = _bookmaker_ids({block.source.key for block in listed.blocks})
    places, missed = place_matches(listed.matches, sports, now=now)
    first, corrected = store_results(listed.matches, places, now=now)
    accounts: dict[Group, Account] = defaultdict(Account)
    for position, (match, place) in enumerate(zip(listed.matches, places, strict=True)):
        account = accounts[_group(match)]
        account.rows += 1
        account.matches_new += place.is_new
        account.matches_known += not place.is_new
        account.matches_live += place.is_live
        account.results_new += position in first
        account.results_corrected += position in corrected
    for one in store_quotes(listed.blocks, places, bookmakers):
        account = accounts[_group(listed.matches[one.position])]
        column = VERDICTS[one.verdict]
        setattr(account, column, getattr(account, column) + one.count)
    return accounts, missed


def _group(match: ListedMatch) -> Group:
    return match.league.code, match.season


def _sport_ids(leagues: Iterable[League]) -> dict[str, int]:
    """Ids by key, each sport locked against other imports and collections of it."""
    titles = {league.sport_key: league.title for league in leagues}
    Sport.objects.bulk_create(
        [Sport(key=key, title=titles[key], group="Soccer") for key in sorted(titles)],
        ignore_conflicts=True,
    )
    ids = dict(Sport.objects.filter(key__in=titles).values_list("key", "id"))
    with connection.cursor() as cursor:
        for sport_id in sorted(ids.values()):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, sport_id])
    return ids


def _bookmaker_ids(keys: Iterable[str]) -> dict[str, int]:
    known = dict(Bookmaker.objects.filter(key__in=keys).values_list("key", "id"))
    missing = sorted(set(keys) - known.keys())
    if not missing:
        return known
    catalogue = known_bookmakers()
    sources = [SOURCE_BY_KEY[key] for key in missing]
    Bookmaker.objects.bulk_create(
        [
            catalogue.get(source.key)
            or Bookmaker(key=source.key, title=source.title, operator=source.key, kind=source.kind)
            for source in sources
        ],
        ignore_conflicts=True,
    )
    return dict(Bookmaker.objects.filter(key__in=keys).values_list("key", "id"))
