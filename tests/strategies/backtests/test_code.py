"""The code's version: it changes with what decides a backtest, and with nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from strategies.backtests.code import SOURCES, code_version


@pytest.fixture
def tree(tmp_path, settings):
    """A copy of the layout: one file of each source, and a page."""
    for source in SOURCES:
        path = tmp_path / source
        path = path if path.suffix else path / "module.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    page = tmp_path / "strategies/admin/page.py"
    page.parent.mkdir()
    page.write_text("y = 1\n")
    settings.BASE_DIR = tmp_path
    yield tmp_path
    code_version.cache_clear()


def version_now():
    code_version.cache_clear()
    return code_version()


def test_it_is_the_version_and_a_hash():
    assert re.fullmatch(re.escape(django_settings.VERSION) + r"\+[0-9a-f]{12}", version_now())
    assert len(version_now()) <= 80


def test_every_source_named_exists():
    assert all((Path(django_settings.BASE_DIR) / source).exists() for source in SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_source_changes_it(source, tree):
    before = version_now()
    path = tree / source
    (path if path.suffix else path / "module.py").write_text("x = 2\n")

    assert version_now() != before


def test_a_changed_page_does_not(tree):
    before = version_now()
    (tree / "strategies/admin/page.py").write_text("y = 2\n")

    assert version_now() == before


def test_a_new_file_changes_it(tree):
    before = version_now()
    (tree / "strategies/another.py").write_text("")

    assert version_now() != before
