"""A history is of one instant, whatever is stored while it is read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from odds.models import Match
from strategies.replay.reading import MATCHES, read_history
from tests.factories import NOON, make_collection, make_match, make_quote

DAY = timedelta(days=1)


def collect_another() -> None:
    """As a worker does: a match that nobody knew, its quotes, and the collection that saw them."""
    match = make_match(commence_time=NOON + DAY)
    make_quote("2.10", "3.40", "3.60", match=match)
    make_collection(sport=match.sport, started_at=NOON, observed_at=NOON)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_collection_that_stores_meanwhile_is_not_half_in_it() -> None:
    collect_another()
    (known,) = Match.objects.values_list("pk", flat=True)
    started = []

    def meanwhile(execute: Any, sql: str, *given: Any) -> Any:
        done = execute(sql, *given)
        if sql == MATCHES and not started:
            started.append(sql)
            with ThreadPoolExecutor(1) as other:
                other.submit(collect_another).result()
        return done

    def read() -> Any:
        return read_history(["soccer_epl"], since=NOON - DAY, until=NOON + 2 * DAY)

    with connection.execute_wrapper(meanwhile):
        history = read()

    assert history.matches.id.tolist() == [known]
    assert (len(history.quotes.match), len(history.looks.match)) == (1, 1)
    assert len(read().matches.id) == 2
