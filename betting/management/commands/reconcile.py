"""`manage.py reconcile`: prove that the ledger and the bets say the same."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from betting.bankroll.reconciliation import Proof, reconcile


class Command(BaseCommand):
    help = (
        "Prove that the ledger's sum is initial balances + movements + profits − pending risk, "
        "and that every bet's entries say what the bet says; fails where they do not."
    )

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        proof = reconcile()
        for name, amount in _lines(proof):
            self.stdout.write(f"{name:<42}{amount:>16,.2f}")
        if not proof.is_proved:
            raise CommandError(_complaint(proof))
        self.stdout.write(self.style.SUCCESS("The ledger is proved."))


def _lines(proof: Proof) -> list[tuple[str, Any]]:
    return [
        ("initial balances", proof.initial),
        ("+ deposits, withdrawals, bonuses, other", proof.moved),
        ("+ profits of settled bets", proof.profits),
        ("− risk of pending bets", proof.exposure),
        ("= expected", proof.expected),
        ("sum of the ledger", proof.ledger),
    ]


def _complaint(proof: Proof) -> str:
    told = [f"The ledger differs by {proof.ledger - proof.expected:.2f}"]
    if proof.transfers:
        told.append(f"transfers do not sum to zero ({proof.transfers:.2f})")
    if proof.wrong_bets:
        listed = ", ".join(str(bet_id) for bet_id in proof.wrong_bets)
        told.append(f"bets whose entries say something else: {listed}")
    return f"{'; '.join(told)}."
