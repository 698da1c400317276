"""A folder for backups, and a site of its own for what replaces whole databases."""

import pytest

from tests.backups.site import a_site


@pytest.fixture
def folder(tmp_path, settings):
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    return tmp_path / "backups"


@pytest.fixture
def site(db, folder):
    with a_site(folder) as made:
        yield made
