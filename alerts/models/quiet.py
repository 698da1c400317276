"""The settings of what is mailed, and when it is better kept for later."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, one_row_in_range, within

RANGES = {
    "digest_minutes": (1, 1440),
    "reminder_hours": (0, 168),
    "minimum_edge_pct": (0, 50),
}


class NotificationSettings(OneRow):
    """The one row that says what is mailed, in which language and when."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    is_mail_on = models.BooleanField(
        _("send mails"),
        default=True,
        help_text=_("Off: nothing is sent, and nothing new is kept for sending."),
    )
    language = models.CharField(
        _("language of the mails"), max_length=2, choices=Language, default=Language.FRENCH
    )
    quiet_from = models.TimeField(
        _("quiet from"),
        default=time(0),
        help_text=_("From then on only critical mails are sent. In the zone of the pages."),
    )
    quiet_until = models.TimeField(
        _("quiet until"),
        default=time(0),
        help_text=_("The rest is sent then. The same as the beginning: never quiet."),
    )
    digest_minutes = models.PositiveSmallIntegerField(
        _("between digests (minutes)"),
        default=60,
        validators=within(RANGES, "digest_minutes"),
        help_text=_("What is found in between is gathered in the next one. 1 to 1440."),
    )
    reminder_hours = models.PositiveSmallIntegerField(
        _("remind after (hours)"),
        default=24,
        validators=within(RANGES, "reminder_hours"),
        help_text=_(
            "A critical alert that is open and not acknowledged is mailed again. 0 (never) to 168."
        ),
    )
    minimum_edge_pct = models.FloatField(
        _("smallest edge worth a message (%)"),
        default=0,
        validators=within(RANGES, "minimum_edge_pct"),
        help_text=_("Claimed edge, or an arbitrage's profit. 0 to 50."),
    )
    only_playable = models.BooleanField(
        _("only playable bookmakers"),
        default=False,
        help_text=_("Tell only of prices at bookmakers you can bet with."),
    )

    class Meta:
        db_table = "notification_settings"
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")
        constraints = one_row_in_range("notification_settings", RANGES)

    def __str__(self) -> str:
        return str(_("Notification settings"))

    def is_quiet(self, now: datetime) -> bool:
        """Whether only critical mails may be sent now."""
        if self.quiet_from == self.quiet_until:
            return False
        today = timezone.localtime(now, timezone.get_default_timezone()).date()
        return any(
            begins <= now < ends for begins, ends in map(self._hours_of, (today - DAY, today))
        )

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        """The quiet hours that begin on a day, as instants; one interval also when clocks change.

        They begin when the clock first shows the beginning and end when it last shows the end. An
        hour that the clock leaves out is taken as if it had not changed yet.
        """
        last = day if self.quiet_from < self.quiet_until else day + DAY
        begins, _again = _instants(datetime.combine(day, self.quiet_from))
        return begins, max(_instants(datetime.combine(last, self.quiet_until)))


DAY = timedelta(days=1)


def _instants(wall_clock: datetime) -> tuple[datetime, datetime]:
    """Both readings of a local time; the same except in the nights when clocks change.

    A time shown twice is read as the first and the second of them; one that is left out as before
    and after the change, in this order.
    """
    zone = timezone.get_default_timezone()
    first, second = (wall_clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.astimezone(UTC), second.astimezone(UTC)
