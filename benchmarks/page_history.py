"""Three years of a bettor's rows for the benchmark of pages: every table that a page reads."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from benchmarks import bench_api, bench_scrape, bench_stats
from odds.budget import ticking
from odds.models import PlannerSettings
from strategies import lifecycle, versions
from strategies.models import Strategy, StrategyVersion
from strategies.ranking.ranking import rank

COMING: Final = bench_api.MATCHES  # two hours apart; those that have quotes
OPEN: Final = 14 * COMING  # h2h, two totals and a handicap, each as a value and as a spread
EVERY: Final = "6 minutes"  # a call, so that they fill the three years
SPORTS: Final = 9
STRATEGIES: Final = 10

# The bets of the first matches, which are still to come, go to others; so do the dates of theirs.
FILL_SPORTS: Final = f"""
INSERT INTO sports (id, key, title, "group", is_collected)
SELECT n, 'soccer_' || n, 'Soccer ' || n, 'Soccer', true FROM generate_series(2, {SPORTS}) AS n;
UPDATE matches SET sport_id = 1 + id % {SPORTS};
UPDATE bets
SET match_id = moved.id, home_team = moved.home_team, away_team = moved.away_team,
    commence_time = moved.commence_time, placed_at = moved.commence_time - interval '1 day',
    settled_at = moved.commence_time + interval '2 hours' + bets.id * interval '1 second'
FROM matches AS moved
WHERE match_id <= {COMING} AND moved.id = match_id + {COMING};
UPDATE matches
SET commence_time = now() + id * interval '2 hours', status = 'scheduled', home_score = NULL,
    away_score = NULL, listed_at = now() - interval '5 days'
WHERE id <= {COMING};
UPDATE latest_quotes SET seen_at = now() - interval '1 minute';
UPDATE bookmakers
SET is_playable = id % 4 = 0,
    kind = CASE id WHEN 1 THEN 'sharp' WHEN 2 THEN 'exchange' ELSE kind END;
INSERT INTO bets (id, match_id, home_team, away_team, sport_key, league, commence_time, market,
    line, outcome, selection, side, bookmaker_id, odds, stake, risk, commission, bet_type,
    account_id,
    is_paper, edge_pct, fair_probability, reference, agent_recommended, patron_score, notes, status,
    result, final_score, commission_paid, placed_at, updated_at, revision, request_digest,
    clv_status, clv_reference, settled_by)
SELECT (SELECT max(id) FROM bets) + id, id, home_team, away_team, 'soccer_1', '', commence_time,
       'h2h', 0, 'home', '', 'back', 1 + id % {bench_api.BOOKMAKERS}, 2.1, 10, 10, 0, 'value', 1,
       false, 3, 0.48, 'book_1', '', '', '', 'pending', '', '', 0, now() - interval '1 hour', now(),
       1, '', 'pending', '', ''
FROM matches WHERE id <= 40;
INSERT INTO bankroll_entries (account_id, kind, amount, bet_id, revision, at, recorded_by, note)
SELECT 1, 'stake', -risk, id, 1, placed_at, '', '' FROM bets WHERE status = 'pending';
"""

# 5,040 on offer; an ended one for every forty changes of a quote.
FILL_OPPORTUNITIES: Final = f"""
INSERT INTO opportunities (match_id, market, line, outcome, kind, rejection, best_odds,
    best_bookmaker_id, worst_odds, worst_bookmaker_id, bookmaker_count, spread_pct,
    fair_probability, reference, edge_pct, shrunk_edge_pct, legs, price_seen_at, first_odds,
    first_edge_pct, peak_edge_pct, peak_at, first_seen_at, last_seen_at, closing, first_reference,
    clv_status, clv_reference, paper_result)
SELECT match_id, market, line, outcome, kind, '', 3.1,
       1 + (match_id + ascii(outcome)) %% {bench_api.BOOKMAKERS}, 2.7,
       1 + (match_id + 1) %% {bench_api.BOOKMAKERS}, {bench_api.BOOKMAKERS}, 5 + 20 * random(),
       0.34, 'book_1', 2 + 8 * random(), 2.5, '[]', now() - interval '1 minute', 3.1, 5, 5, now(),
       now() - match_id * interval '1 minute', now(), '', 'book_1', 'pending', '', ''
