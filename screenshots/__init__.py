"""Pictures of every page for people who have not installed it: `make screenshots`.

A development tool like `benchmarks`: it starts MON_PS as `make run` does and knows it only by its
addresses. `pages` says what is shown, `sites` starts what is looked at, `browser` looks.
"""
