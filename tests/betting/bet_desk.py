"""What tests of the pages of bets do: open them, fill forms, send them."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from betting.models import Bet

ENGLISH = {"accept-language": "en"}
LIST = "/admin/betting/bet/"
ADD = "/admin/betting/bet/add/"


def a_reader(*codenames: str) -> Client:
    """Someone with these permissions and no others."""
    user = User.objects.create(username="reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client(headers=ENGLISH)
    client.force_login(user)
    return client


def filled(page: Any, **given: Any) -> dict[str, Any]:
    """What a browser sends: the form as it was shown, with these values typed over."""
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in (shown | given).items()}
    return {name: value for name, value in sent.items() if value is not False}


def page_of(client: Client, bet: Bet) -> str:
    page = client.get(f"/admin/betting/bet/{bet.pk}/change/")
    assert page.status_code == 200
    return str(page.content.decode())


def do(client: Client, bet: Bet, what: str, **sent: Any) -> Any:
    return client.post(f"/admin/betting/bet/{bet.pk}/{what}", sent, follow=True)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def act(client: Client, action: str, *bets: Bet, **sent: Any) -> Any:
    chosen = {"action": action, "_selected_action": [bet.pk for bet in bets]}
    return client.post(LIST, chosen | sent, follow=True)
