"""The site itself: the file of a running season, and the leagues wanted brought up to date."""

import logging
from collections.abc import Iterable
from datetime import datetime

import requests
from django.conf import settings

from odds.football_data.importing import ImportSummary, import_file
from odds.football_data.instants import UK, season_start_year
from odds.football_data.leagues import division_of
from odds.football_data.reading import UnreadableFileError

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30


class FootballDataError(Exception):
    """A file could not be had; the message says why."""


def fetch_season(division: str, start_year: int) -> bytes:
    """The file of one season of a league as it stands now.

    Args:
        division: The site's code, such as E0.
        start_year: In which the season began.

    Raises:
        FootballDataError: See its message.
    """
    season = f"{start_year % 100:02}{(start_year + 1) % 100:02}"
    address = f"{settings.FOOTBALL_DATA_BASE_URL.rstrip('/')}/mmz4281/{season}/{division}.csv"
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS)
    except requests.Timeout as error:
        raise FootballDataError(
            f"football-data.co.uk did not answer within {TIMEOUT_SECONDS} seconds; try again later."
        ) from error
    except requests.RequestException as error:
        raise FootballDataError(
            f"football-data.co.uk cannot be reached ({type(error).__name__}); try again later."
        ) from error
    if answer.status_code == requests.codes.not_found:
        raise FootballDataError(f"football-data.co.uk has no file {season}/{division} (yet).")
    if answer.status_code != requests.codes.ok:
        raise FootballDataError(
            f"football-data.co.uk answered {answer.status_code} for {season}/{division}; "
            "try again later."
        )
    return answer.content


def update_leagues(sport_keys: Iterable[str], *, now: datetime) -> ImportSummary:
    """Import the running season of those sports the site covers, one after the other.

    A league that cannot be had or read is told in the summary's failures and leaves the others be;
    sports the site does not cover are passed over.
    """
    summary = ImportSummary()
    start_year = season_start_year(now.astimezone(UK).date())
    for sport_key in sorted(set(sport_keys)):
        league = division_of(sport_key)
        if league is None:
            continue
        try:
            content = fetch_season(league.code, start_year)
            import_file(content, name=f"{league.code}.csv", summary=summary, now=now)
        except (FootballDataError, UnreadableFileError) as error:
            logger.warning("football-data.co.uk, %s: %s", league.code, error)
            summary.failures[league.code] = str(error)
    total = summary.total
    logger.info(
        "football-data.co.uk: %d results and %d quotes new", total.results_new, total.quotes_stored
    )
    return summary
