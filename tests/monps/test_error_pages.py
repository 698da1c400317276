"""What is shown when something goes wrong: a page that leads on, without a database."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults
from unfold.settings import CONFIG_DEFAULTS

from monps.api import answer_failure

STATIC = Path(__file__).parents[2] / "static/monps"
PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html")
COLOUR = re.compile(r"--color-(\w+)-(\d+): ([^;]+);")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_error_page_stands_alone_and_leads_on(name: str, language: str) -> None:
    """Without the mark for it, pytest refuses any query."""
    with translation.override(language):
        page = get_template(name).render()

    assert f'<html lang="{language}">' in page
    assert 'href="/"' in page
    assert len(re.findall(r"<h1>[^<]+</h1>", page)) == 1
    assert not re.findall(r"<script(?! src)|https?://|\son\w+=", page)


@pytest.mark.django_db
def test_an_unknown_page_of_the_admin_is_said_to_be_unknown() -> None:
    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))

    answer = client.get("/admin/nowhere", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_proof_is_refused_with_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        "/admin/login/", {"username": "a", "password": "b"}, headers={"accept-language": "en"}
    )

    assert answer.status_code == 403
    assert "The form was too old" in answer.content.decode()


def test_a_name_that_is_not_ours_is_told_where_names_are_set() -> None:
    answer = Client().get("/admin/", headers={"host": "elsewhere.example", "accept-language": "en"})

    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()


def test_who_may_not_see_a_page_is_told_so(rf: RequestFactory) -> None:
    answer = defaults.permission_denied(rf.get("/admin/"), PermissionError("no"))

    assert answer.status_code == 403
    assert "You may not do this" in answer.content.decode()


def test_a_failure_is_admitted_without_asking_the_database(rf: RequestFactory) -> None:
    answer = answer_failure(rf.get("/admin/"))

    assert answer.status_code == 500
    assert b"Something failed" in answer.content  # type: ignore[attr-defined]


def test_error_pages_have_the_colours_of_the_theme() -> None:
    written = COLOUR.findall((STATIC / "error.css").read_text())
    themes = CONFIG_DEFAULTS["COLORS"]

    assert len(written) == 9
    assert {(name, weight): value for name, weight, value in written} == {
        (name, weight): themes[name][weight] for name, weight, _value in written
    }


def test_the_styles_of_error_pages_use_no_colour_they_lack() -> None:
    """Of the shared style, what stands in its variables, the buttons and the error pages' part."""
    style = (STATIC / "admin.css").read_text()
    known = {f"--color-{name}-{weight}" for name, weight, _value in COLOUR.findall(
        (STATIC / "error.css").read_text()
    )}  # fmt: skip
    rules = re.findall(r"^\.mp-(?:failure|button|quiet|actions)[^{]*\{[^}]*\}", style, re.MULTILINE)
    asked = {name for rule in rules for name in re.findall(r"var\((--color-[\w-]+)", rule)}
    roles = {name for rule in rules for name in re.findall(r"var\((--mp-\w+)\)", rule)}
    for role in roles - {"--mp-good", "--mp-bad"}:
        asked |= set(re.findall(rf"{role}: var\((--color-[\w-]+)\)", style))

    assert rules
    assert asked <= known
