"""Recorded answers of The Odds API through the same parser and storage, at their own times.

Understood are JSON lines `{"fetched_at": …, "sport": …, "body": …}`, one `/odds` or event answer to
a file, and the historical wrapper `{"timestamp": …, "data": …}`; each plain or gzipped.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from django.db import transaction

from odds.collector import account_for
from odds.models import Collection, CollectionSettings, Sport
from odds.parsing import parse_snapshot
from odds.storage import store_snapshot
from odds.tally import Tally
from odds.withdrawals import Asked

OddsFormat = Literal["decimal", "american", "detect"]
SUFFIXES = (".json", ".jsonl", ".json.gz", ".jsonl.gz")
MIXED = "upcoming"


class UnreadableRecordingError(ValueError):
    """A file, or a line of it, is not a recorded answer; the message says what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded answer.

    `sport_key` is None where neither the recording nor a match of it tells the sport;
    `is_of_one_match` where the answer was to a question about a single match.
    """

    observed_at: datetime
    sport_key: str | None
    body: list[Any]
    is_of_one_match: bool = False


def find_recordings(paths: list[Path]) -> list[Path]:
    """The files meant by these files and folders, sorted inside each folder.

    Raises:
        FileNotFoundError: One of them does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} does not exist.")
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES))
        else:
            found.append(path)
    return found


def read_recordings(path: Path, stream: IO[bytes]) -> Iterator[Recording]:
    """The answers of one file, in its order.

    Args:
        path: Its name decides how it is read.
        stream: The open file; the caller may watch its position to show progress.

    Raises:
        UnreadableRecordingError: It holds something else.
    """
    try:
        with gzip.open(stream) if path.name.endswith(".gz") else nullcontext(stream) as plain:
            if ".jsonl" not in path.name:
                yield _single(json.loads(plain.read()))
                return
            for number, line in enumerate(plain, start=1):
                if line.strip():
                    yield _line(line, number)
    except (OSError, EOFError, ValueError) as error:
        if isinstance(error, UnreadableRecordingError):
            raise
        raise UnreadableRecordingError(f"it cannot be read ({error})") from error


def _line(line: bytes, number: int) -> Recording:
    record = json.loads(line)
    if not isinstance(record, dict) or not {"fetched_at", "body"} <= record.keys():
        raise UnreadableRecordingError(f"line {number} has no fetched_at and body")
    body = _events(record["body"])
    return Recording(
        observed_at=_instant(record["fetched_at"]),
        sport_key=record.get("sport") or _sport_of(body),
        body=body,
        is_of_one_match=isinstance(record["body"], dict),
    )


def _single(value: Any) -> Recording:
    if isinstance(value, dict) and {"timestamp", "data"} <= value.keys():
        observed_at, value = _instant(value["timestamp"]), value["data"]
        body = _events(value)
    else:
        body = _events(value)
        observed_at = _newest_update(body)
    return Recording(
        observed_at=observed_at,
        sport_key=_sport_of(body),
        body=body,
        is_of_one_match=isinstance(value, dict),
    )


def _events(value: Any) -> list[Any]:
    events = [value] if isinstance(value, dict) else value
    if not isinstance(events, list):
        raise UnreadableRecordingError("it is not a list of matches")
    if any(not isinstance(event, dict) or "bookmakers" not in event for event in events):
        raise UnreadableRecordingError("it holds no odds (a list of sports, matches or scores)")
    return events


def _sport_of(body: list[Any]) -> str | None:
    keys = {event.get("sport_key") for event in body}
    if len(keys) > 1:
        return MIXED
    return next(iter(keys), None)


def _newest_update(body: list[Any]) -> datetime:
    """A bare body does not say when it was fetched; its newest update is the best witness."""
    updates = [
        part["last_update"]
        for event in body
        for bookmaker in event["bookmakers"]
        for part in (bookmaker, *bookmaker.get("markets", []))
        if part.get("last_update")
    ]
    if not updates:
        raise UnreadableRecordingError("it does not say when it was fetched")
    return max(_instant(update) for update in updates)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def store_recording(recording: Recording, *, odds_format: OddsFormat = "decimal") -> Tally:
    """Store one recorded answer at its own time; storing it again changes nothing.

    The account of the first time is kept as a collection of source `replay`.
    """
    american = odds_format == "american" or (
        odds_format == "detect" and looks_american(recording.body)
    )
    snapshot = parse_snapshot(recording.body, american=american)
    markets = sorted(snapshot.received) or CollectionSettings.current().market_keys
    with transaction.atomic():
        tally = store_snapshot(
            snapshot, observed_at=recording.observed_at, asked=_asked(recording, markets)
        )
        if recording.sport_key is not None:
            sport, _new = Sport.objects.get_or_create(
                key=recording.sport_key, defaults={"title": recording.sport_key}
            )
            _keep_account(sport, recording.observed_at, markets, tally)
    return tally


def _asked(recording: Recording, markets: list[str]) -> Asked | None:
    """What the recorded question was, as far as its answer tells."""
    if recording.sport_key is None:
        return None
    is_whole_sport = not recording.is_of_one_match and recording.sport_key != MIXED
    return Asked(sport_key=recording.sport_key, markets=markets, is_whole_sport=is_whole_sport)


def _keep_account(sport: Sport, observed_at: datetime, markets: list[str], tally: Tally) -> None:
    is_known = Collection.objects.filter(
        sport=sport, source=Collection.Source.REPLAY, started_at=observed_at
    ).exists()
    if is_known:
        return
    collection = Collection(
        sport=sport,
        source=Collection.Source.REPLAY,
        reason=Collection.Reason.REPLAY,
        markets=markets,
        status=Collection.Status.STORED,
        started_at=observed_at,
        finished_at=observed_at,
        observed_at=observed_at,
    )
    account_for(collection, tally)
    collection.save()


def looks_american(body: list[Any]) -> bool:
    """Every price is a whole number at least 100 away from zero, as no decimal body's are."""
    prices = [
        outcome.get("price")
        for event in body
        for bookmaker in event["bookmakers"]
        for market in bookmaker.get("markets", [])
        for outcome in market.get("outcomes", [])
    ]
    return bool(prices) and all(
        isinstance(price, int | float) and abs(price) >= 100 and price == int(price)
        for price in prices
    )
