"""The Patron's answer in words: its serializers, and its French sentences."""

from typing import Any, Final

from rest_framework import serializers

from odds.api_fields import InstantField
from strategies.api.agent_words import EVERY, confidence_of
from strategies.api.match_opinions import Opinions
from strategies.api.patron_judgement import Advice, Background, Judgement
from strategies.models import Prediction

SIGNALS: Final = ((80.0, "FORT"), (60.0, "MOYEN"), (40.0, "FAIBLE"))
FRENCH: Final = {
    "home": "domicile",
    "draw": "nul",
    "away": "extérieur",
    "over": "plus de",
    "under": "moins de",
}


class PatronShareSerializer(serializers.Serializer[Any]):
    """What one agent's voice adds."""

    signal = serializers.CharField(
        help_text="FORT from 80, MOYEN from 60, FAIBLE from 40, else TRES_FAIBLE, by its confiance "
        "(INCONNU where that is unknown); OPPOSE: names another outcome; AUCUN: said nothing here."
    )
    confiance = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    poids = serializers.FloatField(help_text="Of those that spoke; they sum to 1.")
    contribution = serializers.FloatField(help_text="poids x confiance; 0 unless it agrees.")


class PatronReadingSerializer(serializers.Serializer[Any]):
    """The judgement in four sentences."""

    point_fort = serializers.CharField()
    point_vigilance = serializers.CharField()
    arbitrage = serializers.CharField(help_text="Whether an arbitrage was predicted on it.")
    decision_finale = serializers.CharField()


class PatronSerializer(serializers.Serializer[Any]):
    """What the agents together say of a match; null where undefined."""

    match_id = serializers.CharField()
    match_info = serializers.DictField(help_text="home_team, away_team, sport, commence_time.")
    score_global = serializers.FloatField(
        allow_null=True,
        help_text="confiance_agregee times the agreeing agents' share of the weight, 0 to 100; "
        "null where nobody spoke or no agreement of other operators is known.",
    )
    consensus = serializers.CharField(
        help_text="Agents that name the outcome of those that spoke on its market and line: "
        "FORT (all, 2 or more), MAJORITAIRE, DIVISE, CONFLICTUEL, ISOLE (1/1) or AUCUN (0/0)."
    )
    consensus_description = serializers.CharField()
    confiance_agregee = serializers.FloatField(
        allow_null=True,
        help_text="Weighted mean, over the agreeing agents, of the percentage of other operators "
        "by whose own fair price theirs has an edge too.",
    )
    recommendation = serializers.ChoiceField(
        [advice.value for advice in Advice],
        help_text="By score_global: 80, 65, 50, 35; at most SIGNAL MOYEN for a single voice; REJET "
        "without an edge and once the match has begun.",
    )
    action = serializers.CharField()
    mise_recommandee_pct = serializers.FloatField(
        help_text="Percent of the bankroll: the user's share of Kelly within the caps; 0 without "
        "an edge, after kick-off, and for SIGNAL FAIBLE and REJET."
    )
    synthese_agents = serializers.DictField(child=PatronShareSerializer())
    analyse_patron = PatronReadingSerializer()
    recommandations = serializers.ListField(child=serializers.CharField())
    details_agents = serializers.DictField(help_text="Each voice's prediction, by agent.")
    selection = serializers.CharField(allow_null=True, help_text="What it is about.")
    edge_pct = serializers.FloatField(allow_null=True, help_text="Claimed, percent.")
    predicted_at = InstantField(allow_null=True)
    poids_mesures = serializers.BooleanField(
        help_text="Weights are measured CLV; false: no agent has a positive record, all are equal."
    )
    predictions = serializers.IntegerField(help_text="Stored on this match, of current versions.")


# A judgement in brief, by the match's id: no serializer can describe free keys at the top.
BRIEF_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "score": {"type": "number", "nullable": True, "description": "score_global."},
            "label": {
                "type": "string",
                "description": "FORT SIGNAL (FORT or BON SIGNAL), ANALYSER (SIGNAL MOYEN), "
                "PRUDENCE (SIGNAL FAIBLE), EVITER (REJET) or ERREUR: no match has the id.",
            },
            "color": {"type": "string"},
            "recommendation": {"type": "string", "nullable": True},
            "predictions": {"type": "integer"},
        },
    },
}


