"""What can go wrong, split by what to do about it; every message is a sentence for a person."""


class BackupError(Exception):
    """It could not be done, and nothing was changed."""


class BusyError(BackupError):
    """Another backup or restore test is under way: it will be done by that, or later."""


class CorruptedError(BackupError):
    """The file is not what was written: take another backup."""


class InUseError(BackupError):
    """Others are connected to the database that would be replaced: stop them first."""
