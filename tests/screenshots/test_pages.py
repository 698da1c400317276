"""Every page one can reach by the sidebar has a picture, and none is kept that nobody takes."""

from django.test import RequestFactory
from django.urls import reverse

from monps.installation import ROOT
from monps.navigation import sidebar
from screenshots.browser import VIEWS
from screenshots.pages import FAILURE, PICTURES

FOLDER = ROOT / "docs" / "screenshots"
FILES = {f"{one.name}-{view.name}.webp" for one in (*PICTURES, FAILURE) for view in VIEWS}
MOST_BYTES = 6_000_000


def test_every_link_of_the_sidebar_has_a_picture() -> None:
    links = {
        item["link"] for part in sidebar(RequestFactory().get("/admin/")) for item in part["items"]
    }

    shown = {f"/admin/{one.path}" for one in PICTURES}

    assert links - shown == {reverse("docs")}  # of the API, for programs


def test_no_two_pictures_share_a_name() -> None:
    assert len(FILES) == (len(PICTURES) + 1) * len(VIEWS)


def test_what_is_kept_is_what_is_taken_and_small() -> None:
    kept = {file.name: file.stat().st_size for file in FOLDER.iterdir()}

    assert set(kept) == FILES
    assert sum(kept.values()) < MOST_BYTES
