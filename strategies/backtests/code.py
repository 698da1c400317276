"""With which code a backtest was made: the version, and a hash of the sources that decide it."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

SOURCES: Final = (
    "strategies",
    "betting/bankroll/staking.py",
    "betting/bets/rules.py",
    "betting/closing",
    "betting/detection",
    "betting/performance/measures.py",
    "odds/devig.py",
    "odds/fair_prices.py",
)
ENTRY_POINTS: Final = {"admin", "api", "management", "migrations"}  # these decide nothing
HASH_LENGTH: Final = 12


@cache
def code_version() -> str:
    """As `0.1.0+3f9c1a27b0de`; read once, as the code that runs was."""
    digest = hashlib.sha256()
    for path in _files(settings.BASE_DIR):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return f"{settings.VERSION}+{digest.hexdigest()[:HASH_LENGTH]}"


def _files(root: Path) -> list[Path]:
    found = set()
    for source in SOURCES:
        path = root / source
        inside = path.rglob("*.py") if path.is_dir() else [path]
        found |= {one for one in inside if not ENTRY_POINTS & set(one.relative_to(root).parts)}
    return sorted(found)
