"""What runs by night: backups and their restore test, the analysis, and what it costs."""

from datetime import timedelta
from typing import Final

from alerts.conditions import Absent, Age, Compared, Gauge, Number, Product, Threshold
from alerts.rule import Rule, Severity, Text, Unit
from alerts.rule_groups.service import DATABASE_UP

BACKUP: Final = Gauge(name="monps_last_backup_timestamp")
BUDGET: Final = Gauge(name="monps_llm_month_budget_eur")

RULES: Final = (
    Rule(
        name="BackupStale",
        severity=Severity.CRITICAL,
        when=(Compared(Age(BACKUP), ">", Threshold("backup_age_hours", 3600)),),
        holds_for=timedelta(minutes=10),
        unit=Unit.DURATION,
        summary=Text(fr="Sauvegarde trop ancienne", en="The backup is too old"),
        description=Text(
            fr="La dernière sauvegarde date de {value} (seuil : {backup_age_hours} h).",
            en="The last backup is {value} old (threshold: {backup_age_hours} h).",
        ),
    ),
    Rule(
        name="NoBackupYet",
        severity=Severity.CRITICAL,
        when=(Absent((BACKUP,)), DATABASE_UP),
        holds_for=timedelta(hours=26),
        summary=Text(fr="Aucune sauvegarde à ce jour", en="No backup so far"),
        description=Text(
            fr="Après plus d’un jour, aucune sauvegarde n’existe encore.",
            en="After more than a day there is no backup yet.",
        ),
    ),
    Rule(
        name="RestoreTestFailed",
        severity=Severity.CRITICAL,
        when=(Compared(Gauge(name="monps_restore_test_ok"), "==", Number(0)),),
        holds_for=timedelta(minutes=1),
        summary=Text(fr="Une sauvegarde ne se restaure pas", en="A backup cannot be restored"),
        description=Text(
            fr="Le dernier essai de restauration a échoué : les sauvegardes ne sont pas sûres.",
            en="The last restore test failed: the backups cannot be relied on.",
        ),
    ),
    Rule(
        name="RestoreTestStale",
        severity=Severity.WARNING,
        when=(
            Compared(
                Age(Gauge(name="monps_last_restore_test_timestamp")),
                ">",
                Threshold("restore_test_age_days", 86400),
            ),
        ),
        holds_for=timedelta(minutes=10),
        unit=Unit.DURATION,
        summary=Text(fr="Essai de restauration trop ancien", en="The restore test is too old"),
        description=Text(
            fr="Le dernier essai de restauration date de {value}"
            " (seuil : {restore_test_age_days} jours).",
            en="The last restore test is {value} old (threshold: {restore_test_age_days} days).",
        ),
    ),
    Rule(
        name="NightlyFailed",
        severity=Severity.WARNING,
        when=(Compared(Gauge(name="monps_nightly_failed"), "==", Number(1)),),
        holds_for=timedelta(minutes=5),
        summary=Text(fr="L’analyse de la nuit a échoué", en="The nightly analysis failed"),
        description=Text(
            fr="La dernière analyse de la nuit s’est terminée par une erreur.",
            en="The newest nightly analysis ended with an error.",
        ),
    ),
    Rule(
        name="NightlyStale",
        severity=Severity.WARNING,
        when=(
            Compared(
                Age(Gauge(name="monps_nightly_last_success_timestamp")),
                ">",
                Threshold("nightly_age_hours", 3600),
            ),
        ),
        holds_for=timedelta(minutes=10),
        unit=Unit.DURATION,
        summary=Text(fr="Pas d’analyse de la nuit", en="No nightly analysis"),
        description=Text(
            fr="La dernière analyse de la nuit réussie date de {value}"
            " (seuil : {nightly_age_hours} h).",
            en="The last nightly analysis that succeeded is {value} old"
            " (threshold: {nightly_age_hours} h).",
        ),
    ),
    Rule(
        name="LlmBudgetNearlySpent",
        severity=Severity.WARNING,
        when=(
            Compared(
                Gauge(name="monps_llm_month_cost_eur"),
                ">=",
                Product(Threshold("llm_budget_pct", 0.01), BUDGET),
            ),
            Compared(BUDGET, ">", Number(0)),
        ),
        holds_for=timedelta(minutes=5),
        unit=Unit.MONEY,
        summary=Text(
            fr="Budget du modèle de langage presque dépensé", en="LLM budget nearly spent"
        ),
        description=Text(
            fr="{value} € dépensés ce mois-ci, au moins {llm_budget_pct} % du budget.",
            en="{value} € spent this month, at least {llm_budget_pct}% of the budget.",
        ),
    ),
)
