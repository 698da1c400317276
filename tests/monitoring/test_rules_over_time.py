"""What happens over time: restarts, values that move, and what only Prometheus can tell."""

import pytest

from alerts.rules import RULES
from tests.monitoring.promtool_files import JOB, rule_tests


def series(name, values, labels=JOB):
    return {"series": f"{name}{{{labels}}}", "values": values}


def fired(name, at, *labels, **annotations):
    """Expects an alert with each of the labels, besides its severity."""
    rule = RULES[name]
    return {
        "eval_time": at,
        "alertname": name,
        "exp_alerts": [
            {
                "exp_labels": {"severity": rule.severity.value} | one,
                "exp_annotations": {
                    "summary": rule.summary.fr,
                    "runbook": rule.runbook,
                    "description": rule.description.fr,
                }
                | annotations,
            }
            for one in labels
        ],
    }


DOWN = {"job": "monps_backend"}
FAILING_WEBHOOK = series(
    "alertmanager_notifications_failed_total",
    "0 0 1 2 3 3x20",
    'job="alertmanager", integration="webhook"',
)
SPECIAL = {
    "down is told after a minute, a restart is not": [
        series("up", "1 0 1 1 0 0 0 0 1"),
        [
            fired("BackendDown", "2m"),
            fired("BackendDown", "4m"),
            fired("BackendDown", "6m", DOWN),
            fired("BackendDown", "8m"),
        ],
    ],
    "one of two web processes is enough": [
        series("up", "0x9", 'job="monps_backend", instance="a"'),
        series("up", "1x9", 'job="monps_backend", instance="b"'),
        [fired("BackendDown", "5m")],
    ],
    "a job that is gone is down": [
        series("up", "1x9", 'job="backend", instance="web:8001"'),
        [fired("BackendDown", "5m", DOWN)],
    ],
    "a value that moves is the same alert, which never begins again": [
        series("monps_bankroll", "899 880 850.5 800 750 700 650 600 550"),
        [
            fired("BankrollCritique", "4m"),
            fired(
                "BankrollCritique",
                "5m",
                {},
                description="La bankroll est de 700,00 € (seuil : 900 €). Arrêter de parier.",
            ),
            fired(
                "BankrollCritique",
                "8m",
                {},
                description="La bankroll est de 550,00 € (seuil : 900 €). Arrêter de parier.",
            ),
        ],
        {
            "expr": 'ALERTS_FOR_STATE{alertname="BankrollCritique"}',
            "eval_time": "8m",
            "exp_samples": [
                {
                    "labels": 'ALERTS_FOR_STATE{alertname="BankrollCritique", severity="critical"}',
                    "value": 0,  # since the first sample
                }
            ],
        },
    ],
    "a restart of the web process neither ends nor repeats it, a recovery ends it": [
        series("monps_bankroll", "800x6 stale _ _ _ 800 800 1000x20"),
        [
            fired(
                "BankrollCritique",
                "9m",
                {},
                description="La bankroll est de 800,00 € (seuil : 900 €). Arrêter de parier.",
            ),
            fired("BankrollCritique", "20m"),
        ],
    ],
    "two web processes that tell the same are one alert": [
        series("monps_mails_failed", "3x20", 'job="monps_backend", instance="a"'),
        series("monps_mails_failed", "3x20", 'job="monps_backend", instance="b"'),
        [
            fired(
                "MailsFailing",
                "12m",
                {},
                description=RULES["MailsFailing"].description.fr.format(value="3"),
            )
        ],
    ],
    "metrics of another job are not ours": [
        series("monps_bankroll", "1x20", 'job="backend"'),
        [fired("BankrollCritique", "15m")],
    ],
    "new opportunities in five minutes": [
        series("monps_opportunities_detected_total", "0 0 0 6 6 6 6 6 6", f'sport="a", {JOB}'),
        series("monps_opportunities_detected_total", "9 9 9 9 9 9 9 9 9", f'sport="b", {JOB}'),
        [
            fired("NewOpportunitySpike", "2m"),
            fired(
                "NewOpportunitySpike",
                "6m",
                {},
                description="6 nouvelles opportunités en cinq minutes (seuil : 5).",
            ),
        ],
    ],
    "few new opportunities": [
        series("monps_opportunities_detected_total", "0 0 0 4 4 4 4 4 4", f'sport="a", {JOB}'),
        [fired("NewOpportunitySpike", "6m")],
    ],
    "Alertmanager that cannot deliver": [
        series(
            "alertmanager_notifications_failed_total",
            "0 0 1 2 3 4 5 6 7 8 9",
            'job="alertmanager", integration="email"',
        ),
        series(
            "alertmanager_notifications_failed_total",
            "7x10",
            'job="alertmanager", integration="webhook"',
        ),
        [
            fired(
                "AlertmanagerMailsFailing",
                "10m",
                {"integration": "email"},
                description="Des envois par email ont échoué dans le dernier quart d’heure.",
            )
        ],
    ],
    "a webhook that fails although the application is there": [
        FAILING_WEBHOOK,
        series("up", "1x30", JOB),
        [
            fired(
                "AlertmanagerMailsFailing",
                "10m",
                {"integration": "webhook"},
                description="Des envois par webhook ont échoué dans le dernier quart d’heure.",
            )
        ],
    ],
    "a webhook that failed while the application was away": [
        FAILING_WEBHOOK,
        series("up", "1 1 0 0 0 0 1x20", JOB),
        [fired("AlertmanagerMailsFailing", minute) for minute in ("4m", "10m", "16m", "22m")],
    ],
}


@pytest.mark.parametrize("name", SPECIAL)
def test_over_time(promtool, tmp_path, name):
    parts = SPECIAL[name]
    inputs = [part for part in parts if isinstance(part, dict) and "series" in part]
    (alerts,) = [part for part in parts if isinstance(part, list)]
    queries = [part for part in parts if isinstance(part, dict) and "expr" in part]
    test = {
        "interval": "1m",
        "input_series": inputs,
        "alert_rule_test": alerts,
        "promql_expr_test": queries,
    }

    tested = promtool("test", "rules", rule_tests(tmp_path, [test]))

    assert tested.returncode == 0, tested.stdout + tested.stderr
