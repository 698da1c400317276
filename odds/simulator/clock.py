"""The mapping between the wall clock and a faster or shifted clock."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Simulated time runs `speed` times as fast as the wall and meets it at one point.

    Args:
        speed: Simulated seconds per wall second, above 0.
        started_at: Wall instant of the meeting point, Unix seconds.
        simulated_start: Simulated instant of the meeting point, Unix seconds.
    """

    speed: float
    started_at: float
    simulated_start: float

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"speed must be above 0, not {self.speed}")

    def simulated(self, wall: float) -> float:
        """The simulated instant at a wall instant, both Unix seconds."""
        return self.simulated_start + (wall - self.started_at) * self.speed

    def wall(self, simulated: float) -> float:
        """The wall instant at a simulated instant, both Unix seconds."""
        return self.started_at + (simulated - self.simulated_start) / self.speed


REAL_TIME = Clock(speed=1, started_at=0, simulated_start=0)


def iso(timestamp: float) -> str:
    """A Unix timestamp as The Odds API writes it: whole seconds, rounded down, with a Z."""
    return datetime.fromtimestamp(timestamp // 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def timestamp_of(text: str) -> float:
    """Unix seconds of an ISO 8601 instant; one without offset is UTC.

    Raises:
        ValueError: The text is no instant.
    """
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
