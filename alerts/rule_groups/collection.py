"""Whether odds keep coming, and whether there are credits for more."""

from datetime import timedelta
from typing import Final

from alerts.conditions import Absent, Age, Compared, Difference, Gauge, Number, Product, Threshold
from alerts.rule import Rule, Severity, Text, Unit
from alerts.rule_groups.service import DATABASE_UP

LAST: Final = Gauge(name="monps_last_collection_timestamp")
REMAINING: Final = Gauge(name="monps_api_requests_remaining")


def _paused(name: str, reason: str, *, summary: Text, description: Text) -> Rule:
    """The newest call was refused for this reason; the value is the time until the next one."""
    wait = Gauge(name="monps_collection_pause_seconds", by="reason", only=reason)
    return Rule(
        name=name,
        severity=Severity.WARNING,
        when=(Compared(wait, ">=", Number(0)),),
        by="reason",
        holds_for=timedelta(minutes=5),
        unit=Unit.DURATION,
        summary=summary,
        description=description,
    )


RULES: Final = (
    Rule(
        name="NoDataCollection",
        severity=Severity.WARNING,
        when=(
            Compared(
                Age(LAST),
                ">",
                # Few credits stretch the planned gap beyond four hours, and nights beyond that.
                Product(
                    Threshold("collection_gap_factor"),
                    Gauge(name="monps_collection_interval_seconds", otherwise=0),
                    least=Threshold("collection_silence_hours", 3600),
                ),
            ),
        ),
        holds_for=timedelta(minutes=1),
        unit=Unit.DURATION,
        summary=Text(fr="Plus de collecte", en="No collection"),
        description=Text(
            fr="La dernière collecte date de {value} (seuil : {collection_silence_hours} h, ou"
            " {collection_gap_factor} fois l’intervalle prévu s’il est plus long).",
            en="The last collection is {value} old (threshold: {collection_silence_hours} h, or"
            " {collection_gap_factor} times the planned gap where that is longer).",
        ),
    ),
    Rule(
        name="NoCollectionYet",
        severity=Severity.WARNING,
        when=(Absent((LAST,)), DATABASE_UP),
        holds_for=timedelta(minutes=15),
        summary=Text(fr="Aucune collecte à ce jour", en="No collection so far"),
        description=Text(
            fr="Aucune collecte n’a encore été enregistrée : vérifier la clé de l’API et les"
            " sports collectés.",
            en="No collection has been stored yet: check the key of the API and the collected"
            " sports.",
        ),
    ),
    _paused(
        "CollectionPausedKey",
        "wrong_key",
        summary=Text(fr="Collecte suspendue : clé refusée", en="Collecting is paused: key refused"),
        description=Text(
            fr="The Odds API refuse la clé (401) : aucun appel avant {value}, puis un essai toutes"
            " les 10 minutes. Corriger ODDS_API_KEY et redémarrer ; les cotes de clôture manquent"
            " d’ici là.",
            en="The Odds API refuses the key (401): no call for {value}, then one try every"
            " 10 minutes. Correct ODDS_API_KEY and restart; closing odds are missing until then.",
        ),
    ),
    _paused(
        "CollectionPausedCredits",
        "out_of_credits",
        summary=Text(
            fr="Collecte suspendue : crédits épuisés", en="Collecting is paused: credits gone"
        ),
        description=Text(
            fr="Les crédits du mois sont épuisés : aucun appel avant le renouvellement, dans"
            " {value}. Prendre un plan plus grand, ou chercher quel autre outil utilise la clé.",
            en="The month's credits are gone: no call before the reset, in {value}. Take a larger"
            " plan, or look for another tool that uses the key.",
        ),
    ),
    _paused(
        "CollectionPausedPlan",
        "plan_limit",
        summary=Text(
            fr="Collecte suspendue : hors du plan", en="Collecting is paused: not in the plan"
        ),
        description=Text(
            fr="Le plan de The Odds API n’inclut pas ce qui est demandé : aucun appel avant"
            " {value}. Réduire les marchés et les régions demandés, ou changer de plan.",
            en="The plan at The Odds API does not include what is asked for: no call for {value}."
            " Ask for fewer markets and regions, or change the plan.",
        ),
    ),
    _paused(
        "CollectionPausedRate",
        "rate_limited",
        summary=Text(
            fr="Collecte suspendue : trop d’appels", en="Collecting is paused: too many calls"
        ),
        description=Text(
            fr="The Odds API répond « trop d’appels » (429) depuis plus de 5 minutes : prochain"
            " essai dans {value}. Chercher quel autre outil utilise la clé au même moment.",
            en="The Odds API has answered “too many calls” (429) for more than 5 minutes: next try"
            " in {value}. Look for another tool that uses the key at the same time.",
        ),
    ),
    Rule(
        name="CollectionsFailing",
        severity=Severity.WARNING,
        when=(
            Compared(
                Gauge(name="monps_collections_failed_24h"), ">=", Threshold("failed_collections")
            ),
        ),
        holds_for=timedelta(minutes=5),
        summary=Text(fr="Des collectes échouent", en="Collections fail"),
        description=Text(
            fr="{value} collectes ont échoué en 24 heures (seuil : {failed_collections}).",
            en="{value} collections failed in 24 hours (threshold: {failed_collections}).",
        ),
    ),
    Rule(
        name="QuotaLow",
        severity=Severity.WARNING,
        when=(
            Compared(
                Difference(REMAINING, Gauge(name="monps_api_reserve", otherwise=0)),
                "<",
                Threshold("low_quota"),
            ),
        ),
        holds_for=timedelta(minutes=5),
        summary=Text(fr="Crédits de l’API presque épuisés", en="Credits of the API nearly spent"),
        description=Text(
            fr="Il reste {value} crédits au-dessus de la réserve (seuil : {low_quota}). À la"
            " réserve la collecte s’arrête jusqu’au renouvellement.",
            en="{value} credits are left above the reserve (threshold: {low_quota}). At the"
            " reserve collecting stops until the reset.",
        ),
    ),
    Rule(
        name="QuotaForecast",
        severity=Severity.WARNING,
        when=(
            Compared(Gauge(name="monps_api_requests_forecast"), "<=", Number(0)),
            Compared(REMAINING, ">", Number(0)),
        ),
        holds_for=timedelta(hours=1),
        summary=Text(
            fr="Les crédits ne suffiront pas jusqu’au renouvellement",
            en="The credits will not last until the reset",
        ),
        description=Text(
            fr="Au rythme récent il manquerait des crédits avant le renouvellement (prévision :"
            " {value}). Collecter moins souvent ou moins de sports.",
            en="At the recent pace the credits run out before the reset (forecast: {value})."
            " Collect less often or fewer sports.",
        ),
    ),
)
