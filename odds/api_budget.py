"""The budget of calls as the API shows it: the account, the forecast, the plan and its gaps."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds import gate
from odds.api_fields import ErrorSerializer, InstantField, limit_field, read_query
from odds.budget import missing, shape, stored, words
from odds.models import (
    Collection,
    CollectionSettings,
    PlannedCall,
    PlannerSettings,
    Sport,
)
from odds.planner.shapes import exchanges

OPEN = ("planned", "claimed")


class AccountSerializer(serializers.Serializer[Any]):
    """The month's credits as the newest answer told them."""

    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    remaining = serializers.IntegerField()
    reserve = serializers.IntegerField(help_text="Never touched.")
    resets_at = InstantField()
    known_at = InstantField(allow_null=True, help_text="Null until an answer of this month.")
    paused_until = InstantField(allow_null=True, help_text="No call is made before.")


class ForecastSerializer(serializers.Serializer[Any]):
    """Where the credits go until the reset."""

    closings = serializers.IntegerField(help_text="Planned calls for closing odds.")
    results = serializers.IntegerField(help_text="Planned calls for results.")
    scans = serializers.IntegerField(help_text="Planned scans.")
    unknown_closings = serializers.IntegerField(help_text="For kick-offs not listed yet.")
    safety = serializers.IntegerField(
        help_text="Of the scans, the last: given up should kick-offs move or more of them come."
    )
    later_scans = serializers.IntegerField(help_text="Scans beyond what is planned now.")
    left_at_reset = serializers.IntegerField(help_text="The reserve included.")
    is_certain = serializers.BooleanField(
        help_text="What is left is known to the credit, and not only expected."
    )


class SpendingSerializer(serializers.Serializer[Any]):
    """What calls for one reason have cost this month."""

    reason = serializers.ChoiceField(Collection.Reason.choices)
    calls = serializers.IntegerField()
    credits = serializers.IntegerField()
    quotes_changed = serializers.IntegerField()


class MissingSerializer(serializers.Serializer[Any]):
    """Matches without closing odds for one reason."""

    reason = serializers.CharField()
    text = serializers.CharField(help_text="The reason in few words.")
    matches = serializers.IntegerField()


class CoverageSerializer(serializers.Serializer[Any]):
    """Matches of collected sports that kicked off this month, and those with closing odds."""

    matches = serializers.IntegerField()
    captured = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Of 1; null before the first.")
    missing = MissingSerializer(many=True)


class ShapeSerializer(serializers.Serializer[Any]):
    """What a call for odds asks for."""

    cost = serializers.IntegerField()
    markets = serializers.ListField(child=serializers.CharField())
    regions = serializers.ListField(child=serializers.CharField())
    bookmakers = serializers.ListField(child=serializers.CharField())


class OtherShapeSerializer(ShapeSerializer):
    """Another shape: the credits a call it costs more, and the bookmakers gained and lost."""

    extra_cost = serializers.IntegerField()
    gained = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())


class PlannerSettingsSerializer(serializers.ModelSerializer[PlannerSettings]):
    """The planner's settings."""

    class Meta:
        model = PlannerSettings
        fields = (
            "is_on",
            "shape",
            "closing_window_minutes",
            "has_scans",
            "scan_interval_minutes",
            "freshness_percent",
            "known_ahead_days",
            "results_wait_hours",
        )


class BudgetSerializer(serializers.Serializer[Any]):
    """The budget of calls."""

    account = AccountSerializer()
    planned_at = InstantField(allow_null=True, help_text="When the plan in force was made.")
    forecast = ForecastSerializer(allow_null=True, help_text="Null before the first plan.")
    spent = SpendingSerializer(many=True)
    coverage = CoverageSerializer()
    shape = ShapeSerializer()
    other_shapes = OtherShapeSerializer(many=True)
    settings = PlannerSettingsSerializer()


class PlannedCallSerializer(serializers.Serializer[Any]):
    """A call of the plan, or one that was made, failed or was missed."""

    id = serializers.IntegerField()
    sport = serializers.CharField()
    kind = serializers.ChoiceField(PlannedCall.Kind.choices)
    status = serializers.ChoiceField(PlannedCall.Status.choices)
    at = InstantField()
    until = InstantField()
    kickoff = InstantField(allow_null=True)
    cost = serializers.IntegerField()
    value = serializers.FloatField(help_text="Closing lines, results or opportunities expected.")
    matches = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    sentence = serializers.CharField()


class NotPlannedSerializer(serializers.Serializer[Any]):
    """What is not planned, and why."""

    sport = serializers.CharField()
    kind = serializers.ChoiceField(PlannedCall.Kind.choices)
    reason = serializers.CharField()
    sentence = serializers.CharField()
    matches = serializers.ListField(child=serializers.CharField())


