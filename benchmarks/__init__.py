"""Benchmarks: commands that print ratios against a peer or a limit in the same run."""
