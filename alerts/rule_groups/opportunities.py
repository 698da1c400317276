"""What there is to bet on, in sum; each single opportunity is told by MON_PS itself."""

from datetime import timedelta
from typing import Final

from alerts.conditions import (
    JOB,
    AsPrometheusSees,
    Compared,
    Gauge,
    Number,
    Threshold,
    Total,
)
from alerts.rule import Rule, Severity, Text, Unit

RULES: Final = (
    Rule(
        name="NewOpportunitiesDetected",
        severity=Severity.INFO,
        when=(
            Compared(
                Total(Gauge(name="monps_value_opportunities", by="sport")),
                ">",
                Threshold("many_opportunities"),
            ),
        ),
        holds_for=timedelta(minutes=2),
        summary=Text(fr="Beaucoup d’opportunités", en="Many opportunities"),
        description=Text(
            fr="{value} opportunités de valeur sont ouvertes (seuil : {many_opportunities}).",
            en="{value} value opportunities are open (threshold: {many_opportunities}).",
        ),
    ),
    Rule(
        name="NewOpportunitySpike",
        severity=Severity.INFO,
        when=(
            AsPrometheusSees(
                f"sum(max by (sport) (increase(monps_opportunities_detected_total{{{JOB}}}[5m])))"
                " > $",
                (Threshold("opportunity_spike"),),
            ),
        ),
        holds_for=timedelta(minutes=1),  # those told one by one come first and mute it
        summary=Text(fr="Pic d’opportunités", en="Spike of opportunities"),
        description=Text(
            fr="{value} nouvelles opportunités en cinq minutes (seuil : {opportunity_spike}).",
            en="{value} new opportunities in five minutes (threshold: {opportunity_spike}).",
        ),
    ),
    Rule(
        name="ExtremeSpreadOpportunity",
        severity=Severity.INFO,
        when=(
            Compared(
                Gauge(name="monps_max_spread_percent", by="sport"),
                ">",
                Threshold("extreme_spread_pct"),
            ),
        ),
        by="sport",
        holds_for=timedelta(minutes=1),
        unit=Unit.PERCENT,
        summary=Text(fr="Écart extrême ({sport})", en="Extreme spread ({sport})"),
        description=Text(
            fr="Les bookmakers diffèrent de {value} % (seuil : {extreme_spread_pct} %). Un écart"
            " n’est pas un avantage : vérifier d’abord que ce n’est pas une erreur de cote.",
            en="Bookmakers differ by {value}% (threshold: {extreme_spread_pct}%). A spread is not"
            " an edge: check first that it is no error in the odds.",
        ),
    ),
    Rule(
        name="AgentTestVerdict",
        severity=Severity.INFO,
        when=(Compared(Gauge(name="monps_tests_with_verdict"), ">", Number(0)),),
        holds_for=timedelta(minutes=1),
        summary=Text(fr="Un test A/B a rendu son verdict", en="An A/B test has its verdict"),
        description=Text(
            fr="Tests A/B dont le verdict attend une décision : {value}. Appliquer ou archiver"
            " l’amélioration.",
            en="A/B tests whose verdict waits for a decision: {value}. Apply or archive the"
            " improvement.",
        ),
    ),
)
