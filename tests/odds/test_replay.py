"""Replaying recordings: every format, every oddity, twice."""

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from odds.models import Collection, Quote
from odds.replay import find_recordings, looks_american
from tests.odds.test_parsing import H2H, bookmaker, event, market

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "the-odds-api"
# A bounded sample: every request shape, American and decimal, empty answers, quarter lines, a
# swap of home and away, an outright, prices without liquidity.
SAMPLE = [
    "odds",
    "event_odds",
    "rebuilt_json",
    "series/multi_region_2026",
    "series/eu_soccer_leagues_2024-08",
    "series/eu_daily_2026/2026-08-12.jsonl.gz",
    "series/soccer_fifa_world_cup_2026_us/2026-06-10.jsonl.gz",
    "documented-examples/historical_odds_trimmed.json",
]


def replay(*paths: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("replay_odds", *paths, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def write(path: Path, *records: Any) -> Path:
    text = "\n".join(json.dumps(record) for record in records)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def recorded(hour: int, *bookmakers: Any, **given: Any) -> dict[str, Any]:
    body = [event(*bookmakers)] if bookmakers else []
    return {"fetched_at": f"2026-11-20T{hour:02}:00:00Z", "body": body} | given


@pytest.mark.django_db
def test_recorded_answers_are_stored_at_their_recorded_times(tmp_path: Path):
    other = market("h2h", ("Leeds United", 2.2), ("Draw", 3.5), ("Fulham", 3.4))
    file = write(
        tmp_path / "day.jsonl.gz",
        recorded(10, bookmaker(H2H)),
        recorded(11, bookmaker(H2H)),
        recorded(12, bookmaker(other)),
        recorded(13, sport="soccer_epl"),
    )

    told = replay(file)

    assert [row.observed_at.hour for row in Quote.objects.order_by("observed_at")] == [10, 12, 13]
    assert Quote.objects.get(odds_1=None).observed_at.hour == 13  # the empty answer withdrew it
    assert Collection.objects.filter(source="replay").count() == 4
    assert told.splitlines()[-1].split() == ["h2h", "3", "2", "1", "0"]


@pytest.mark.django_db
def test_a_second_run_stores_nothing_and_keeps_the_first_account(tmp_path: Path):
    file = write(tmp_path / "day.jsonl", recorded(10, bookmaker(H2H)))
    replay(file)

    told = replay(file)

    assert told.splitlines()[-1].split() == ["h2h", "1", "0", "1", "0"]
    assert Collection.objects.get().quotes_stored == 1


@pytest.mark.django_db
def test_american_recordings_are_converted_only_when_asked_for(tmp_path: Path):
    american = market("h2h", ("Leeds United", 150), ("Draw", 220), ("Fulham", 180))
    as_given = write(tmp_path / "a.json", [event(bookmaker(american))])
    to_convert = write(tmp_path / "b.json", [event(bookmaker(american), id="another")])

    replay(as_given)
    replay(to_convert, odds_format="detect")

    stored = dict(Quote.objects.values_list("match__provider_id", "odds_1"))
    assert {key: float(odds) for key, odds in stored.items()} == {"9f2c": 150, "another": 2.5}
    assert looks_american([event(bookmaker(american))])
    assert not looks_american([event(bookmaker(H2H))])
    assert not looks_american([event()])


@pytest.mark.django_db
def test_files_that_hold_something_else_are_named_and_left_out(tmp_path: Path):
    write(tmp_path / "sports.json", [{"key": "soccer_epl", "group": "Soccer"}])
    (tmp_path / "broken.json.gz").write_bytes(gzip.compress(b"[{}]" * 9)[:-9])
    (tmp_path / "text.jsonl").write_text("no json\n")
    write(tmp_path / "good.json", [event(bookmaker(H2H))])

    told = replay(tmp_path)

    lines = {line.split()[0].partition("/")[2]: line for line in told.splitlines() if "/" in line}
    assert "it holds no odds" in lines["sports.json"]
    assert "it cannot be read" in lines["broken.json.gz"]
    assert "it cannot be read" in lines["text.jsonl"]
    assert lines["good.json"].split()[1:] == ["1", "1", "0", "0"]


def test_a_path_that_is_not_there_or_empty_is_told_in_one_sentence(tmp_path: Path):
    with pytest.raises(CommandError, match="nowhere does not exist"):
        replay(tmp_path / "nowhere")
    with pytest.raises(CommandError, match=r"No \.json"):
        replay(tmp_path)


@pytest.mark.recorded
@pytest.mark.django_db
@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded odds are not beside the repository")
def test_real_recordings_are_accounted_for_and_a_second_run_stores_none():
    files = find_recordings([p for part in SAMPLE if (p := RECORDED / part).exists()])
    assert len(files) > 20

    first, second = (replay(*files, odds_format="detect") for _run in range(2))

    for told, is_first in ((first, True), (second, False)):
        counts = [
            [int(cell) for cell in line.split()[1:]]
            for line in told.splitlines()
            if re.fullmatch(r"\S+(\s+\d+){4}", line)
        ]
        assert len(counts) > 20
        for received, stored, unchanged, rejected in counts:
            assert received == stored + unchanged + rejected
            assert is_first or stored == 0
        assert sum(stored for _received, stored, *_rest in counts) == 0 or is_first
    assert Quote.objects.count() > 10_000
