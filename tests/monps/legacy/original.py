"""The original's database with a generated history, and what that history truly holds.

By hand, for a measured run: `python -m tests.monps.legacy.original ROWS` beside a server makes the
database and prints its address.
"""

import os
import random
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

# The columns and constraints that the original's dump had, and those read out of its code.
DDL = """
CREATE TABLE odds_history (
    id serial PRIMARY KEY, match_id varchar(255) NOT NULL, sport varchar(100) NOT NULL,
    home_team varchar(255) NOT NULL, away_team varchar(255) NOT NULL,
    commence_time timestamp NOT NULL, bookmaker varchar(100) NOT NULL,
    home_odds numeric(10, 2), away_odds numeric(10, 2), draw_odds numeric(10, 2),
    collected_at timestamp NOT NULL DEFAULT now(),
    UNIQUE (match_id, bookmaker, collected_at)
);
CREATE INDEX ON odds_history (match_id);
CREATE INDEX ON odds_history (sport);
CREATE INDEX ON odds_history (collected_at DESC);
CREATE INDEX ON odds_history (bookmaker);
CREATE TABLE odds_totals (
    id serial PRIMARY KEY, match_id varchar(255), sport varchar(100), home_team varchar(255),
    away_team varchar(255), commence_time timestamp, bookmaker varchar(100), line numeric,
    over_odds double precision, under_odds double precision, collected_at timestamp,
    UNIQUE (match_id, bookmaker, line, collected_at)
);
"""
FIRST_BETS = """
CREATE TABLE bets (
    id serial PRIMARY KEY, match_id varchar(255), outcome varchar(50), bookmaker varchar(100),
    odds_value double precision, stake double precision, bet_type varchar(50), status varchar(50),
    result varchar(50), actual_profit double precision, clv double precision,
    odds_close double precision, market_type varchar(100), created_at timestamp,
    updated_at timestamp
);
"""
BETS = """
CREATE TABLE bets (
    id serial PRIMARY KEY, match_id text, opportunity_id text, home_team text, away_team text,
    sport text, league text, commence_time timestamp, outcome text, odds numeric, stake numeric,
    bookmaker text, edge_pct numeric, agent_recommended text, patron_score text,
    patron_confidence numeric, notes text, status text, result text, final_score text,
    payout numeric, profit numeric, closing_odds numeric, clv_percent numeric, settled_by text,
    placed_at timestamp, settled_at timestamp, created_at timestamp, updated_at timestamp
);
"""
MANUAL_BETS = """
CREATE TABLE manual_bets (
    id serial PRIMARY KEY, match_id text, match_name text, sport text, kickoff_time timestamp,
    market_type text, selection text, line numeric, bookmaker text, odds_obtained numeric,
    stake numeric, closing_odds numeric, clv_percent numeric, clv_calculated_at timestamp,
    result text, profit_loss numeric, notes text, created_at timestamp, updated_at timestamp
);
"""
IMPROVEMENTS = """
CREATE TABLE strategies (
    id serial PRIMARY KEY, agent_name text, strategy_name text, win_rate numeric, roi numeric,
    total_predictions int, tier text, is_active boolean
);
CREATE TABLE strategy_improvements (
    id serial PRIMARY KEY, strategy_id int REFERENCES strategies, agent_name text,
    strategy_name text, baseline_win_rate numeric, baseline_roi numeric, baseline_samples int,
    failure_pattern text, missing_factors text[], recommended_adjustments text,
    new_parameters json, llm_reasoning text, new_threshold numeric, old_threshold numeric,
    ab_test_active boolean, ab_test_start timestamp, ab_test_end timestamp,
    ab_test_matches_a int, ab_test_matches_b int, ab_test_wins_a int, ab_test_wins_b int,
    improvement_validated boolean, improvement_applied boolean, performance_gain numeric,
    created_at timestamp, analyzed_at timestamp, status varchar(20) DEFAULT 'proposed',
    archived_at timestamp, archived_reason text
);
"""
SPORTS = ("soccer_epl", "soccer_spain_la_liga", "soccer_france_ligue_one")
# The key and the title under which the original stored one and the same bookmaker.
BOOKMAKERS = (
    *(("pinnacle", "Pinnacle"), ("betclic_fr", "Betclic (FR)"), ("betfair_ex_eu", "Betfair")),
    *(("betonlineag", "BetOnline.ag"), ("betsson", "Betsson"), ("coolbet", "Coolbet")),
    *(("everygame", "Everygame"), ("leovegas_se", "LeoVegas (SE)"), ("onexbet", "1xBet")),
    *(("marathonbet", "Marathon Bet"), ("mybookieag", "MyBookie.ag"), ("pmu_fr", "PMU (FR)")),
    *(("nordicbet", "NordicBet"), ("parionssport_fr", "Parions Sport (FR)")),
    *(("sport888", "888sport"), ("suprabets", "Suprabets"), ("tipico_de", "Tipico (DE)")),
    *(("unibet_fr", "Unibet (FR)"), ("unibet_nl", "Unibet (NL)"), ("unibet_se", "Unibet (SE)")),
    *(("williamhill", "William Hill"), ("winamax_de", "Winamax (DE)")),
    ("winamax_fr", "Winamax (FR)"),
)
BEGIN = datetime(2025, 11, 11, 18, 6)
EVERY = timedelta(minutes=1)
COLUMNS = (
    *("match_id", "sport", "home_team", "away_team", "commence_time", "bookmaker"),
    *("home_odds", "away_odds", "draw_odds", "collected_at"),
)
TOTALS = (*COLUMNS[:6], "line", "over_odds", "under_odds", "collected_at")


