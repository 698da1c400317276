"""Histories in memory: a few quotes written by hand, or a market drawn by a seed."""

import numpy as np

from odds.fair_prices import Panel
from strategies.replay.history import History, Looks, Matches, Quotes
from strategies.snapshots import Past

HOUR = 3600.0
DAY = 24 * HOUR
FIRST = 1_600_000_000 // 86400 * 86400 + 4 * DAY  # Thursday 2020-09-17 00:00 UTC
BOOKMAKERS = ("betclic", "betfair_ex_eu", "bwin", "coolbet", "marathon", "pinnacle", "unibet")
COMMISSION = 0.05  # the exchange's


def panel():
    keys = np.array(BOOKMAKERS)
    is_exchange = keys == "betfair_ex_eu"
    return Panel(
        key=keys,
        operator=np.arange(len(keys)),
        is_exchange=is_exchange,
        is_sharp=keys == "pinnacle",
        is_playable=np.ones(len(keys), dtype=bool),
        commission=np.where(is_exchange, COMMISSION, 0.0),
    )


def make_history(rows, kickoffs, scores=None, *, sports=None, names=None, is_imported=True):
    """A history of quotes (match, bookmaker, odds, at), all match winners of football.

    Matches are known from football-data alone, or were all collected: every quote's time is a
    look. Kick-offs ascend; a score is a pair, or `None` without a result.
    """
    count = len(kickoffs)
    scores = scores or [(1, 0)] * count
    home, away = (
        np.array([(np.nan, np.nan) if score is None else score for score in scores], dtype=float)
        .reshape(-1, 2)
        .T
    )
    kickoff = np.array(kickoffs, dtype=float)
    sport = np.array(sports or ["soccer_epl"] * count)
    if names is None:
        names = np.array([f"team {number}" for number in range(2 * count)]).reshape(-1, 2)
    columns = {key: column for column, key in enumerate(BOOKMAKERS)} | {"maximum": -1}
    rows = sorted(rows, key=lambda row: (row[0], columns[row[1]], row[3]))
    match = np.array([row[0] for row in rows], dtype=np.intp)
    at = np.array([row[3] for row in rows], dtype=float)
    seen = np.unique(np.column_stack([at, match]), axis=0)
    is_known = ~np.isnan(home)
    return History(
        panel=panel(),
        matches=Matches(
            id=np.arange(count) + 100,
            sport=sport,
            home=names[:, 0],
            away=names[:, 1],
            kickoff=kickoff,
            home_score=home,
            away_score=away,
            is_void=np.zeros(count, dtype=bool),
            has_draws=np.ones(count, dtype=bool),
            is_imported=np.full(count, is_imported),
        ),
        quotes=Quotes(
            match=match,
            market=np.zeros(len(rows), dtype=np.intp),
            line=np.zeros(len(rows)),
            column=np.array([columns[row[1]] for row in rows], dtype=np.intp),
            odds=np.array([row[2] or [np.nan] * 3 for row in rows], dtype=float).reshape(-1, 3),
            observed_at=at,
        ),
        looks=Looks(
            match=seen[:, 1].astype(np.intp),
            market=np.zeros(len(seen), dtype=np.intp),
            at=seen[:, 0],
        ),
        past=Past(
            known_until=float(kickoff.max(initial=FIRST)) + DAY,
            sport=sport[is_known],
            home=names[is_known, 0],
            away=names[is_known, 1],
            home_score=home[is_known].astype(np.intp),
            away_score=away[is_known].astype(np.intp),
            kickoff=kickoff[is_known],
        ),
    )


def simulated(matches=300, *, seed=7, per_day=5):
    """A market drawn by a seed: prices around true chances at four looks, the last at the close.

    Twenty teams meet, five of them much stronger. Pinnacle errs much at first, then hardly; soft
    bookmakers err always, so that there is value to be found.
    """
    rng = np.random.default_rng(seed)
    kickoffs = FIRST + DAY * (np.arange(matches) // per_day + 1) + 15 * HOUR
    names = np.array([rng.choice(20, size=2, replace=False) for _match in range(matches)])
    rows, scores = [], []
    for match, kickoff in enumerate(kickoffs.tolist()):
        strength = np.where(names[match] < 5, 2.0, 1.0) * (1.2, 1.0)
        goals = rng.poisson(1.3 * strength / strength[::-1] ** 0.5)
        scores.append(tuple(goals.tolist()))
        odd = np.array([strength[0] ** 1.5, 0.8, strength[1] ** 1.5])
        for look, before in enumerate((70 * HOUR, 30 * HOUR, 2 * HOUR, 60.0)):
            for key in BOOKMAKERS:
                if key == "betclic" and look in {1, 2}:
                    continue  # it sleeps: its first price stands
                is_sharp = key in {"pinnacle", "betfair_ex_eu"}
                error = (0.15 if look == 0 else 0.02) if is_sharp else 0.07
                believed = odd * np.exp(rng.normal(0, error, 3))
                margin = 1.02 if is_sharp else 1.06
                prices = np.round(believed.sum() / (margin * believed), 2)
                rows.append((match, key, np.maximum(prices, 1.01).tolist(), kickoff - before))
    teams = np.char.add("team ", names.astype(str))
    return make_history(rows, kickoffs.tolist(), scores, names=teams, is_imported=False)