FROM generate_series(1, {COMING}) AS match_id,
     (VALUES ('h2h', 0, 'home'), ('h2h', 0, 'draw'), ('h2h', 0, 'away'), ('totals', 2.5, 'over'),
             ('totals', 2.5, 'under'), ('totals', 3.5, 'over'), ('totals', 3.5, 'under'))
         AS wagers (market, line, outcome),
     (VALUES ('value'), ('spread')) AS kinds (kind);
INSERT INTO opportunities (match_id, market, line, outcome, kind, rejection, best_odds,
    best_bookmaker_id, worst_odds, worst_bookmaker_id, bookmaker_count, spread_pct,
    fair_probability, reference, edge_pct, shrunk_edge_pct, legs, price_seen_at, first_odds,
    first_edge_pct, peak_edge_pct, peak_at, first_seen_at, last_seen_at, closed_at, closing,
    first_reference, clv_status, clv_reference, clv_pct, clv_fair_pct, graded_at, paper_result,
    paper_profit)
SELECT {COMING} + 1 + n %% ({bench_stats.MATCHES} - {COMING}), 'h2h', 0,
       (ARRAY['home', 'draw', 'away'])[1 + n %% 3],
       CASE WHEN n %% 3 = 0 THEN 'value' ELSE 'spread' END,
       CASE WHEN n %% 10 = 0 THEN 'stale' ELSE '' END, 3.1, 1 + n %% {bench_api.BOOKMAKERS}, 2.7, 2,
       40, 9, 0.34, 'consensus', 5, 2.5, '[]', at, 3.1, 5, 5, at, at, at, at, 'price_moved',
       'consensus', CASE WHEN n %% 5 = 0 THEN 'missing' ELSE 'graded' END, 'book_1', 3,
       6 * (random() - 0.4), at, CASE WHEN n %% 3 = 0 THEN 'won' ELSE 'lost' END,
       CASE WHEN n %% 3 = 0 THEN 2.1 ELSE -1 END
FROM generate_series(1, %(ended)s::bigint) AS n,
     LATERAL (SELECT now() - n * %(every)s::interval AS at) AS instants;
"""

FILL_FACTS: Final = f"""
INSERT INTO closing_lines (match_id, market, line, reference, source, odds_1, odds_x, odds_2,
    fair_1, fair_x, fair_2, bookmaker_count, seen_at, kickoff_at, minutes_before_kickoff, missing,
    captured_at)
SELECT id, market, CASE market WHEN 'h2h' THEN 0 ELSE 2.5 END, reference, 'quotes', 2.1,
       CASE market WHEN 'h2h' THEN 3.4 END, 3.5, 0.45, CASE market WHEN 'h2h' THEN 0.28 END, 0.27,
       40, commence_time - interval '5 minutes', commence_time, 5, '', commence_time
FROM matches, unnest(ARRAY['h2h', 'totals']) AS market,
     unnest(ARRAY['book_1', 'consensus']) AS reference
WHERE id > {COMING};
INSERT INTO results (match_id, source, status, home_score, away_score, observed_at, recorded_by,
    note)
SELECT id, 'football_data', 'completed', 1, 0, commence_time + interval '1 day', '', ''
FROM matches WHERE id > {COMING};
INSERT INTO match_changes (match_id, kind, before, after, observed_at)
SELECT id, 'kickoff', '15:00', '15:30', commence_time - interval '1 week' FROM matches;
INSERT INTO team_aliases (sport_id, name, team)
SELECT 1 + n % {SPORTS}, 'Name ' || n, 'Home ' || n FROM generate_series(1, 500) AS n;
INSERT INTO bet_changes (bet_id, kind, before, after, reason, by, at)
SELECT id, 'settled', '{{}}', '{{}}', '', '', settled_at FROM bets
WHERE settled_at IS NOT NULL AND id % 10 = 0;
INSERT INTO planned_calls (sport_id, kind, endpoint, markets, regions, bookmakers, at, until,
    kickoff, cost, value, match_ids, reason, numbers, status, planned_at, claimed_at, ended_at,
    error)
SELECT 1 + n % {SPORTS}, 'closing', 'odds', 'h2h', 'eu', '', at, at + interval '10 minutes', at, 1,
       1, '{{}}', 'closing', '{{}}', 'done', at - interval '1 day', at, at, ''
FROM generate_series(1, 20000) AS n,
     LATERAL (SELECT now() - n * interval '1 hour' AS at) AS instants;
