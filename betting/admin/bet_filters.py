"""How the list of bets is narrowed down."""

from typing import Any, Final

from django.contrib.admin import SimpleListFilter
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from betting.models import Bet, ClvStatus, Ending
from odds.admin_facts import ChoiceFilter
from odds.models import Bookmaker

Rows = QuerySet[Bet]
WON = [Ending.WON, Ending.HALF_WON, Ending.DEAD_HEAT]
LOST = [Ending.LOST, Ending.HALF_LOST]
EVEN = [Ending.VOID, Ending.PUSH]


class BetStatusFilter(ChoiceFilter):
    """How bets ended; cancelled ones only when asked for."""

    title = _("status")
    parameter_name = "show"
    default = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Halves count with what they are half of, a dead heat as won."""
        return [
            ("all", _("All")),
            ("pending", _("Pending")),
            ("won", _("Won")),
            ("lost", _("Lost")),
            ("void", _("Void or push")),
            ("cancelled", _("Cancelled")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The bets that stand so."""
        if self.value() == "cancelled":
            return queryset.filter(cancelled_at__isnull=False)
        ended = {
            "pending": Q(status=Bet.Status.PENDING),
            "won": Q(result__in=WON),
            "lost": Q(result__in=LOST),
            "void": Q(result__in=EVEN),
        }.get(self.value(), Q())
        return queryset.filter(ended, cancelled_at=None)


class PaperFilter(SimpleListFilter):
    """Money or paper."""

    title = _("staked")
    parameter_name = "paper"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """One or the other."""
        return [("no", _("With money")), ("yes", _("On paper"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The bets staked so."""
        if self.value() in {"yes", "no"}:
            return queryset.filter(is_paper=self.value() == "yes")
        return queryset


class ClvFilter(SimpleListFilter):
    """What the closing line said."""

    title = _("CLV")
    parameter_name = "clv"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """By sign, and those it says nothing of."""
        return [
            ("positive", _("Positive")),
            ("negative", _("Negative")),
            ("missing", _("None could be given")),
            ("pending", _("Not graded yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The bets graded so."""
        chosen = {
            "positive": Q(clv_fair_pct__gt=0),
            "negative": Q(clv_fair_pct__lt=0),
            "missing": Q(clv_fair_pct=None),
            "pending": Q(clv_status=ClvStatus.PENDING),
        }.get(str(self.value()))
        if chosen is None:
            return queryset
        if self.value() == "pending":
            return queryset.filter(chosen)
        return queryset.filter(chosen).exclude(clv_status=ClvStatus.PENDING)


class BetBookmakerFilter(SimpleListFilter):
    """The bookmakers bets were placed with."""

    title = _("bookmaker")
    parameter_name = "bookmaker"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Keys and titles."""
        used = Bookmaker.objects.filter(pk__in=Bet.objects.order_by().values("bookmaker"))
        return list(used.values_list("key", "title"))

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The bets placed there."""
        return queryset.filter(bookmaker__key=self.value()) if self.value() else queryset


# From one league to the next by the index: DISTINCT would read every bet.
LEAGUES: Final = """
WITH RECURSIVE leagues AS (
    SELECT min(league) AS name FROM bets WHERE league > ''
    UNION ALL
    SELECT (SELECT min(league) FROM bets WHERE league > name) FROM leagues WHERE name IS NOT NULL
)
SELECT name FROM leagues WHERE name IS NOT NULL
"""


class LeagueFilter(SimpleListFilter):
    """The leagues that were bet on."""

    title = _("league")
    parameter_name = "league"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """By name; a bet without a league is under none of them."""
        with connection.cursor() as cursor:
            cursor.execute(LEAGUES)
            return [(name, name) for (name,) in cursor.fetchall()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The league's bets."""
        return queryset.filter(league=self.value()) if self.value() else queryset
