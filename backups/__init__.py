"""Backups: dumps of the whole database, kept by the calendar and proved by restoring them.

Knows nothing of what the database holds; of other apps it uses only how they show figures.
A **backup** is a dump that was written, checked and named; a **manifest** beside it says what it
holds, so that the folder alone is enough to begin again. **Good** backups are those whose file is
there. A **restore test** restores the newest into a scratch database and compares.
"""