"""

FILL_ALERTS: Final = """
INSERT INTO alerts (source, fingerprint, name, severity, labels, annotations, starts_at, ends_at,
    seen_at, acknowledged_by, note)
SELECT 'own', md5(n::text), 'CollectionSilent', 'warning', '{}', '{"summary": "No collection"}', at,
       CASE WHEN n > 5 THEN at + interval '1 hour' END, at, '', ''
FROM generate_series(1, 10000) AS n,
     LATERAL (SELECT now() - n * interval '2 hours' AS at) AS instants;
INSERT INTO notifications (key, severity, subject, text, html, status, created_at, due_at, claim,
    claimed_at, sent_at, failure)
SELECT 'mail ' || n, 'info', 'Opportunities', repeat('word ', 200), repeat('<p>word</p>', 200),
       'sent', at, at, 1, at, at, ''
FROM generate_series(1, 10000) AS n,
     LATERAL (SELECT now() - n * interval '2 hours' AS at) AS instants;
INSERT INTO backups (file_name, status, started_at, finished_at, bytes, sha256, rows, checksums,
    error, kept_as, removed_at, restore_error)
SELECT 'monps-' || n, 'done', at, at, 1e9, repeat('0', 64), '{"bets": 100000}', '{}', '',
       CASE WHEN n < 15 THEN 'daily' ELSE '' END, CASE WHEN n >= 15 THEN at END, ''
FROM generate_series(1, 1000) AS n, LATERAL (SELECT now() - n * interval '1 day' AS at) AS instants;
INSERT INTO heartbeats (name, seen_at) VALUES ('worker', now()), ('long_worker', now())
ON CONFLICT DO NOTHING;
"""

# Each strategy on every match and two markets; the arm in test on the last fifth.
FILL_PREDICTIONS: Final = f"""
INSERT INTO predictions (version_id, match_id, market, line, outcome, odds, bookmaker_id,
    probability, edge_pct, kelly, confidence, reference, legs, predicted_at, clv_status,
    clv_reference, clv_pct, clv_fair_pct, graded_at, result, profit, settled_at)
SELECT version_id, match_id, market, CASE market WHEN 'h2h' THEN 0 ELSE 2.5 END,
       CASE market WHEN 'h2h' THEN 'home' ELSE 'over' END, odds, 1 + match_id % 40, 1.02 / odds, 2,
       0.01, 0.5, 'book_1', '[]', commence_time - interval '1 day',
       CASE WHEN match_id <= {COMING} THEN 'pending' ELSE 'graded' END,
       CASE WHEN match_id <= {COMING} THEN '' ELSE 'consensus' END,
       CASE WHEN match_id > {COMING} THEN clv + 2 END, CASE WHEN match_id > {COMING} THEN clv END,
       CASE WHEN match_id > {COMING} THEN commence_time END,
       CASE WHEN match_id <= {COMING} THEN '' WHEN is_won THEN 'won' ELSE 'lost' END,
       CASE WHEN match_id <= {COMING} THEN NULL WHEN is_won THEN odds - 1 ELSE -1 END,
       CASE WHEN match_id > {COMING} THEN commence_time + interval '2 hours' END
FROM (
    SELECT strategy_versions.id AS version_id, matches.id AS match_id, market, commence_time, odds,
           1 + 10 * (random() - 0.5) AS clv, random() < 1.02 / odds AS is_won
    FROM strategy_versions
    CROSS JOIN matches
    CROSS JOIN unnest(ARRAY['h2h', 'totals']) AS market
    CROSS JOIN LATERAL (SELECT round((1.3 + 4 * random() ^ 2)::numeric, 2) AS odds) AS drawn
    WHERE is_current OR matches.id <= {COMING} OR matches.id > {bench_stats.MATCHES} * 4 / 5
) AS said
"""

FILL_LEARNING: Final = """
INSERT INTO llm_runs (strategy_id, version_id, day, analyst, status, note, sentence,
    held_out_since, evidence, prompt, model, raw_reply, is_cost_assumed, tries, asked_by,
    started_at, finished_at)
SELECT strategy_id, id, (now() - n * interval '1 day')::date, 'statistics', 'nothing', '',
       'Nothing stands out.', now() - n * interval '30 days', '{}', repeat('word ', 500), '', '',
       false, 1, '', now() - n * interval '1 day', now() - n * interval '1 day'
