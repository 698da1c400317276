"""The tables of betting."""

from betting.models.opportunities import Detection, Opportunity
from betting.models.preferences import DetectionSettings

__all__ = ["Detection", "DetectionSettings", "Opportunity"]
