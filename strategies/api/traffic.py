"""The API's route of a test's traffic: which share of real stakes each arm gets, and why.

The original told win rates by Beta distributions and counted a result each time it was sent. Those
fields are kept and null; beside them is what each arm brought.
"""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds.api_fields import ErrorSerializer, read_query
from odds.models import Match
from strategies.api.improvement_answers import win_rate
from strategies.api.improvement_requests import UNKNOWN
from strategies.arms import Arm, Assignment, Because, Traffic, assign, read_traffic
from strategies.models import Improvement
from strategies.traffic import Sample, posterior

DECIMALS: Final = 6  # of units; a share has one, in percent
SPLIT: Final = (
    "Arm B gets as many matches as it is probable that its mean profit is above A's, at least 5 % "
    "and at most 95 %. On paper both arms judge every match."
)
NOT_SPLIT: Final = (
    "Real stakes are not split: all are arm A's, the version in force. The test settings can "
    "split them. On paper both arms judge every match."
)
REASONS: Final = {
    Because.OFF: "Real stakes are not split: all are arm A's.",
    Because.EARLIER: "The match was spoken of before the test began: it stays with arm A.",
    Because.UNSPOKEN: "Neither arm has predicted anything of this match yet.",
    Because.DRAWN: "Drawn by the share of three days before an arm first spoke of it.",
}


class TrafficQuery(serializers.Serializer[Any]):
    """Whose a match is."""

    match_id = serializers.CharField(
        required=False, max_length=64, help_text="Tells whose real stakes this match gets."
    )


class ArmTrafficSerializer(serializers.Serializer[Any]):
    """One arm: what it brought on the settled matches of both, and its share of real stakes."""

    variation_id = serializers.IntegerField(help_text="Its version.")
    variation_name = serializers.CharField()
    arm = serializers.CharField(help_text="a or b.")
    current_alpha = serializers.FloatField(allow_null=True, help_text="Always null.")
    current_beta = serializers.FloatField(allow_null=True, help_text="Always null.")
    expected_win_rate = serializers.FloatField(
        allow_null=True, help_text="Of 100 of its settled matches it won so many; decides nothing."
    )
    confidence_interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of the win rate; always null."
    )
    recommended_traffic = serializers.FloatField(help_text="Percent of the matches.")
    matches = serializers.IntegerField(help_text="Settled, of both arms; nothing void.")
    mean_profit = serializers.FloatField(allow_null=True, help_text="Units a match.")
    expected_profit = serializers.FloatField(
        help_text="Units a match, drawn towards 0 while matches are few."
    )
    low = serializers.FloatField(help_text="Its mean profit is above this with 97.5 %.")
    high = serializers.FloatField(help_text="Its mean profit is below this with 97.5 %.")
    probability_best = serializers.FloatField(help_text="That it brings more than the other.")


class TrafficSerializer(serializers.Serializer[Any]):
    """Both arms, A first."""

    success = serializers.BooleanField()
    improvement_id = serializers.IntegerField()
    recommendations = ArmTrafficSerializer(many=True)
    total_traffic = serializers.FloatField(help_text="Of both arms, percent: 100.")
    splits_real_stakes = serializers.BooleanField(help_text="As the test settings say.")
    reason = serializers.CharField(help_text="How the shares come about.")
    match_id = serializers.CharField(required=False, help_text="The match asked about.")
    assigned_to = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="a or b, for good; null until an arm has predicted something of the match.",
    )
    assigned_because = serializers.CharField(required=False)


class ImprovementTraffic(APIView):
    """`GET /strategies/improvements/{id}/traffic`."""

    @extend_schema(
        operation_id="strategies_improvements_traffic_retrieve",
        parameters=[TrafficQuery],
        responses={200: TrafficSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, request: Request, improvement_id: int) -> Response:
        """Which share of real stakes each arm of a running test gets, by profit."""
        match_id = read_query(TrafficQuery, request).get("match_id")
        improvement = _in_test(improvement_id)
        traffic = read_traffic(improvement)
        answer = told(improvement, traffic)
        if match_id is not None:
            match = Match.objects.filter(provider_id=match_id).first()
            if match is None:
                raise exceptions.NotFound(f"Match {match_id} not found")
            assignment = assign(improvement, match, is_split=traffic.is_split)
            answer |= {"match_id": match_id} | assigned(assignment)
        return Response(answer)


def told(improvement: Improvement, traffic: Traffic) -> dict[str, Any]:
    """As `TrafficSerializer` describes it, without a match."""
    share_b = round(100 * traffic.share, 1)
    return {
        "success": True,
        "improvement_id": improvement.pk,
        "recommendations": [
            _arm(improvement, traffic, Arm.A, round(100 - share_b, 1)),
            _arm(improvement, traffic, Arm.B, share_b),
        ],
        "total_traffic": 100.0,
        "splits_real_stakes": traffic.is_split,
        "reason": SPLIT if traffic.is_split else NOT_SPLIT,
    }


def assigned(assignment: Assignment) -> dict[str, Any]:
    """Whose the match is, and why."""
    return {
        "assigned_to": assignment.arm and assignment.arm.value,
        "assigned_because": REASONS[assignment.because],
    }


def _in_test(improvement_id: int) -> Improvement:
    rows = Improvement.objects.select_related("version_a", "version_b")
    improvement = rows.filter(pk=improvement_id).first()
    if improvement is None:
        raise exceptions.NotFound(UNKNOWN)
    if not improvement.is_in_test:
        sentence = f"A/B test n'est pas actif (status: {improvement.status})"
        raise exceptions.ValidationError({"detail": sentence})
    return improvement


def _arm(improvement: Improvement, traffic: Traffic, arm: Arm, share: float) -> dict[str, Any]:
    """As `ArmTrafficSerializer` describes it."""
    probability = traffic.split.probability
    if arm is Arm.B:
        version, sample = improvement.version_b, traffic.split.b
        won = win_rate(improvement.ab_test_wins_b, improvement.ab_test_matches_b)
    else:
        version, sample, probability = improvement.version_a, traffic.split.a, 1 - probability
        won = win_rate(improvement.ab_test_wins_a, improvement.ab_test_matches_a)
    return {
        "variation_id": version and version.pk,
        "variation_name": f"{arm.upper()}: version {version.number if version else '–'}",
        "arm": arm.value,
        "current_alpha": None,
        "current_beta": None,
        "expected_win_rate": won,
        "confidence_interval": None,
        "recommended_traffic": share,
        "probability_best": round(probability, DECIMALS),
    } | _profit(sample)


def _profit(sample: Sample) -> dict[str, Any]:
    known = posterior(sample)
    low, high = known.interval
    return {
        "matches": sample.matches,
        "mean_profit": round(sample.mean, DECIMALS) if sample.matches else None,
        "expected_profit": round(known.centre, DECIMALS),
        "low": round(low, DECIMALS),
        "high": round(high, DECIMALS),
    }
