"""What the site of the flows knows: a bettor's matches, bets, strategies and everything around.

    python -m tests.e2e.flows.world

fills the migrated database of DATABASE_URL. Prices go in as the collector stores them, and every
value, bet, settlement, ranking and test comes from the product's own steps.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_celery_beat import models as beat  # noqa: E402

from alerts import heartbeats  # noqa: E402
from alerts.models import Alert, Mail  # noqa: E402
from backups.models import Backup  # noqa: E402
from betting.detection import opportunities  # noqa: E402
from betting.models import BetImport, ClosingLine  # noqa: E402
from odds import catalogue  # noqa: E402
from odds.budget import situation, stored  # noqa: E402
from odds.models import (  # noqa: E402
    Bookmaker,
    CollectionSettings,
    Match,
    MatchChange,
    MatchResult,
    PlannerSettings,
    Sport,
    TeamAlias,
)
from odds.parsing import SeenMatch, SeenQuote, Snapshot  # noqa: E402
from odds.planner import planning  # noqa: E402
from odds.storage import store_snapshot  # noqa: E402
from strategies import experiments, lifecycle, versions  # noqa: E402
from strategies.learning.analyses import analyse_strategies  # noqa: E402
from strategies.models import Improvement, NightlyRun, Proof, Strategy  # noqa: E402
from strategies.ranking import ranking  # noqa: E402
from tests.factories import (  # noqa: E402
    NOON,
    make_account,
    make_bet,
    make_collection,
    make_match,
    make_prediction,
)
from tests.strategies.admin.pages import make_backtest, make_result  # noqa: E402
from tests.strategies.admin.test_admin_proofs import make_results  # noqa: E402
from tests.strategies.backtests.stored import make_season  # noqa: E402
from tests.strategies.learning.stored import make_record  # noqa: E402

OWNER, PASSWORD = "owner", "a good password"
LIGUE_1 = "soccer_france_ligue_one"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOFT = ("betclic_fr", "unibet_fr", "betsson", "marathonbet")
# Hours ago, and what Pinnacle, four soft bookmakers and Winamax asked for home, draw and away.
LOOKS = {
    9: ((2.05, 3.45, 3.80), (2.00, 3.30, 3.60), (2.16, 3.40, 3.60)),
    6: ((2.00, 3.50, 3.95), (1.96, 3.35, 3.75), (2.12, 3.40, 3.65)),
    3: ((1.95, 3.55, 4.10), (1.92, 3.40, 3.85), (2.09, 3.45, 3.70)),
    0: ((1.92, 3.60, 4.20), (1.88, 3.45, 3.95), (2.06, 3.45, 3.80)),
}
LAGGING = "Nice"  # Winamax never moves there, so that its price is refused
BEST = "Nantes"  # and pays a little more there
FIXTURES = (("Lens", "Lille", 5), ("Nantes", "Brest", 30), ("Nice", "Metz", 54))


def make_site() -> None:
    """Everything, in the order in which it happens to a bettor."""
    now = timezone.now()
    make_installation(now)
    make_matches(now)
    make_bets(now)
    make_strategies(now)
    make_improvements(now)
    make_long_work()
    make_running(now)
    stored.save(planning.plan(situation.read(now)), fingerprint="")


def make_installation(now: datetime) -> None:
    """An owner, a league that is collected, money."""
    User.objects.create_superuser(OWNER, password=PASSWORD)
    Group.objects.create(name="Lecteurs")
    catalogue.seed()
    Sport.objects.update_or_create(
        key=LIGUE_1,
        defaults={"title": "Ligue 1 - France", "group": "Soccer", "is_collected": True},
    )
    CollectionSettings.objects.create(pk=1)
    PlannerSettings.objects.create(pk=1, is_on=True)
    make_account("1000", at=now - 90 * DAY)
    make_account("200", bookmaker=Bookmaker.objects.get(key="winamax_fr"), at=now - 60 * DAY)


def make_matches(now: datetime) -> None:
    """Odds that moved for hours, each look followed by a detection; Winamax stays behind."""
    sport = Sport.objects.get(key=LIGUE_1)
    for hours, prices in LOOKS.items():
        at = now - hours * HOUR
        with transaction.atomic():
            store_snapshot(snapshot_at(at, prices, now), observed_at=at)
            make_collection(sport=sport, started_at=at, credits_remaining=480 + hours)
        opportunities.detect(sport.pk, now=at)


def snapshot_at(at: datetime, prices: tuple[tuple[float, ...], ...], now: datetime) -> Snapshot:
    """What one answer held: three matches at six bookmakers."""
    sharp, soft, brave = prices
    snapshot = Snapshot()
    for home, away, hours in FIXTURES:
        match_id = uuid5(NAMESPACE_URL, home).hex
        own = {LAGGING: (2.05, 3.40, 3.60), BEST: (brave[0] + 0.04, *brave[1:])}.get(home, brave)
        asked = {"pinnacle": sharp, **dict.fromkeys(SOFT, soft), "winamax_fr": own}
        snapshot.matches.append(
            SeenMatch(
                provider_id=match_id, sport_key=LIGUE_1, sport_title="Ligue 1 - France",
                commence_time=now + hours * HOUR, home_team=home, away_team=away,
            )
        )  # fmt: skip
        for key, odds in asked.items():
            snapshot.received["h2h"] += 1
            snapshot.quotes.append(
                SeenQuote(
                    provider_id=match_id, bookmaker_key=key, bookmaker_title=key, market="h2h",
                    line=0.0, odds=(odds[0], odds[1], odds[2]), source_updated_at=at,
                )
            )  # fmt: skip
    return snapshot


def make_bets(now: datetime) -> None:
    """Two months of graded bets, and three that are pending; one waits for its result."""
    books = list(Bookmaker.objects.filter(key__in=["winamax_fr", "betclic_fr", "unibet_fr"]))
    sport = Sport.objects.get(key=LIGUE_1)
    for number in range(60):
        at = now - (60 - number) * DAY
        make_bet(
            ("won", "lost", "lost", "won", "void")[number % 5],
            match=make_match(
                sport=sport, commence_time=at + HOUR, status="completed", home_score=2,
                away_score=1,
            ),
            bookmaker=books[number % 3], odds=f"{1.6 + number % 7 / 2:.2f}", at=at,
            settled_at=at + 3 * HOUR, fair_probability=0.5, edge_pct=3.0, clv_status="graded",
            clv_fair_pct=float(number % 5) - 1.5, clv_pct=2.0, clv_reference="pinnacle",
        )  # fmt: skip
    played = make_match(
        sport=sport, home_team="Lyon", away_team="Monaco", commence_time=now - 4 * HOUR
    )
    make_bet(match=played, bookmaker=books[0], odds="2.50", stake="20", at=now - DAY)
    make_bet(match=played, outcome="away", bookmaker=books[1], odds="2.90", at=now - DAY)
    make_bet(match=Match.objects.get(home_team="Lens"), bookmaker=books[2], at=now - HOUR)
    closed = Match.objects.filter(bets__result="won").first()
    assert closed
    ClosingLine.objects.create(
        match=closed, market="h2h", reference="pinnacle", source="quotes", odds_1="2.00",
        odds_x="3.50", odds_2="4.00", fair_1=0.48, fair_x=0.27, fair_2=0.25, bookmaker_count=6,
        seen_at=closed.commence_time, kickoff_at=closed.commence_time, minutes_before_kickoff=2,
        captured_at=closed.commence_time,
    )  # fmt: skip
    MatchResult.objects.create(
        match=closed, source="hand", status="completed", home_score=2, away_score=1,
        observed_at=closed.commence_time + 2 * HOUR,
    )  # fmt: skip


def make_strategies(now: datetime) -> None:
    """The shipped ones; two with a record, of which one spoke of the next match."""
    versions.install_shipped(now=now - 90 * DAY)
    sharp = current("sharp_reference")
    make_record(version=sharp)
    line_mover = current("line_mover")
    for number in range(40):
        at = now - (40 - number) * DAY
        is_won = number % 3 == 0
        make_prediction(
            version=line_mover, match=make_match(commence_time=at + HOUR), predicted_at=at,
            result="won" if is_won else "lost", profit=1.1 if is_won else -1.0,
            settled_at=at + 3 * HOUR, clv_status="graded", clv_fair_pct=float(number % 4) - 1,
            clv_pct=1.0, graded_at=at + 3 * HOUR,
        )  # fmt: skip
    lens = Match.objects.get(home_team="Lens")
    for version in (sharp, line_mover):
        make_prediction(version=version, match=lens, predicted_at=now - HOUR)
    analyse_strategies(clock=lambda: NOON)
    ranking.rank(now=now, is_anew=True)
    NightlyRun.objects.create(day=now.date(), status="done", started_at=now, finished_at=now)


def current(agent: str) -> Any:
    return Strategy.objects.get(agent=agent).versions.get(is_current=True)


def make_improvements(now: datetime) -> None:
    """Two proposed, one in test since a month, one archived."""
    for agent in ("consensus_value", "goals_model"):
        propose(agent, now, failure_pattern=f"Perd sur les favoris ({agent})")
    archived = propose("spread_optimizer", now)
    lifecycle.archive(archived.pk, reason="Archivage manuel", now=now, by=OWNER)
    tested = propose("line_mover", now - 31 * DAY)
    lifecycle.activate([tested.pk], now=now - 30 * DAY, by=OWNER)
    tested = Improvement.objects.get(pk=tested.pk)
    for number in range(60):
        at = now - (28 - number % 28) * DAY
        match = make_match(commence_time=at + HOUR)
        for version, clv in ((tested.version_a, number % 5 - 2.0), (tested.version_b, number % 4)):
            make_prediction(
                version=version, match=match, predicted_at=at, result="won", profit=1.1,
                settled_at=at + 3 * HOUR, clv_status="graded", clv_fair_pct=float(clv),
                clv_pct=1.0, graded_at=at + 3 * HOUR,
            )  # fmt: skip
    experiments.follow(now=now)


def propose(agent: str, at: datetime, **told: Any) -> Improvement:
    """Its threshold one higher."""
    strategy = Strategy.objects.get(agent=agent)
    threshold = strategy.rules.threshold
    before = strategy.versions.get(is_current=True).mapping[threshold]
    return lifecycle.propose(strategy, {threshold: before + 1}, now=at, by=OWNER, **told)


def make_long_work() -> None:
    """A season of the past to look at, a backtest and a proof that were done."""
    make_season()
    make_backtest(current("sharp_reference"), result=make_result())
    known = {"created_at": NOON, "started_at": NOON, "finished_at": NOON, "asked_by": OWNER}
    Proof.objects.create(status="done", progress=1.0, result=make_results().as_json(), **known)


def make_running(now: datetime) -> None:
    """Signs of life, an alert, a mail, a backup; what beat and the importers leave."""
    heartbeats.beat(heartbeats.BEAT, now=now)
    heartbeats.beat(heartbeats.of_worker("celery"), now=now)
    Alert.objects.create(
        source="own", fingerprint="f" * 64, name="BankrollCritique", severity="critical",
        pending_since=now - HOUR, starts_at=now - HOUR, seen_at=now,
    )  # fmt: skip
    Mail.objects.create(
        key="k", severity="info", subject="Résumé du jour", text="Rien à signaler.",
        created_at=now, due_at=now,
    )  # fmt: skip
    Backup.objects.create(
        file_name="monps.dump", status="done", started_at=now, finished_at=now, bytes=10_000,
        sha256="0" * 64,
    )  # fmt: skip
    lens = Match.objects.get(home_team="Lens")
    MatchChange.objects.create(
        match=lens, kind="swapped", before="A – B", after="B – A", observed_at=now
    )
    TeamAlias.objects.create(sport=lens.sport, name="RC Lens", team="Lens")
    content = "placed_at,home_team,kickoff,outcome,bookmaker,odds,stake\n"
    BetImport.objects.create(name="paris.csv", content=content, uploaded_at=now)
    interval = beat.IntervalSchedule.objects.create(every=20, period="seconds")
    beat.PeriodicTask.objects.create(name="collect", task="collect", interval=interval)
    beat.CrontabSchedule.objects.create(minute="5")
    beat.SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    beat.ClockedSchedule.objects.create(clocked_time=now)


if __name__ == "__main__":
    make_site()
