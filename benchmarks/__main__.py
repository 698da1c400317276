"""`python -m benchmarks [NAME…]`: every benchmark, each in a process and a database of its own."""

import subprocess
import sys

WITH_DATABASE = (
    "bench_ingest",
    "bench_storage",
    "bench_detection",
    "bench_api",
    "bench_stats",
    "bench_scrape",
    "bench_pages",
    "bench_backtest",
    "check_kaunitz_buchdahl",
)
WITHOUT_DATABASE = ("bench_devig", "bench_planner")


def main(names: list[str]) -> int:
    """Run them one after the other; returns how many failed."""
    failed = 0
    for name in names or (*WITHOUT_DATABASE, *WITH_DATABASE):
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if name in WITH_DATABASE:
            command = [sys.executable, "-m", "monps.embedded", "--", *command]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
