"""A desk that tests of the pages of bets share.

Loaded before Django is set up, so what needs it is imported inside.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def desk() -> Any:
    """Signed in as the owner."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def coming() -> Any:
    """A match that begins in three hours."""
    from tests.factories import make_match

    return make_match(
        home_team="Lens", away_team="Lille", commence_time=timezone.now() + timedelta(hours=3)
    )


@pytest.fixture
def found(coming: Any) -> Any:
    """2.30 at Winamax against a fair probability of 0.45, seen three minutes ago."""
    from tests.factories import make_bookmaker, make_opportunity

    return make_opportunity(
        match=coming,
        best_bookmaker=make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True),
        price_seen_at=timezone.now() - timedelta(minutes=3),
    )
