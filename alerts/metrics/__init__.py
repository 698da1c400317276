"""Metrics: everything Prometheus asks for, read from database and broker while it waits.

Nothing is kept in a process, so that every web process gives the same numbers and nothing has to
be refreshed. What is undefined is absent, never 0 and never NaN.
"""
