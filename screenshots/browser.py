"""Looking at pages: a quiet browser, settled pages, small pictures."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from screenshots.sites import Site

CHROMIUM: Final = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--lang=fr-FR"),
)
FRENCH: Final = {"LANGUAGE": "fr"}  # how the browser writes numbers in fields
QUALITY: Final = 35  # of WebP: letters stay sharp, and a desktop page takes some 30 kB
STILL: Final = """*, ::before, ::after {
    animation: none !important; caret-color: transparent !important; transition: none !important;
}"""
SETTLED: Final = """() => document.fonts.ready.then(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""
HANGS_OVER: Final = "document.documentElement.scrollWidth > window.innerWidth"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A window and its theme."""

    name: str
    width: int
    height: int
    theme: Literal["dark", "light"]


VIEWS: Final = (
    View(name="dark", width=1440, height=900, theme="dark"),
    View(name="light", width=1440, height=900, theme="light"),
    View(name="phone", width=390, height=844, theme="dark"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, for the length of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ, **FRENCH}
        )
        try:
            yield browser
        finally:
            browser.close()


def looking(browser: Browser, view: View, *, state: Any = None) -> BrowserContext:
    """A French bettor's window; `state` signs in."""
    context = browser.new_context(
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.theme,
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(30_000)
    return context


def sign_in(browser: Browser, site: Site) -> Any:
    """What makes every later window a signed-in one."""
    with looking(browser, VIEWS[0]) as context:
        page = context.new_page()
        page.goto(f"{site.address}/admin/login/")
        page.locator("#id_username").fill(site.user)
        page.locator("#id_password").fill(site.password)
        page.locator("#login-form button[type=submit], #login-form [type=submit]").first.click()
        page.wait_for_url("**/admin/")
        return context.storage_state()


def settle(page: Page) -> None:
    """Wait until nothing moves: what was asked for is here, letters and charts are drawn."""
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=STILL)
    page.evaluate(SETTLED)


def take(page: Page, file: Path, *, is_whole: bool = False) -> None:
    """Write what the window shows, or the whole page however long, as WebP."""
    asked: dict[str, Any] = {"format": "webp", "quality": QUALITY}
    if is_whole:
        size = page.evaluate(
            "({ width: innerWidth, height: document.documentElement.scrollHeight })"
        )
        asked |= {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "scale": 1, **size}}
    session = page.context.new_cdp_session(page)
    file.write_bytes(base64.b64decode(session.send("Page.captureScreenshot", asked)["data"]))
    session.detach()
