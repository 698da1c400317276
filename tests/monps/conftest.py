"""What tests of several pages need.

Loaded before Django is set up, so what needs it is imported inside.
"""

from typing import Any

import pytest


@pytest.fixture
def desk() -> Any:
    """Signed in as the owner; without a password, whose hashing would take longer than the page."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client
