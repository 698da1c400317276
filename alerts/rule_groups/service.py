"""Is MON_PS itself running: the site, the database, the queue and the processes behind it."""

from datetime import timedelta
from typing import Final

from alerts.conditions import (
    JOB,
    Absent,
    Age,
    AsPrometheusSees,
    Compared,
    Gauge,
    Number,
    Threshold,
)
from alerts.rule import Rule, Severity, Text, Unit

# While the database cannot be read nothing else is known, and its own alert says so.
DATABASE_UP: Final = Compared(Gauge(name="monps_up"), "==", Number(1))
WORKER: Final = Gauge(name="monps_worker_heartbeat_timestamp", by="queue", only="celery")
LONG_WORKER: Final = Gauge(name="monps_worker_heartbeat_timestamp", by="queue", only="long")
BEAT: Final = Gauge(name="monps_beat_heartbeat_timestamp")


def _failed(operator: str) -> str:
    """Deliveries that Alertmanager gave up, by the webhook or by everything else."""
    chosen = f'{{job="alertmanager",integration{operator}"webhook"}}'
    return f"sum by (integration) (increase(alertmanager_notifications_failed_total{chosen}[15m]))"


RULES: Final = (
    Rule(
        name="BackendDown",
        severity=Severity.CRITICAL,
        # The target that is gone from the configuration is as silent as the one that is down.
        when=(AsPrometheusSees(f"max by (job) (up{{{JOB}}}) == 0 or absent(up{{{JOB}}})"),),
        holds_for=timedelta(minutes=1),
        keeps_for=timedelta(),
        summary=Text(fr="MON_PS ne répond plus", en="MON_PS does not answer"),
        description=Text(
            fr="L’application ne répond plus depuis une minute : rien n’est collecté ni surveillé.",
            en="The application has not answered for a minute: nothing is collected or watched.",
        ),
    ),
    Rule(
        name="DatabaseDown",
        severity=Severity.CRITICAL,
        when=(Compared(Gauge(name="monps_up"), "==", Number(0)),),
        holds_for=timedelta(minutes=2),
        keeps_for=timedelta(),
        summary=Text(fr="Base de données injoignable", en="The database cannot be reached"),
        description=Text(
            fr="L’application répond, mais ne peut pas lire sa base de données.",
            en="The application answers, but cannot read its database.",
        ),
    ),
    Rule(
        name="BrokerDown",
        severity=Severity.CRITICAL,
        when=(Compared(Gauge(name="monps_broker_up"), "==", Number(0)),),
        holds_for=timedelta(minutes=2),
        summary=Text(fr="File d’attente injoignable", en="The queue cannot be reached"),
        description=Text(
            fr="Redis ne répond pas : aucune tâche ne part ni n’arrive.",
            en="Redis does not answer: no task leaves or arrives.",
        ),
    ),
    Rule(
        name="WorkerSilent",
        severity=Severity.CRITICAL,
        when=(Compared(Age(WORKER), ">", Threshold("worker_silence_minutes", 60)),),
        by="queue",
        holds_for=timedelta(minutes=1),
        unit=Unit.DURATION,
        summary=Text(fr="Le worker est silencieux", en="The worker is silent"),
        description=Text(
            fr="Le worker de la file {queue} n’a plus donné signe de vie depuis {value}"
            " (seuil : {worker_silence_minutes} min). Rien n’est collecté ni détecté.",
            en="The worker of the queue {queue} has given no sign of life for {value}"
            " (threshold: {worker_silence_minutes} min). Nothing is collected or detected.",
        ),
    ),
    Rule(
        name="LongWorkerSilent",
        severity=Severity.WARNING,
        when=(Compared(Age(LONG_WORKER), ">", Threshold("long_worker_silence_minutes", 60)),),
        by="queue",
        holds_for=timedelta(minutes=1),
        unit=Unit.DURATION,
        summary=Text(
            fr="Le worker des tâches longues est silencieux",
            en="The worker of long jobs is silent",
        ),
        description=Text(
            fr="Le worker de la file {queue} n’a plus donné signe de vie depuis {value}"
            " (seuil : {long_worker_silence_minutes} min). Les backtests attendent.",
            en="The worker of the queue {queue} has given no sign of life for {value}"
            " (threshold: {long_worker_silence_minutes} min). Backtests are waiting.",
        ),
    ),
    Rule(
        name="BeatSilent",
        severity=Severity.CRITICAL,
        when=(Compared(Age(BEAT), ">", Threshold("beat_silence_minutes", 60)),),
        holds_for=timedelta(minutes=1),
        unit=Unit.DURATION,
        summary=Text(fr="Le planificateur est silencieux", en="The scheduler is silent"),
        description=Text(
            fr="Aucune tâche périodique n’est partie depuis {value}"
            " (seuil : {beat_silence_minutes} min).",
            en="No periodic task has left for {value} (threshold: {beat_silence_minutes} min).",
        ),
    ),
    Rule(
        name="NoHeartbeatYet",
        severity=Severity.CRITICAL,
        when=(Absent((WORKER, BEAT)), DATABASE_UP),
        holds_for=timedelta(minutes=10),
        summary=Text(
            fr="Un processus n’a jamais donné signe de vie",
            en="A process has never given a sign of life",
        ),
        description=Text(
            fr="Depuis dix minutes le site répond, mais le worker ou le planificateur n’a encore"
            " jamais tourné.",
            en="For ten minutes the site has answered, but the worker or the scheduler has never"
            " run.",
        ),
    ),
    Rule(
        name="QueueBacklog",
        severity=Severity.WARNING,
        when=(
            Compared(Gauge(name="monps_queue_length", by="queue"), ">", Threshold("long_queue")),
        ),
        by="queue",
        holds_for=timedelta(minutes=15),
        summary=Text(fr="Des tâches s’accumulent", en="Tasks pile up"),
        description=Text(
            fr="{value} tâches attendent dans la file {queue} (seuil : {long_queue}).",
            en="{value} tasks are waiting in the queue {queue} (threshold: {long_queue}).",
        ),
    ),
    Rule(
        name="MailsFailing",
        severity=Severity.WARNING,
        when=(Compared(Gauge(name="monps_mails_failed"), ">", Number(0)),),
        holds_for=timedelta(minutes=10),
        summary=Text(fr="Des e-mails n’ont pas pu être envoyés", en="Mails could not be sent"),
        description=Text(
            fr="E-mails de l’application refusés ou dans le doute : {value}. Vérifier le serveur"
            " SMTP, puis la liste des e-mails dans l’administration.",
            en="Mails of the application refused or in doubt: {value}. Check the SMTP server,"
            " then the list of mails in the admin.",
        ),
    ),
    Rule(
        name="AlertmanagerMailsFailing",
        severity=Severity.WARNING,
        when=(
            # What could not be told to an application that was down needs no telling afterwards.
            AsPrometheusSees(
                f"{_failed('!=')} > 0 or ({_failed('=')} > 0"
                f" unless on () min_over_time(up{{{JOB}}}[20m]) == 0)"
            ),
        ),
        by="integration",
        holds_for=timedelta(minutes=5),
        summary=Text(
            fr="Alertmanager n’arrive pas à envoyer ses alertes",
            en="Alertmanager cannot deliver its alerts",
        ),
        description=Text(
            fr="Des envois par {integration} ont échoué dans le dernier quart d’heure.",
            en="Deliveries by {integration} have failed in the last quarter of an hour.",
        ),
    ),
)
