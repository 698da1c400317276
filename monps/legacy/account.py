"""The account of a table: every row received is stored, unchanged or rejected with its reason."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row of the original that cannot be used; `detail` is what stood there."""

    table: str
    row_id: str
    reason: str
    detail: str = ""


class RowError(ValueError):
    """A row cannot be used; the message is the reason that is counted."""

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(reason)
        self.detail = str(detail)


def rejection_of(table: str, row_id: str, error: RowError) -> Rejection:
    """What is listed of a row that raised."""
    return Rejection(table=table, row_id=row_id, reason=str(error), detail=error.detail)


@dataclass(slots=True, kw_only=True)
class Account:
    """What became of one table's rows; received = stored + unchanged + rejected.

    `unchanged` repeat what is known, those imported before among them. `oldest` and `newest` are
    when the rows were made. `withdrawn` counts what a look no longer found: rows of ours that no
    row of the original stands for. `notes` are sentences about rows stored otherwise than told.
    """

    received: int = 0
    stored: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    after_kickoff: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    oldest: datetime | None = None
    newest: datetime | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Rows that cannot be used."""
        return self.reasons.total()

    def date(self, at: datetime) -> None:
        """Widen the span of the rows by one."""
        self.oldest = at if self.oldest is None else min(self.oldest, at)
        self.newest = at if self.newest is None else max(self.newest, at)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The accounts by table; each rejection is handed on as it comes, for there may be many."""

    accounts: dict[str, Account] = field(default_factory=dict)
    listed: Callable[[Rejection], object] = lambda _rejection: None

    def of(self, table: str) -> Account:
        """The account of a table."""
        return self.accounts.setdefault(table, Account())

    def reject(self, rejection: Rejection) -> None:
        """Count and list a row that cannot be used."""
        self.of(rejection.table).reasons[rejection.reason] += 1
        self.listed(rejection)
