"""The models of this app; each file owns one kind of fact."""

from backups.models.backups import Backup

__all__ = ["Backup"]
