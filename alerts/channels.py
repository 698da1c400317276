"""Where messages go, as the environment says; nothing of it is in a row."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def mail_recipients() -> list[str]:
    """Who gets the mails."""
    return [one.strip() for one in settings.EMAIL_TO if one.strip()]


def is_mail_configured() -> bool:
    """Whether there is a server to give mails to, and somebody to send them to."""
    return bool(settings.EMAIL_HOST and mail_recipients())


def alertmanager_url() -> str:
    """Where Alertmanager is, without a slash at the end; empty where there is none."""
    return str(settings.ALERTMANAGER_URL).strip().rstrip("/")


def webhook_secret() -> str:
    """What Alertmanager shows when it tells of alerts; empty: it is not listened to."""
    return str(settings.ALERTS_WEBHOOK_SECRET)


def address_of(name: str, *args: object) -> str:
    """The whole address of a page, for links in messages; empty where ours is not known."""
    base = str(settings.PUBLIC_URL).strip().rstrip("/")
    is_whole = urlsplit(base).scheme in {"http", "https"}
    return f"{base}{reverse(name, args=args)}" if is_whole else ""
