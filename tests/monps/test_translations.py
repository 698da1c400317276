"""French is complete: each of our strings is translated, and compiled as written."""

import ast
import gettext
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "locale/fr/LC_MESSAGES"
OURS = ("monps", "odds", "betting", "strategies", "backups", "alerts")
# Django's names for marking a string, as they are imported here.
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Message = tuple[str, str, list[str], set[str]]


def written() -> Iterator[Message]:
    """The entries of django.po: msgid, plural or msgid again, translations (one or two), flags."""
    for entry in re.split(r"\n\s*\n", (FRENCH / "django.po").read_text()):
        parts = re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"[^\n]*"\n?)+)', entry, re.MULTILINE)
        texts = {
            key: "".join(ast.literal_eval(line) for line in text.strip().splitlines())
            for key, text in parts
        }
        if texts.get("msgid"):
            context = f"{texts['msgctxt']}\x04" if "msgctxt" in texts else ""
            flags = set(re.findall(r"^#, (.+)$", entry, re.MULTILINE))
            yield (
                context + texts["msgid"],
                texts.get("msgid_plural", texts["msgid"]),
                [text for key, text in texts.items() if key.startswith("msgstr")],
                flags,
            )


def compiled() -> gettext.GNUTranslations:
    with (FRENCH / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def marked_in_code() -> Iterator[str]:
    for folder in OURS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    first = node.args[0] if node.args else None
                    if node.func.id in MARKERS and isinstance(first, ast.Constant):
                        yield str(first.value)
                    if node.func.id in WITH_CONTEXT:
                        yield "\x04".join(str(one.value) for one in node.args[:2])


def marked_in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        source = templatize(path.read_text(), origin=str(path))
        calls = re.findall(
            r"\bn?gettext\(u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))", source
        )
        yield from (ast.literal_eval(text) for text in calls)


def test_every_entry_is_translated_and_none_is_a_guess() -> None:
    untranslated = [msgid for msgid, _plural, texts, _flags in written() if not all(texts)]
    guessed = [
        msgid for msgid, _plural, _texts, flags in written() if any("fuzzy" in one for one in flags)
    ]

    assert (untranslated, guessed) == ([], [])


def test_every_string_marked_in_our_code_has_an_entry() -> None:
    entries = {msgid for msgid, _plural, _texts, _flags in written()}

    assert {text for text in marked_in_code() if text not in entries} == set()


def test_every_string_marked_in_our_templates_has_an_entry() -> None:
    marked = set(marked_in_templates())
    entries = {msgid for msgid, _plural, _texts, _flags in written()}

    assert len(marked) > 100  # the templates were read
    assert marked - entries == set()


def test_no_entry_is_left_of_a_string_that_is_gone() -> None:
    marked = set(marked_in_code()) | set(marked_in_templates())

    assert {msgid for msgid, _plural, _texts, _flags in written() if msgid not in marked} == set()


def test_a_translation_has_the_placeholders_of_its_original() -> None:
    for msgid, plural, texts, _flags in written():
        known = [set(PLACEHOLDER.findall(one)) for one in (msgid, plural)]
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) in known, msgid


def test_the_compiled_file_says_what_the_written_one_says() -> None:
    catalog = compiled()._catalog
    from_written = {
        key: text
        for msgid, _plural, texts, _flags in written()
        for key, text in (
            [(msgid, texts[0])]
            if len(texts) == 1
            else [((msgid, number), text) for number, text in enumerate(texts)]
        )
    }

    assert {key: text for key, text in catalog.items() if key} == from_written


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="msgfmt (gettext) is not installed")
def test_msgfmt_finds_nothing_to_say(tmp_path: Path) -> None:
    command = ["msgfmt", "--check-format", "-o", str(tmp_path / "django.mo")]

    checked = subprocess.run(
        [*command, str(FRENCH / "django.po")], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stderr) == (0, "")