def signal_of(voice: Prediction | None, *, is_backing: bool) -> str:
    """How strong one voice is."""
    if voice is None:
        return "AUCUN"
    if not is_backing:
        return "OPPOSE"
    confidence = confidence_of(voice)
    if confidence is None:
        return "INCONNU"
    return next((name for least, name in SIGNALS if confidence >= least), "TRES_FAIBLE")


def consensus_of(judgement: Judgement) -> tuple[str, str]:
    """The consensus by the number of agents on an outcome, and a sentence about it."""
    backing, spoke = len(judgement.agreed.backing), len(judgement.agreed.voices)
    count = f"({backing}/{spoke})"
    if not spoke:
        return f"AUCUN {count}", "Aucun agent ne s'est prononcé sur une issue."
    if spoke == 1:
        return f"ISOLE {count}", "Un seul agent s'est prononcé sur ce marché."
    sentence = f"{backing} agent(s) sur {spoke} prennent la même issue."
    if backing == spoke:
        return f"FORT {count}", sentence
    if 2 * backing == spoke:
        return f"DIVISE {count}", sentence
    return f"{'MAJORITAIRE' if 2 * backing > spoke else 'CONFLICTUEL'} {count}", sentence


def analyse(opinions: Opinions, judgement: Judgement, background: Background) -> dict[str, Any]:
    """`analyse_patron` and `recommandations`."""
    chosen, agreed = judgement.chosen, judgement.agreed
    every = sum(one.outcome == EVERY for one in opinions.predictions)
    return {
        "analyse_patron": {
            "point_fort": _strength(judgement),
            "point_vigilance": " ".join(_warnings(judgement)),
            "arbitrage": f"{every} arbitrage(s) prédit(s) sur ce match."
            if every
            else "Aucun arbitrage prédit sur ce match.",
            "decision_finale": _decision(judgement),
        },
        "recommandations": _advised(judgement, background)
        if chosen or agreed.voices
        else ["Attendre : aucun agent n'a de prédiction sur ce match."],
    }


def outcome_in_french(made: Prediction) -> str:
    """An outcome with its line."""
    name = FRENCH.get(made.outcome, made.outcome)
    return name if made.market == "h2h" else f"{name} {made.line.normalize():f}"


def _strength(judgement: Judgement) -> str:
    chosen = judgement.chosen
    if chosen is None:
        return "Aucun."
    return (
        f"Avantage annoncé de {chosen.edge_pct:+.1f} % sur {outcome_in_french(chosen)} à "
        f"{chosen.odds.normalize():f}, prédit le {chosen.predicted_at:%d/%m/%Y à %H:%M} UTC."
    )


def _warnings(judgement: Judgement) -> list[str]:
    warnings = []
    if judgement.has_begun:
        warnings.append("Le match a commencé.")
    if judgement.agreed.against:
        warnings.append(f"{len(judgement.agreed.against)} agent(s) prennent une autre issue.")
    if judgement.confidence is None:
        warnings.append("L'accord des autres opérateurs est inconnu.")
    if judgement.agreed.voices and not judgement.is_measured:
        warnings.append("Aucun agent n'a encore de CLV mesurée positive : poids égaux.")
    return warnings or ["Rien à signaler."]


def _decision(judgement: Judgement) -> str:
    if judgement.advice is Advice.REJECT:
        return "REJET : ne pas parier."
    return f"{judgement.advice.value} : mise de {judgement.stake_pct:.2f} % de la bankroll."


def _advised(judgement: Judgement, background: Background) -> list[str]:
    if not judgement.stake_pct:
        return ["Ne pas miser."]
    limits = background.limits
    stake = (
        f"Miser {judgement.stake_pct:.2f} % de la bankroll : {limits.kelly_fraction:g} x Kelly, au "
        f"plus {limits.cap_bet_pct:g} % par pari."
    )
    return [stake, "Vérifier que la cote est encore offerte : elle date de la prédiction."]