def address(database):
    """The DSN of a database of the session's server."""
    url = os.environ["DATABASE_URL"]
    parts = urlsplit(url)
    host, _slash, _name = parts.path.rpartition("/")
    if parts.netloc.endswith("@") and host:  # a unix socket: its folder is in the path
        return f"host={host.replace('//', '/')} user=postgres dbname={database}"
    return urlunsplit(parts._replace(path=f"/{database}"))


@contextmanager
def database(name="original", ddl=DDL):
    """A new database of the original, gone afterwards; its address."""
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with psycopg.connect(address(name)) as made:
                made.execute(ddl)
            yield address(name)
        finally:
            server.execute(drop)


@dataclass
class History:
    """What was generated: rows for both tables, and the truth about them."""

    rows: list = field(default_factory=list)
    totals: list = field(default_factory=list)
    # By table: first prices, changes and returns of a series; quotes that were no longer there.
    changes: Counter = field(default_factory=Counter)
    withdrawn: Counter = field(default_factory=Counter)
    bad: Counter = field(default_factory=Counter)  # (table, reason)
    # What could be bet at the end of each look: (match, bookmaker, market) -> odds by instant.
    seen: dict = field(default_factory=dict)
    matches: int = 0

    def store(self, dsn):
        with psycopg.connect(dsn) as made:
            for table, columns, rows in (
                ("odds_history", COLUMNS, self.rows),
                ("odds_totals", TOTALS, self.totals),
            ):
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
                )
                with made.cursor().copy(into) as copy:
                    for row in rows:
                        copy.write_row(row)


def generate(rows, *, matches_a_sport=20, seed=7, with_totals=False):
    """A history of about so many rows of odds_history, as the original's collectors made it.

    The first third comes with a time for each row and keys as bookmakers, the rest with one time a
    look and titles. Of a hundred prices between one and two change from look to look.
    """
    market = Market(random.Random(seed), matches_a_sport, with_totals)
    looks = max(3, round(rows / (len(market.matches) * len(BOOKMAKERS) * 0.97)))
    for look in range(looks):
        for place, sport in enumerate(SPORTS):
            of_sport = [match for match in market.matches if match[1] == sport]
            if look == looks // 2:
                market.kickoffs[of_sport[0][0]] += timedelta(hours=2)
            at = BEGIN + look * EVERY + timedelta(seconds=place * 8)
            market.look(of_sport, at, is_early=3 * look < looks)
    made = market.made
    made.matches = len(market.matches)
    _spoil(made, market.matches[0], market.kickoffs, BEGIN + looks * EVERY)
    return made


