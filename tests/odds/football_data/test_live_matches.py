"""Files about matches that The Odds API gave: attached where both teams are sure, else apart."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from odds.football_data.importing import ImportSummary, import_file
from odds.models import LatestQuote, Match, Quote, TeamAlias
from tests.factories import make_bookmaker, make_match, make_quote, make_sport
from tests.odds.football_data.files import FRIDAY, KICKOFF, NOW, PRICES, csv_bytes, load, row

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.django_db


def test_a_match_of_the_odds_api_gets_the_result_and_the_quotes():
    live = make_match(
        sport=make_sport(key="soccer_epl"),
        home_team="Manchester City",
        away_team="Nottingham Forest",
        commence_time=KICKOFF + timedelta(minutes=3),
    )

    account = load(row("Man City", "Nott'm Forest", **PRICES))

    assert Match.objects.get() == live
    live.refresh_from_db()
    assert (live.status, live.home_score, live.away_score) == ("completed", 2, 1)
    closing = Quote.objects.get(market="totals", observed_at__gt=FRIDAY)
    assert closing.observed_at == live.commence_time - timedelta(minutes=1)
    assert (account.matches_live, account.results_new, account.quotes_stored) == (1, 1, 8)
    assert load(row("Man City", "Nott'm Forest", **PRICES)).quotes_stored == 0


def test_a_match_that_lists_the_teams_the_other_way_round_gets_everything_turned():
    live = make_match(
        sport=make_sport(key="soccer_epl"),
        home_team="Fulham",
        away_team="Leeds United",
        commence_time=KICKOFF,
    )

    load(row(**PRICES))

    live.refresh_from_db()
    assert (live.home_score, live.away_score) == (1, 2)
    h2h, totals, spreads = (
        live.quotes.filter(market=market, observed_at=FRIDAY).order_by("-odds_1").first()
        for market in ("h2h", "totals", "spreads")
    )
    assert (h2h.odds_1, h2h.odds_x, h2h.odds_2) == (Decimal("3.75"), Decimal("3.5"), Decimal("2.2"))
    assert (totals.odds_1, totals.line) == (Decimal("1.95"), Decimal("2.5"))
    assert (spreads.odds_1, spreads.line) == (Decimal("2.02"), Decimal("0.25"))


@pytest.mark.parametrize(
    ("home", "away", "theirs"),
    [
        ("Manchester United", "Everton", ("Man City", "Everton")),
        ("Real Madrid", "Girona", ("Ath Madrid", "Girona")),
    ],
)
def test_another_team_of_the_same_town_gets_nothing(home: str, away: str, theirs: tuple[str, str]):
    live = make_match(
        sport=make_sport(key="soccer_epl"), home_team=home, away_team=away, commence_time=KICKOFF
    )

    load(row(*theirs, **PRICES))

    live.refresh_from_db()
    assert live.status == "scheduled"
    assert not live.quotes.exists()
    assert not TeamAlias.objects.exists()
    assert Match.objects.count() == 2


def test_a_name_proven_by_the_other_team_is_kept_and_a_persons_name_wins():
    sport = make_sport(key="soccer_epl")
    make_match(sport=sport, home_team="Leeds United", away_team="Fancy", commence_time=KICKOFF)

    load(row("Leeds", "Fncy"))

    alias = TeamAlias.objects.get()
    assert (alias.sport, alias.name, alias.team) == (sport, "Fncy", "Fancy")
    TeamAlias.objects.update(team="Other Club")
    later = {"Date": "19/01/2025"}
    other = make_match(
        sport=sport,
        home_team="Leeds United",
        away_team="Other Club",
        commence_time=KICKOFF + timedelta(days=7),
    )
    load(row("Leeds", "Fncy", **later))
    other.refresh_from_db()
    assert other.status == "completed"
    assert TeamAlias.objects.get().team == "Other Club"


@pytest.mark.parametrize("seen_at", [FRIDAY, KICKOFF + timedelta(hours=1)])
def test_where_we_looked_ourselves_our_history_stands_and_the_close_is_added(seen_at: datetime):
    live = make_match(
        sport=make_sport(key="soccer_epl"),
        home_team="Leeds United",
        away_team="Fulham",
        commence_time=KICKOFF,
    )
    changed_at = FRIDAY - timedelta(days=1)
    pinnacle = make_bookmaker("pinnacle")
    make_quote(
        "2.50",
        "3.40",
        "3.00",
        match=live,
        bookmaker=pinnacle,
        changed_at=changed_at,
        seen_at=seen_at,
    )

    account = load(row(**PRICES))

    ours = Quote.objects.filter(match=live, bookmaker=pinnacle, market="h2h")
    assert [str(q.odds_1) for q in ours.order_by("observed_at")] == ["2.500", "2.050"]
    assert (account.quotes_of_our_own, account.quotes_stored) == (1, 7)


@pytest.mark.parametrize(("withdrawn_at", "own"), [(FRIDAY, 1), (FRIDAY - timedelta(hours=1), 0)])
def test_where_we_saw_a_quote_withdrawn_our_history_stands(withdrawn_at: datetime, own: int):
    live = make_match(
        sport=make_sport(key="soccer_epl"),
        home_team="Leeds United",
        away_team="Fulham",
        commence_time=KICKOFF,
    )
    ours = {"match": live, "bookmaker": make_bookmaker("pinnacle")}
    make_quote("2.50", "3.40", "3.00", **ours, seen_at=FRIDAY - timedelta(days=1))
    LatestQuote.objects.update(is_offered=False)
    Quote.objects.create(**ours, market="h2h", observed_at=withdrawn_at, source_updated_at=FRIDAY)

    account = load(row(**PRICES))

    assert (account.quotes_of_our_own, account.quotes_stored) == (own, 8 - own)
    assert load(row(**PRICES)).quotes_stored == 0


def test_a_price_later_than_our_last_look_lengthens_history():
    live = make_match(
        sport=make_sport(key="soccer_epl"),
        home_team="Leeds United",
        away_team="Fulham",
        commence_time=KICKOFF,
    )
    pinnacle = make_bookmaker("pinnacle")
    make_quote(
        "2.50", "3.40", "3.00",
        match=live, bookmaker=pinnacle, seen_at=FRIDAY - timedelta(seconds=1),
    )  # fmt: skip

    assert load(row(**PRICES)).quotes_stored == 8


def test_our_matches_that_the_file_should_hold_are_told():
    sport = make_sport(key="soccer_epl")
    missed = make_match(sport=sport, home_team="A", away_team="B", commence_time=KICKOFF)
    make_match(sport=sport, commence_time=KICKOFF + timedelta(hours=8))  # after the file ends
    make_match(sport=make_sport(key="soccer_spl"), commence_time=KICKOFF)
    summary = ImportSummary()

    import_file(csv_bytes(row(), row("Everton")), name="E0.csv", summary=summary, now=NOW)

    assert summary.missed == {missed.pk: missed}


@pytest.mark.recorded
@pytest.mark.skipif(not SHARED.exists(), reason="the recorded files are not beside the repository")
def test_recorded_matches_of_both_sources_are_one():
    answer = SHARED / "the-odds-api" / "odds" / "soccer_epl_eu_2024-10-13.json.gz"
    call_command("replay_odds", answer, stdout=io.StringIO(), stderr=io.StringIO())
    file = SHARED / "football-data" / "2024-2025_E0.csv.gz"
    summary = ImportSummary()

    import_file(file.read_bytes(), name=file.name, summary=summary, now=NOW)

    assert summary.total.matches_live == 20  # all that the answer holds
    assert summary.missed == {}
    assert Match.objects.filter(status="completed").count() == Match.objects.count() == 380
    assert not TeamAlias.objects.exists()
