"""Small files of football-data.co.uk, made as bytes, and imported."""

from collections.abc import Sequence
from datetime import UTC, datetime

from odds.football_data.importing import Account, ImportSummary, import_file

NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
KICKOFF = datetime(2025, 1, 12, 14, tzinfo=UTC)  # of `row`
FRIDAY = datetime(2025, 1, 10, 15, tzinfo=UTC)  # when its prices are stated

HEADER = ("Div", "Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR")
PRICES = {  # a whole set of 2024/25, cut down to three sources
    "B365H": "2.10", "B365D": "3.40", "B365A": "3.60",
    "PSH": "2.15", "PSD": "3.45", "PSA": "3.65",
    "MaxH": "2.20", "MaxD": "3.50", "MaxA": "3.75",
    "P>2.5": "1.95", "P<2.5": "1.93",
    "AHh": "-0.25", "PAHH": "1.88", "PAHA": "2.02",
    "PSCH": "2.05", "PSCD": "3.50", "PSCA": "3.80",
    "PC>2.5": "1.90", "PC<2.5": "1.98",
    "AHCh": "-0.5", "PCAHH": "2.05", "PCAHA": "1.86",
}  # fmt: skip


def row(home: str = "Leeds", away: str = "Fulham", **given: str) -> dict[str, str]:
    """One match of a file; Sunday 12 January 2025, 14:00 UK, 2-1."""
    values = {
        "Div": "E0",
        "Date": "12/01/2025",
        "Time": "14:00",
        "HomeTeam": home,
        "AwayTeam": away,
        "FTHG": "2",
        "FTAG": "1",
        "FTR": "H",
    }
    return values | given


def csv_bytes(*rows: dict[str, str], columns: Sequence[str] = (), end: str = "\r\n") -> bytes:
    """The rows with every column any of them has, or with the columns given."""
    names = list(columns) or list(dict.fromkeys(name for each in rows for name in each))
    lines = [",".join(names), *(",".join(each.get(name, "") for name in names) for each in rows)]
    return (end.join(lines) + end).encode()


def load(*rows: dict[str, str], now: datetime = NOW) -> Account:
    """Import the rows as one file; what became of them."""
    summary = ImportSummary()
    import_file(csv_bytes(*rows), name="E0.csv", summary=summary, now=now)
    return summary.total
