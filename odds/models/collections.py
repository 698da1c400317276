"""Calls to The Odds API, what they brought and cost, and the settings that govern them."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from odds.models.matches import Sport
from odds.models.one_row import OneRow


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Words for collections."""

    def from_api(self) -> Self:
        """Calls that were made, not replays of recorded answers."""
        return self.filter(source=Collection.Source.API)

    def of_odds(self) -> Self:
        """Calls for odds, not for scores."""
        return self.filter(endpoint=Collection.Endpoint.ODDS)

    def stored(self) -> Self:
        """Those whose snapshot of odds is in the database."""
        return self.of_odds().filter(status=Collection.Status.STORED)

    def started_since(self, when: datetime) -> Self:
        """Those begun at `when` or later."""
        return self.filter(started_at__gte=when)


class Collection(models.Model):
    """One call for a sport's odds, scores or kick-offs, and all that is known of how it went.

    Every quote received is stored, unchanged or rejected; `tally` says so for each market, with
    the reason of each rejection.
    """

    class Source(models.TextChoices):
        API = "api", _("The Odds API")
        REPLAY = "replay", _("Replay of a recording")

    class Endpoint(models.TextChoices):
        ODDS = "odds", _("Odds")
        SCORES = "scores", _("Scores")
        EVENTS = "events", _("Kick-offs")

    class Reason(models.TextChoices):
        INTERVAL = "interval", _("Interval passed")
        REQUEST = "request", _("On request")
        COMMAND = "command", _("Command line")
        REPLAY = "replay", _("Replay")
        RESULTS = "results", _("Results to settle")
        CLOSING = "closing", _("Closing odds")
        SCAN = "scan", _("Planned scan")
        KICKOFFS = "kickoffs", _("Kick-offs to know")

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        STORED = "stored", _("Stored")
        FAILED = "failed", _("Failed")
        ABANDONED = "abandoned", _("Abandoned")

    class Failure(models.TextChoices):
        """What went wrong, split by what to do about it."""

        WRONG_KEY = "wrong_key", _("Key refused")
        OUT_OF_CREDITS = "out_of_credits", _("Out of credits")
        PLAN_LIMIT = "plan_limit", _("Not in this plan")
        RATE_LIMITED = "rate_limited", _("Too many calls")
        BAD_REQUEST = "bad_request", _("Bad request")
        UNAVAILABLE = "unavailable", _("Unavailable")
        MALFORMED = "malformed", _("Unreadable answer")

    sport = models.ForeignKey(
        Sport, models.PROTECT, related_name="collections", verbose_name=_("sport"), db_index=False
    )
    source = models.CharField(_("source"), max_length=6, choices=Source, default=Source.API)
    endpoint = models.CharField(
        _("asked for"), max_length=6, choices=Endpoint, default=Endpoint.ODDS
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    markets = ArrayField(models.CharField(max_length=40), verbose_name=_("markets"))
    regions = models.CharField(_("regions"), max_length=80, blank=True)
    bookmakers = models.CharField(
        _("bookmakers"),
        max_length=1000,
        blank=True,
        db_default="",
        help_text=_("Those asked for by name, instead of regions."),
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    observed_at = models.DateTimeField(
        _("observed"), null=True, blank=True, help_text=_("When the answer was given.")
    )
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=14, choices=Failure, blank=True)
    error = models.TextField(_("message"), blank=True)
    credits_used = models.PositiveIntegerField(_("credits used"), null=True, blank=True)
    credits_remaining = models.PositiveIntegerField(_("credits left"), null=True, blank=True)
    credits_used_this_month = models.PositiveIntegerField(
        _("credits used this month"), null=True, blank=True
    )
    matches_received = models.PositiveIntegerField(_("matches"), default=0)
    quotes_received = models.PositiveIntegerField(_("quotes received"), default=0)
    quotes_stored = models.PositiveIntegerField(_("stored"), default=0)
    quotes_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    quotes_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    odds_stored = models.PositiveIntegerField(
        _("odds stored"), default=0, help_text=_("Single prices: two or three in a quote.")
    )
    tally = models.JSONField(_("by market"), default=dict, blank=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        db_table = "collections"
        ordering = ["-started_at", "-id"]
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        indexes = [
            # The last calls of one sport: what the gate and /metrics/status read.
            models.Index(fields=["sport", "-started_at"], name="collections_last_of_sport"),
            # The last calls of all: the admin list, the quota, the chart of credits.
            models.Index(fields=["-started_at"], name="collections_last"),
        ]
        constraints = [
            models.UniqueConstraint(
                "sport", condition=Q(status="running"), name="collections_one_running_per_sport"
            ),
            models.CheckConstraint(
                name="collections_finished_unless_running",
                condition=Q(status="running", finished_at=None)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="collections_failed_with_its_kind",
                condition=(Q(status="failed") & ~Q(failure=""))
                | (~Q(status="failed") & Q(failure="")),
            ),
            models.CheckConstraint(
                name="collections_every_quote_accounted_for",
                condition=Q(
                    quotes_received=F("quotes_stored")
                    + F("quotes_unchanged")
                    + F("quotes_rejected")
                ),
            ),
        ]

    def __str__(self) -> str:
        return date_format(localtime(self.started_at), "DATETIME_FORMAT")


class RawPayload(models.Model):
    """The answer as it came, zlib-compressed, so that it can be read again or replayed."""

    collection = models.OneToOneField(
        Collection, models.CASCADE, primary_key=True, related_name="raw_payload"
    )
    body = models.BinaryField()

    class Meta:
        db_table = "raw_payloads"
        verbose_name = _("raw payload")
        verbose_name_plural = _("raw payloads")

    def __str__(self) -> str:
        return str(self.pk)


class CollectionSettings(OneRow):
    """The one row of settings that govern calls to The Odds API."""

    minimum_interval_seconds = models.PositiveIntegerField(
        _("minimum interval (seconds)"),
        default=7200,
        validators=[MinValueValidator(10), MaxValueValidator(86_400)],
        help_text=_(
            "A sport is not asked again before this time has passed, unless forced. 10 to 86400."
        ),
    )
    monthly_credits = models.PositiveIntegerField(
        _("credits a month"),
        default=500,
        validators=[MinValueValidator(1), MaxValueValidator(15_000_000)],
        help_text=_(
            "What your plan gives (free: 500). Used until an answer tells the true number."
        ),
    )
    reserve_percent = models.PositiveSmallIntegerField(
        _("reserve (%)"),
        default=10,
        validators=[MaxValueValidator(90)],
        help_text=_(
            "Share of the month's credits that is never touched, not even when forced. 0 to 90."
        ),
    )
    regions = models.CharField(
        _("regions"),
        max_length=80,
        default="eu",
        help_text=_(
            "Comma-separated: us, us2, uk, eu, au, fr, se. Each one costs a credit per market."
        ),
    )
    markets = models.CharField(
        _("markets"),
        max_length=80,
        default="h2h",
        help_text=_("Comma-separated: h2h, totals, spreads. Each one costs a credit per region."),
    )
    timeout_seconds = models.PositiveSmallIntegerField(
        _("timeout (seconds)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("How long an answer may take. 1 to 120."),
    )
    payload_days = models.PositiveSmallIntegerField(
        _("answers kept (days)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Answers as they came can be read and replayed so long. 1 to 3650."),
    )

    class Meta:
        db_table = "collection_settings"
        verbose_name = _("collection settings")
        verbose_name_plural = _("collection settings")
        constraints = [
            models.CheckConstraint(name="collection_settings_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="collection_settings_in_range",
                condition=Q(
                    minimum_interval_seconds__gte=10,
                    minimum_interval_seconds__lte=86_400,
                    monthly_credits__gte=1,
                    reserve_percent__lte=90,
                    timeout_seconds__gte=1,
                    timeout_seconds__lte=120,
                    payload_days__gte=1,
                    payload_days__lte=3650,
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Collection settings"))

    @property
    def market_keys(self) -> list[str]:
        """The markets to ask for."""
        return [key.strip() for key in self.markets.split(",") if key.strip()]

    @property
    def region_keys(self) -> list[str]:
        """The regions to ask for."""
        return [key.strip() for key in self.regions.split(",") if key.strip()]
