"""What the tests of the improvements' pages share: proposals, tests, and steps sent by forms."""

from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from strategies import lifecycle
from strategies.models import Improvement
from tests.factories import NOON, make_strategy
from tests.strategies.admin.pages import ROOT

LIST = f"{ROOT}improvement/"


def make_improvement(agent: str = "sharp_reference", **told: Any) -> Improvement:
    """A proposal: 3 instead of 2 for the smallest edge, or the agent's threshold one higher."""
    strategy = make_strategy(agent).strategy
    threshold = strategy.rules.threshold
    before = strategy.versions.get().mapping[threshold]
    return lifecycle.propose(strategy, {threshold: before + 1}, now=NOON, by="owner", **told)


def make_tested(agent: str = "sharp_reference", **measured: Any) -> Improvement:
    """In test since noon, with these figures."""
    improvement = make_improvement(agent)
    lifecycle.activate([improvement.pk], now=NOON, by="owner")
    Improvement.objects.filter(pk=improvement.pk).update(**measured)
    improvement.refresh_from_db()
    return improvement


def page_of(improvement: Improvement) -> str:
    return f"improvement/{improvement.pk}/change/"


def send(client: Client, improvement: Improvement, name: str, **sent: Any) -> str:
    address = reverse(f"admin:strategies_improvement_{name}", args=[improvement.pk])
    return unescape(client.post(address, sent, follow=True).content.decode())


def act(client: Client, action: str, *chosen: Improvement, **sent: Any) -> str:
    sent |= {"action": action, "_selected_action": [one.pk for one in chosen]}
    return unescape(client.post(LIST, sent, follow=True).content.decode())


def status_of(improvement: Improvement) -> str:
    return Improvement.objects.values_list("status", flat=True).get(pk=improvement.pk)
