"""Decided bets by bookmaker, market, band of odds and league, each with its intervals.

All bets are read once as columns and told apart in memory: an interval needs the bets themselves,
and asking the database for every group would take as many queries as there are groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from betting.bankroll.curve import amount
from betting.models import Bet
from betting.performance import bet_columns, records
from betting.performance.records import Sample
from betting.performance.scopes import Scope
from betting.performance.totals import ODDS_BANDS, Totals
from betting.performance.verdict import Evidence
from odds.models import Bookmaker, Sport

MOST_GROUPS: Final = 12  # of one kind; the smaller ones are one group together
LOWEST_OF_BANDS: Final = sorted(float(lowest) for lowest, _name in ODDS_BANDS)
COLUMNS: Final = ("bet", "bookmaker", "market", "league", "odds")


class By(StrEnum):
    """What bets are told apart by."""

    BOOKMAKER = "bookmaker"
    MARKET = "market"
    ODDS_BAND = "odds_band"
    LEAGUE = "league"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Bets that share a name; `name` is empty for those of groups too small to be shown.

    Attributes:
        name: A bookmaker's title, a market's key, the league, or the number of a band of odds.
        groups: How many were put together, one for all others.
        profit: In money.
        evidence: As for all bets: yield and fair CLV with their intervals.
    """

    name: str
    groups: int
    profit: Any
    risk: Any
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bets:
    """The decided bets of a scope: the sample, and what tells them apart, row beside row."""

    sample: Sample
    bet: NDArray[np.int64]
    bookmaker: NDArray[np.int64]
    market: NDArray[np.int64]
    league: NDArray[np.int64]
    odds: NDArray[np.float64]


def read_bets(scope: Scope) -> Bets:
    """The scope's decided bets; one query."""
    names = (*records.COLUMNS, *COLUMNS)
    read = dict(zip(names, bet_columns.read(scope, *names), strict=True))
    return Bets(sample=records.sample_of(read), **{name: read[name] for name in COLUMNS})


def groups_of(bets: Bets) -> dict[By, list[Group]]:
    """The groups of each kind, the largest first, bands of odds in their order; three queries."""
    markets, leagues = _names_of(bets)
    names = {
        By.BOOKMAKER: dict(Bookmaker.objects.values_list("id", "title")),
        By.MARKET: markets,
        By.LEAGUE: leagues,
        By.ODDS_BAND: {band: str(band) for band in range(len(LOWEST_OF_BANDS) + 1)},
    }
    codes = {
        By.BOOKMAKER: bets.bookmaker,
        By.MARKET: bets.market,
        By.LEAGUE: bets.league,
        By.ODDS_BAND: np.digitize(bets.odds, LOWEST_OF_BANDS),
    }
    parts = {by: list(_parts(codes[by], names[by], keeps_order=by is By.ODDS_BAND)) for by in By}
    all_parts = [part for by in By for part in parts[by]]
    intervals = iter(bets.sample.yield_intervals_pct([part.rows for part in all_parts]))
    return {by: [_group(part, bets.sample, next(intervals)) for part in parts[by]] for by in By}


def evidence_of_sample(sample: Sample) -> Evidence:
    """What these bets amount to; what they were placed for is left out."""
    return records.evidence_of(_totals(sample), sample)


def _totals(sample: Sample) -> Totals:
    return Totals(
        bets=len(sample.profit),
        risk=amount(int(sample.risk.sum())),
        profit=amount(int(sample.profit.sum())),
        graded=int(sample.is_graded.sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Which bets a group holds, before anything is made of them."""

    name: str
    groups: int
    rows: NDArray[np.intp]


def _parts(codes: NDArray[Any], names: dict[int, str], *, keeps_order: bool) -> Iterator[_Part]:
    found, place, counts = np.unique(codes, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    shown = order[:MOST_GROUPS] if len(order) > MOST_GROUPS + 1 else order
    for one in np.sort(shown) if keeps_order else shown:
        rows = np.flatnonzero(place == one)
        yield _Part(name=names.get(int(found[one]), ""), groups=1, rows=rows)
    if others := order[len(shown) :].tolist():
        is_other = np.bincount(others, minlength=len(order)) > 0
        yield _Part(name="", groups=len(others), rows=np.flatnonzero(is_other[place]))


def _group(part: _Part, sample: Sample, interval: records.Interval) -> Group:
    own = Sample(**{one: getattr(sample, one)[part.rows] for one in records.COLUMNS})
    summed = _totals(own)
    return Group(
        name=part.name,
        groups=part.groups,
        profit=summed.profit,
        risk=summed.risk,
        evidence=records.evidence_of(summed, own, yield_interval_pct=interval),
    )


def _names_of(bets: Bets) -> tuple[dict[int, str], dict[int, str]]:
    """Markets, and leagues as bets name them or else the sport's title, by what stands for them.

    One bet of each tells its names: asking for all that occur would read every bet again.
    """
    first = [np.unique(codes, return_index=True) for codes in (bets.market, bets.league)]
    tellers = bets.bet[np.concatenate([places for _codes, places in first])].tolist()
    told = {
        pk: (market, league or sport)
        for pk, market, league, sport in Bet.objects.filter(pk__in=tellers).values_list(
            "pk", "market", "league", "sport_key"
        )
    }
    markets, leagues = (
        {
            int(code): told[pk][number]
            for code, pk in zip(codes, bets.bet[places].tolist(), strict=True)
            if pk in told
        }
        for number, (codes, places) in enumerate(first)
    )
    titles = dict(Sport.objects.filter(key__in=leagues.values()).values_list("key", "title"))
    return markets, {code: titles.get(name, name) for code, name in leagues.items()}
