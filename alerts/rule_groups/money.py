"""Money and results: the bankroll, and what settled and graded bets say once there are enough."""

from datetime import timedelta
from typing import Final

from alerts.conditions import Compared, Gauge, Threshold
from alerts.rule import Rule, Severity, Text, Unit

BANKROLL: Final = Gauge(name="monps_bankroll")
DRAWDOWN: Final = Gauge(name="monps_drawdown_percent")
# Below it a rate is luck: without one settled bet the original was at 0 % and cried wolf.
ENOUGH_SETTLED: Final = Compared(
    Gauge(name="monps_settled_bets"), ">=", Threshold("minimum_settled")
)
ENOUGH_GRADED: Final = Compared(Gauge(name="monps_graded_bets"), ">=", Threshold("minimum_graded"))

RULES: Final = (
    Rule(
        name="BankrollCritique",
        severity=Severity.CRITICAL,
        when=(Compared(BANKROLL, "<", Threshold("bankroll_critical")),),
        holds_for=timedelta(minutes=5),
        unit=Unit.MONEY,
        summary=Text(fr="Bankroll critique", en="Critical bankroll"),
        description=Text(
            fr="La bankroll est de {value} € (seuil : {bankroll_critical} €). Arrêter de parier.",
            en="The bankroll is at {value} € (threshold: {bankroll_critical} €). Stop betting.",
        ),
    ),
    Rule(
        name="BankrollWarning",
        severity=Severity.WARNING,
        when=(
            Compared(BANKROLL, "<", Threshold("bankroll_warning")),
            Compared(BANKROLL, ">=", Threshold("bankroll_critical")),
        ),
        holds_for=timedelta(minutes=5),
        unit=Unit.MONEY,
        summary=Text(fr="Bankroll basse", en="Low bankroll"),
        description=Text(
            fr="La bankroll est de {value} € (seuil : {bankroll_warning} €).",
            en="The bankroll is at {value} € (threshold: {bankroll_warning} €).",
        ),
    ),
    Rule(
        name="DrawdownCritical",
        severity=Severity.CRITICAL,
        when=(Compared(DRAWDOWN, ">", Threshold("drawdown_critical_pct")),),
        holds_for=timedelta(minutes=5),
        unit=Unit.PERCENT,
        summary=Text(fr="Repli critique", en="Critical drawdown"),
        description=Text(
            fr="La bankroll a perdu {value} % depuis son sommet"
            " (seuil : {drawdown_critical_pct} %). Arrêter de parier.",
            en="The bankroll has lost {value}% since its peak"
            " (threshold: {drawdown_critical_pct}%). Stop betting.",
        ),
    ),
    Rule(
        name="DrawdownWarning",
        severity=Severity.WARNING,
        when=(
            Compared(DRAWDOWN, ">", Threshold("drawdown_warning_pct")),
            Compared(DRAWDOWN, "<=", Threshold("drawdown_critical_pct")),
        ),
        holds_for=timedelta(minutes=5),
        unit=Unit.PERCENT,
        summary=Text(fr="Repli de la bankroll", en="Drawdown"),
        description=Text(
            fr="La bankroll a perdu {value} % depuis son sommet"
            " (seuil : {drawdown_warning_pct} %).",
            en="The bankroll has lost {value}% since its peak"
            " (threshold: {drawdown_warning_pct}%).",
        ),
    ),
    Rule(
        name="ROINegatif",
        severity=Severity.CRITICAL,
        when=(
            Compared(Gauge(name="monps_roi"), "<", Threshold("minimum_roi_pct")),
            ENOUGH_SETTLED,
        ),
        holds_for=timedelta(minutes=10),
        unit=Unit.PERCENT,
        summary=Text(fr="Rendement négatif", en="Negative yield"),
        description=Text(
            fr="Le rendement des paris réglés est de {value} % (seuil : {minimum_roi_pct} %, au"
            " moins {minimum_settled} paris). Revoir les stratégies.",
            en="The yield of settled bets is {value}% (threshold: {minimum_roi_pct}%, at least"
            " {minimum_settled} bets). Review the strategies.",
        ),
    ),
    Rule(
        name="WinRateFaible",
        severity=Severity.WARNING,
        when=(
            Compared(Gauge(name="monps_win_rate"), "<", Threshold("minimum_win_rate_pct")),
            ENOUGH_SETTLED,
        ),
        holds_for=timedelta(minutes=30),
        unit=Unit.PERCENT,
        summary=Text(fr="Taux de réussite faible", en="Low win rate"),
        description=Text(
            fr="Le taux de réussite est de {value} % (seuil : {minimum_win_rate_pct} %, au moins"
            " {minimum_settled} paris réglés).",
            en="The win rate is {value}% (threshold: {minimum_win_rate_pct}%, at least"
            " {minimum_settled} settled bets).",
        ),
    ),
    Rule(
        name="CLVNegative",
        severity=Severity.WARNING,
        when=(
            Compared(Gauge(name="monps_fair_clv_percent"), "<", Threshold("minimum_clv_pct")),
            ENOUGH_GRADED,
        ),
        holds_for=timedelta(minutes=30),
        unit=Unit.PERCENT,
        summary=Text(fr="CLV juste négative", en="Negative fair CLV"),
        description=Text(
            fr="La CLV juste moyenne est de {value} % (seuil : {minimum_clv_pct} %, au moins"
            " {minimum_graded} paris évalués) : les cotes prises étaient moins bonnes que celles"
            " de clôture.",
            en="The mean fair CLV is {value}% (threshold: {minimum_clv_pct}%, at least"
            " {minimum_graded} graded bets): the odds taken were worse than the closing ones.",
        ),
    ),
)