class Market:
    """What bookmakers offer from look to look."""

    def __init__(self, rng, matches_a_sport, with_totals):
        self.rng, self.with_totals, self.made = rng, with_totals, History()
        self.matches = [
            (f"{rng.getrandbits(128):032x}", sport, f"{sport} home {i}", f"{sport} away {i}")
            for sport in SPORTS
            for i in range(matches_a_sport)
        ]
        self.kickoffs = {
            match[0]: BEGIN + timedelta(days=1 + i % 5) for i, match in enumerate(self.matches)
        }
        self.prices, self.offered = {}, {}

    def look(self, matches, at, *, is_early):
        rows = []
        for match in matches:
            for key, title in BOOKMAKERS:
                for market in ("h2h", "totals") if self.with_totals and not is_early else ("h2h",):
                    series = match[0], key, market
                    if price := self.quote(series):
                        rows.append((series, match, key if is_early else title, price))
        step = timedelta(microseconds=700 if is_early else 0)
        newest = at + step * len(rows)
        for number, (series, match, name, price) in enumerate(rows, start=1):
            start = (*match, self.kickoffs[match[0]], name)
            if series[2] == "h2h":
                self.made.rows.append((*start, price[0], price[2], price[1], at + step * number))
            else:
                self.made.totals.append((*start, 2.5, price[0], price[2], at + step * number))
            self.made.seen.setdefault(series, {})[newest] = price

    def quote(self, series):
        """The odds on offer now, and what that changes; Pinnacle's are always on offer."""
        was_there, table = self.offered.get(series), table_of(series)
        chance = 0.5 if was_there is False else 0.985
        if series[1] != "pinnacle" and self.rng.random() > chance:
            self.made.withdrawn[table] += was_there is True
            if was_there is not None:
                self.offered[series] = False
            return None
        before = self.prices.get(series) if was_there else None
        if series not in self.prices or self.rng.random() < 0.015:
            self.prices[series] = _price(self.rng, series[2])
        self.offered[series] = True
        self.made.changes[table] += self.prices[series] != before
        return self.prices[series]


def table_of(series):
    return "odds_history" if series[2] == "h2h" else "odds_totals"


def _price(rng, market):
    def one():
        return round(rng.uniform(1.2, 9), 2)

    has_draw = market == "h2h" and rng.random() < 0.95
    return one(), one() if has_draw else None, one()


def _spoil(made, match, kickoffs, at):
    """Rows that cannot be used, each for a reason of its own, in a look of their own."""
    match_id, sport, home, away = match
    kickoff = kickoffs[match_id]

    def add(reason, **given):
        row = {
            **dict(zip(COLUMNS, (match_id, sport, home, away, kickoff, "x"), strict=False)),
            "home_odds": 2,
            "away_odds": 3,
            "draw_odds": 3.3,
            "collected_at": at,
            "bookmaker": f"spoilt {len(made.bad)}",
        } | given
        made.rows.append(tuple(row[name] for name in COLUMNS))
        made.bad["odds_history", reason] += 1

    add("outcome missing", home_odds=None)
    add("price not above 1", away_odds=1)
    add("price not above 1", draw_odds="0.95", bookmaker="spoilt draw")
    add("price is not a number", home_odds="NaN")
    add("price too high", home_odds=9999999)
    add("match without two teams", away_team="")
    add("match of a team against itself", away_team=home)
    add("match without id", match_id=" ")
    add("match id longer than 64 characters", match_id="m" * 65)
    add("sport that is neither a key nor a known title", sport="Curling")
    add("bookmaker without a name that can be stored", bookmaker="***")
    add("collected in the future", collected_at=datetime(2999, 1, 1))
    add("match without kick-off", commence_time="infinity")


if __name__ == "__main__":
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute("CREATE DATABASE original")
    with psycopg.connect(address("original")) as made:
        made.execute(DDL)
    history = generate(int(sys.argv[1]))
    history.store(address("original"))
    print(  # noqa: T201
        f"{len(history.rows):,} rows, {history.changes['odds_history']:,} changes, "
        f"{history.bad.total()} bad, {history.withdrawn['odds_history']:,} withdrawn"
    )
