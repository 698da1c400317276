"""The tables of betting."""

from betting.models.bankroll import Account, LedgerEntry
from betting.models.bets import Bet, BetChange, BetImport
from betting.models.closing_lines import ClosingLine
from betting.models.grades import UNGRADED, ClvStatus
from betting.models.opportunities import Detection, Opportunity
from betting.models.outcomes import MARKETS_WITH_LINE, OUTCOMES, BetMarket, Ending, Outcome
from betting.models.preferences import DetectionSettings
from betting.models.stakes import SettlementSettings, StakingSettings

__all__ = [
    "MARKETS_WITH_LINE",
    "OUTCOMES",
    "UNGRADED",
    "Account",
    "Bet",
    "BetChange",
    "BetImport",
    "BetMarket",
    "ClosingLine",
    "ClvStatus",
    "Detection",
    "DetectionSettings",
    "Ending",
    "LedgerEntry",
    "Opportunity",
    "Outcome",
    "SettlementSettings",
    "StakingSettings",
]
