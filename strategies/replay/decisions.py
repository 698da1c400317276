"""Decisions: what an agent would have predicted at every look, each match, market and line once.

Pure numbers, nothing of Django. The agent is the same function that is asked live, on snapshots
that hold nothing seen after their instant.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np

from odds.fair_prices import Flags, Floats, Integers
from strategies.predictions import Predictions
from strategies.registry import Agent
from strategies.replay.history import History, Looks
from strategies.replay.snapshots import Seen, see
from strategies.replay.states import Series
from strategies.snapshots import Record, Snapshot, known_since

LOOKS_AT_ONCE: Final = 4096  # a block's tables stay small, and progress is shown between blocks
Records = Callable[[float], Mapping[str, Record]]
Advance = Callable[[float], None]  # told how far the work is, from 0 to 1; may raise to stop it


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When decisions are made, in seconds before kick-off: from `earliest` down to `latest`."""

    earliest: float
    latest: float


BEFORE_CLOSE: Final = Window(earliest=60 * 86400.0, latest=600.0)
AT_CLOSE: Final = Window(earliest=300.0, latest=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """The n predictions of a replay, by instant; shape (n,), `legs` (n, 3).

    `match` is a place in the history's matches; columns, sources and legs are the history's
    columns, or the constants of `strategies.predictions`. The rest is as in `Predictions`.
    """

    match: Integers
    market: Integers
    line: Floats
    place: Integers
    is_three_way: Flags
    column: Integers
    odds: Floats
    net_odds: Floats
    probability: Floats
    edge: Floats
    source: Integers
    legs: Integers
    at: Floats

    def __len__(self) -> int:
        return len(self.match)

    def take(self, rows: Integers | Flags) -> "Decisions":
        """These decisions only."""
        return Decisions(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def decide(
    agent: Agent,
    parameters: Any,
    history: History,
    *,
    window: Window = BEFORE_CLOSE,
    series: Series | None = None,
    others: Mapping[str, tuple[Agent, Any]] | None = None,
    records: Records = lambda _instant: {},
    advance: Advance = lambda _share: None,
) -> Decisions:
    """Ask an agent at every look of a history inside the window.

    Args:
        agent: Who decides.
        parameters: Its parameters.
        history: The past.
        window: How long before kick-off it is asked.
        series: The history's, where the caller has them already.
        others: The agents it combines, with their parameters.
        records: What those were worth, as known at an instant.
        advance: Told after each block.

    Returns:
        The first prediction of each match, market and line.
    """
    series = series or Series.of(history.quotes, len(history.matches))
    looks = looks_in(history, window)
    made = []
    for start, end in _blocks(looks, is_weekly=agent.learns or agent.combines):
        seen = see(history, series, looks.take(np.arange(start, end)))
        snapshot = _equip(seen.snapshot, agent, history, others or {}, records)
        made.append(_translate(seen, agent.predict(snapshot, parameters)))
        advance(end / len(looks.at))
    return first_of_each(_joined(made))


def looks_in(history: History, window: Window) -> Looks:
    """The looks of a history inside a window before kick-off, by instant."""
    before = history.matches.kickoff[history.looks.match] - history.looks.at
    return history.looks.take((before <= window.earliest) & (before >= window.latest))


def first_of_each(decisions: Decisions) -> Decisions:
    """The earliest of each match, market and line, by instant."""
    order = np.lexsort((decisions.at, decisions.line, decisions.market, decisions.match))
    by_key = decisions.take(order)
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (
        (np.diff(by_key.match) != 0) | (np.diff(by_key.market) != 0) | (np.diff(by_key.line) != 0)
    )
    first = by_key.take(is_first)
    return first.take(np.argsort(first.at, kind="stable"))


def _blocks(looks: Looks, *, is_weekly: bool) -> Iterator[tuple[int, int]]:
    """Where blocks of looks begin and end; each inside one week where the agent learns weekly."""
    edges = np.arange(0, len(looks.at), LOOKS_AT_ONCE)
    if is_weekly:
        edges = np.union1d(edges, np.flatnonzero(np.diff(known_since(looks.at))) + 1)
    edges = np.append(edges, len(looks.at))
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _equip(
    snapshot: Snapshot,
    agent: Agent,
    history: History,
    others: Mapping[str, tuple[Agent, Any]],
    records: Records,
) -> Snapshot:
    """The snapshot with what its agent may know beside prices."""
    if not len(snapshot) or not (agent.learns or agent.combines):
        return snapshot
    known_until = float(known_since(snapshot.as_of[:1])[0])
    if agent.learns or any(other.learns for other, _given in others.values()):
        snapshot = replace(snapshot, past=history.past.known_at(known_until))
    if agent.combines:
        snapshot = replace(
            snapshot,
            opinions={key: one.predict(snapshot, given) for key, (one, given) in others.items()},
            records=records(known_until),
        )
    return snapshot


def _translate(seen: Seen, made: Predictions) -> Decisions:
    """Predictions in the history's own numbers."""
    board = seen.snapshot.board
    group = made.group

    def column(numbers: Integers) -> Integers:
        if not len(seen.columns):
            return numbers
        return np.where(numbers >= 0, seen.columns[np.maximum(numbers, 0)], numbers)

    return Decisions(
        match=seen.match[group],
        market=board.market[group],
        line=board.line[group],
        place=made.place,
        is_three_way=board.is_three_way[group],
        column=column(made.column),
        odds=made.odds,
        net_odds=made.net_odds,
        probability=made.probability,
        edge=made.edge,
        source=column(made.source),
        legs=column(made.legs),
        at=seen.snapshot.as_of[group],
    )


def _joined(parts: list[Decisions]) -> Decisions:
    if not parts:
        none, numbers = np.array([], dtype=np.intp), np.array([])
        empty = {each.name: none for each in fields(Decisions)}
        floats = ("line", "odds", "net_odds", "probability", "edge", "at")
        empty |= dict.fromkeys(floats, numbers)
        return Decisions(
            **empty | {"legs": none.reshape(0, 3), "is_three_way": none.astype(np.bool_)}
        )
    return Decisions(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Decisions)
        }
    )