class PlanSerializer(serializers.Serializer[Any]):
    """The plan in force."""

    is_on = serializers.BooleanField()
    made_at = InstantField(allow_null=True)
    calls = PlannedCallSerializer(many=True)
    not_planned = NotPlannedSerializer(many=True)


class PlanQuery(serializers.Serializer[Any]):
    """Which calls; without a status those still to be made."""

    status = serializers.ChoiceField(PlannedCall.Status.choices, required=False)
    limit = limit_field(default=500, maximum=2000)


class BudgetView(APIView):
    """`GET /odds/budget`."""

    @extend_schema(operation_id="odds_budget", responses=BudgetSerializer, tags=["odds"])
    def get(self, _request: Request) -> Response:
        """The month's credits: spent on what, planned for what, and the closing odds so far."""
        return Response(BudgetSerializer(budget(now=timezone.now())).data)


class PlanView(APIView):
    """`GET /odds/plan`."""

    @extend_schema(
        operation_id="odds_plan",
        parameters=[PlanQuery],
        responses={200: PlanSerializer, 400: ErrorSerializer},
        tags=["odds"],
    )
    def get(self, request: Request) -> Response:
        """The planned calls with cost and reason, and what is not planned and why."""
        query = read_query(PlanQuery, request)
        answer = plan(status=query.get("status"), limit=query["limit"])
        return Response(PlanSerializer(answer).data)


def budget(*, now: datetime) -> dict[str, Any]:
    """As `BudgetSerializer` takes it."""
    chosen, planner = CollectionSettings.current(), PlannerSettings.current()
    plan_in_force = stored.current()
    account = gate.credits_at(now, chosen)
    covered = missing.coverage(now, window=planner.window)
    return {
        "account": {
            "limit": account.limit,
            "used": account.used,
            "remaining": account.remaining,
            "reserve": account.reserve,
            "resets_at": account.resets_at,
            "known_at": account.known_at,
            "paused_until": gate.paused_until(now),
        },
        "planned_at": plan_in_force.made_at if plan_in_force else None,
        "forecast": plan_in_force.budget if plan_in_force else None,
        "spent": list(_spent(now)),
        "coverage": {
            "matches": covered.matches,
            "captured": covered.captured,
            "share": covered.share,
            "missing": [
                {"reason": reason, "text": words.label(reason), "matches": number}
                for reason, number in covered.missing
            ],
        },
        "shape": shape.in_force(chosen, planner),
        "other_shapes": _other_shapes(chosen),
        "settings": planner,
    }


def plan(*, status: str | None, limit: int) -> dict[str, Any]:
    """As `PlanSerializer` takes it."""
    titles = dict(Sport.objects.values_list("key", "title"))
    in_force = stored.current()
    rows = PlannedCall.objects.filter(status__in=[status] if status else OPEN)
    newest_first = status is not None and status not in OPEN
    ordered = rows.order_by("-at" if newest_first else "at", "pk").select_related("sport")
    return {
        "is_on": PlannerSettings.current().is_on,
        "made_at": in_force.made_at if in_force else None,
        "calls": [_call(row) for row in ordered[:limit]],
        "not_planned": [
            {
                "sport": one.sport,
                "kind": one.kind,
                "reason": one.reason,
                "sentence": words.sentence(
                    one.reason, {**one.numbers, "sport": titles.get(one.sport, one.sport)}
                ),
                "matches": one.match_ids,
            }
            for one in (in_force.not_planned if in_force else ())
        ],
    }


def _spent(now: datetime) -> Any:
    """This month's calls that may cost, by their reason."""
    calls = Collection.objects.from_api().started_since(gate.month_start(now))
    return (
        calls.exclude(endpoint=Collection.Endpoint.EVENTS)
        .order_by("reason")
        .values("reason")
        .annotate(
            calls=Count("pk"),
            credits=Coalesce(Sum("credits_used"), 0),
            quotes_changed=Sum("quotes_stored"),
        )
    )


def _other_shapes(chosen: CollectionSettings) -> list[dict[str, Any]]:
    found = shape.offered(chosen)
    return [
        {
            "cost": other.offer.cost,
            "markets": other.offer.shape.markets,
            "regions": other.offer.shape.regions,
            "bookmakers": other.offer.shape.bookmakers,
            "extra_cost": other.extra_cost,
            "gained": sorted(other.gained),
            "lost": sorted(other.lost),
        }
        for other in (exchanges(found) if found else [])
    ]


def _call(row: PlannedCall) -> dict[str, Any]:
    return {
        "id": row.pk,
        "sport": row.sport.key,
        "kind": row.kind,
        "status": row.status,
        "at": row.at,
        "until": row.until,
        "kickoff": row.kickoff,
        "cost": row.cost,
        "value": row.value,
        "matches": row.match_ids,
        "reason": row.reason,
        "sentence": words.of(row),
    }
