"""Alerts: what MON_PS tells of itself, to Prometheus, to Alertmanager and by e-mail.

Owns the metrics, read from the database and the broker when they are asked for; the rules and
their thresholds; the alerts that are or were open; and the mails, each sent once. It imports
`strategies`, `betting`, `odds` and `backups`, and nothing above.
"""
