"""The models of this app; each file owns one kind of fact."""

from strategies.models.improvements import (
    ExperimentSettings,
    Improvement,
    ImprovementChange,
)
from strategies.models.jobs import Backtest, Job, Proof
from strategies.models.learning import LearningRun, LearningSettings, NightlyRun
from strategies.models.predictions import AgentRun, Prediction
from strategies.models.records import (
    RankingSettings,
    StrategyDay,
    StrategyRecord,
    Tier,
    Trend,
)
from strategies.models.strategies import Strategy, StrategyVersion

__all__ = [
    "AgentRun",
    "Backtest",
    "ExperimentSettings",
    "Improvement",
    "ImprovementChange",
    "Job",
    "LearningRun",
    "LearningSettings",
    "NightlyRun",
    "Prediction",
    "Proof",
    "RankingSettings",
    "Strategy",
    "StrategyDay",
    "StrategyRecord",
    "StrategyVersion",
    "Tier",
    "Trend",
]
