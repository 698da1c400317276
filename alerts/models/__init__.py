"""The models of this app; each file owns one kind of fact."""

from alerts.models.alerts import Alert, AlertmanagerState
from alerts.models.counted_totals import CountedTotal
from alerts.models.heartbeats import Heartbeat
from alerts.models.mails import Mail
from alerts.models.quiet import NotificationSettings
from alerts.models.thresholds import AlertSettings

__all__ = [
    "Alert",
    "AlertSettings",
    "AlertmanagerState",
    "CountedTotal",
    "Heartbeat",
    "Mail",
    "NotificationSettings",
]
