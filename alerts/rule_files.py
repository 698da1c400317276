"""The rule files of Prometheus, written from the rules and the thresholds in force."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from alerts.rule import Rule, written_by_prometheus
from alerts.rules import GROUPS

HEADER: Final = "# Written by `manage.py write_alert_rules` from the alert thresholds.\n"
FOLDER: Final = Path(__file__).resolve().parent.parent / "monitoring/prometheus/rules"


def rule_files(thresholds: Mapping[str, float]) -> dict[str, str]:
    """Every file's name and text."""
    return {f"{name}.yml": _file(name, rules, thresholds) for name, rules in GROUPS.items()}


def outdated(folder: Path, thresholds: Mapping[str, float]) -> list[str]:
    """Names of the files in a folder that are not as they would be written, or are left over."""
    files = rule_files(thresholds)
    differing = [name for name, text in files.items() if _read(folder / name) != text]
    return differing + [path.name for path in _leftover(folder, files)]


def write(folder: Path, thresholds: Mapping[str, float]) -> list[str]:
    """Bring the files of a folder up to date, each at once or not at all.

    A file that is right is not touched, so that a Prometheus that watches does not read again.

    Returns:
        Names of the files written or removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = rule_files(thresholds)
    changed = outdated(folder, thresholds)
    for name in files.keys() & set(changed):
        unfinished = folder / f".{name}.{os.getpid()}"  # not matched by Prometheus' *.yml
        unfinished.write_text(files[name], encoding="utf-8")
        unfinished.chmod(0o644)  # Prometheus is another user
        unfinished.replace(folder / name)
    for path in _leftover(folder, files):
        path.unlink()
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _leftover(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Files an earlier version wrote for groups that are gone; the user's own are kept."""
    return [
        path
        for path in sorted(folder.glob("*.yml"))
        if path.name not in files and (_read(path) or "").startswith(HEADER)
    ]


def _file(name: str, rules: Sequence[Rule], thresholds: Mapping[str, float]) -> str:
    lines = [HEADER, "groups:\n", f"  - name: monps_{name}\n", "    rules:\n"]
    return "".join(lines + [_alert(rule, thresholds) for rule in rules])


def _alert(rule: Rule, thresholds: Mapping[str, float]) -> str:
    texts = rule.annotations(
        value=written_by_prometheus(rule.unit),
        key=f"{{{{ $labels.{rule.by} }}}}",
        thresholds=thresholds,
    )
    lines = [
        f"      - alert: {rule.name}",
        f"        expr: {_quoted(rule.promql(thresholds))}",
        *([f"        for: {_duration(rule.holds_for)}"] if rule.holds_for else []),
        *([f"        keep_firing_for: {_duration(rule.keeps_for)}"] if rule.keeps_for else []),
        "        labels:",
        f"          severity: {rule.severity}",
        "        annotations:",
        *(f"          {name}: {_quoted(text)}" for name, text in texts.items()),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """YAML's single quotes, in which only they themselves are special."""
    return "'" + text.replace("'", "''") + "'"


def _duration(duration: timedelta) -> str:
    seconds = int(duration.total_seconds())
    for mark, length in (("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{mark}"
    return f"{seconds}s"
