"""Files for `promtool test rules`."""

import json
from datetime import timedelta

from tests.monitoring.conftest import MONITORING

FILES = sorted((MONITORING / "prometheus/rules").glob("*.yml"))
MINUTE = timedelta(minutes=1)
JOB = 'job="monps_backend", instance="web:8001"'


def duration(span):
    return f"{int(span.total_seconds())}s"


def rule_tests(tmp_path, tests, step=MINUTE):
    """A file for `promtool test rules`."""
    path = tmp_path / "tests.yml"
    content = {
        "rule_files": [str(file) for file in FILES],
        "evaluation_interval": duration(step),
        "tests": tests,
    }
    path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    return path