FROM strategy_versions, generate_series(1, 500) AS n
WHERE is_current;
INSERT INTO nightly_runs (day, status, step, tries, error, failures, report, started_at,
    finished_at)
SELECT at::date, 'done', '', 0, '', '[]', '{}', at, at
FROM generate_series(1, 1000) AS n, LATERAL (SELECT now() - n * interval '1 day' AS at) AS instants;
INSERT INTO strategy_improvements (strategy_id, status, new_parameters, old_parameters,
    old_threshold, new_threshold, baseline_samples, failure_pattern, missing_factors,
    recommended_adjustments, llm_reasoning, origin, ab_test_matches_a, ab_test_matches_b,
    ab_test_wins_a, ab_test_wins_b, paired_matches, verdict, archived_at, archived_reason,
    created_at)
SELECT strategy_id, 'archived', parameters, parameters, 1, 2, 100, 'Loses on favourites.', '{}',
       '[]', repeat('word ', 100), 'statistics', 0, 0, 0, 0, 0, '', now(), 'It did not stand.',
       now() - n * interval '1 day'
FROM strategy_versions, generate_series(1, 200) AS n
WHERE is_current;
INSERT INTO improvement_status_history (improvement_id, old_status, new_status, reason, changed_by,
    changed_at)
SELECT id, 'proposed', 'archived', 'It did not stand.', '', now() FROM strategy_improvements
WHERE status = 'archived';
INSERT INTO backtests (status, progress, step, is_cancel_asked, error, code_version, fingerprint,
    asked_by, created_at, finished_at, agent, parameters, sport_keys, markets, since, until,
    earliest_hours, latest_minutes, commission, delay_minutes, haircut, kelly_fraction, holdout)
SELECT 'cancelled', 0.5, '', false, '', '', '', '', at, at, agent, '{}', '[]', '[]', '2020-01-01',
       '2021-01-01', 168, 10, 0, 0, 0, 0.25, 0.2
FROM strategies, generate_series(1, 50) AS n,
     LATERAL (SELECT now() - n * interval '1 day' AS at) AS instants;
"""


def fill(*, quotes: int, bets: int) -> User:
    """Everything, in the order in which one row needs another; the user who looks at it."""
    bench_stats.fill(bets)
    _run(FILL_SPORTS)
    calls = quotes // bench_scrape.QUOTES_A_CALL
    _run(bench_scrape.FILL_COLLECTIONS, [1, calls, EVERY])
    _run(FILL_OPPORTUNITIES, {"ended": calls, "every": EVERY})
    for statements in (FILL_FACTS, FILL_ALERTS):
        _run(statements)
    _fill_strategies()
    _plan()
    bench_api.fill_quotes(1, quotes)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return User.objects.create(username="bettor", is_staff=True, is_superuser=True)


def _run(statements: str, given: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statements, given)


def _fill_strategies() -> None:
    """As shipped and a few more, one of them in test, with their predictions, days and records."""
    now = timezone.now()
    versions.install_shipped(now=now)
    shipped = StrategyVersion.objects.select_related("strategy")
    for version in list(shipped)[: STRATEGIES - len(shipped)]:
        other = Strategy.objects.create(
            agent=version.strategy.agent, agent_name=version.strategy.agent_name,
            strategy_name=f"{version.strategy.strategy_name} too", created_at=now,
        )  # fmt: skip
        StrategyVersion.objects.create(
            strategy=other, number=1, parameters=version.parameters, is_current=True,
            origin="shipped", created_at=now,
        )  # fmt: skip
    proposed = lifecycle.propose(
        Strategy.objects.get(agent="sharp_reference"), {"minimum_edge_pct": 3.0}, now=now
    )
    lifecycle.activate([proposed.pk], now=now)
    _run(FILL_PREDICTIONS)
    _run(FILL_LEARNING)
    _run("UPDATE strategy_improvements SET ab_test_start = now() - interval '300 days' "
         "WHERE status = 'active'")  # fmt: skip
    rank(now=timezone.now(), is_anew=True)


def _plan() -> None:
    """A plan of calls for the matches to come, and the schedule of what is done in between."""
    every = IntervalSchedule.objects.create(every=60, period=IntervalSchedule.SECONDS)
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        PeriodicTask.objects.create(name=name, task=entry["task"], interval=every)
    PlannerSettings.objects.update_or_create(pk=1, defaults={"is_on": True})
    ticking.tick(timezone.now())
