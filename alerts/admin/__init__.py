"""Alerts in the admin; importing this package registers every page."""

from alerts.admin import alerts, mails, settings

__all__ = ["alerts", "mails", "settings"]
