"""`make screenshots`: every page in French, dark, light and on a phone, into docs/screenshots.

    python -m screenshots [NAME…] [--view dark|light|phone]… [--whole] [--into FOLDER]
                          [--address URL] [--user admin]

Starts a demonstration with a past (about five minutes) and a fresh installation, in temporary
folders. With --address it looks at one that runs, whose password is in MONPS_ADMIN_PASSWORD, and
leaves out what only the fresh one shows. Exit codes: 0 all taken and in order, 1 a page hangs over
its edge, failed or made the browser complain, 2 it cannot start as asked.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from monps.installation import ROOT
from screenshots.browser import (
    CHROMIUM,
    HANGS_OVER,
    VIEWS,
    chromium,
    looking,
    settle,
    sign_in,
    take,
)
from screenshots.pages import FAILURE, PICTURES, Picture, make_use_of
from screenshots.sites import Site, SiteError, installed, swallowing_mail

FOLDER: Final = ROOT / "docs" / "screenshots"
DAYS: Final = 60


def main() -> int:
    """Take what was asked for; returns the exit code."""
    asked = _asked()
    wanted = [one for one in (*PICTURES, FAILURE) if not asked.names or one.name in asked.names]
    unknown = sorted(set(asked.names) - {one.name for one in wanted})
    if unknown:
        sys.stderr.write(f"There is no picture named {', '.join(unknown)}.\n")
        return 2
    if not CHROMIUM.exists():
        sys.stderr.write(f"No Chromium at {CHROMIUM}: install the package or set CHROMIUM.\n")
        return 2
    asked.into.mkdir(parents=True, exist_ok=True)
    try:
        complaints = list(_photograph(wanted, asked))
    except SiteError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.writelines(f"{one}\n" for one in complaints)
    return 1 if complaints else 0


def _asked() -> Namespace:
    parser = ArgumentParser(prog="python -m screenshots", description="Pictures of every page.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    parser.add_argument("--address", help="an installation that runs already")
    parser.add_argument("--user", default="admin", help="who signs in there")
    parser.add_argument("--into", type=Path, default=FOLDER, help="folder of the pictures")
    known = [one.name for one in VIEWS]
    parser.add_argument(
        "--view", action="append", dest="views", choices=known, help="only this one"
    )
    parser.add_argument("--whole", action="store_true", help="pages in their whole length")
    return parser.parse_args()


def _photograph(wanted: list[Picture], asked: Namespace) -> Iterator[str]:
    """Take all pictures; yields what is wrong with them."""
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(TemporaryDirectory(prefix="screenshots-")))
        temporary.chmod(0o755)  # PostgreSQL is another account's where we are root
        browser = stack.enter_context(chromium())
        for name in ("lasting", "fresh"):
            pictures = [one for one in wanted if one.site == name]
            if not pictures or (asked.address and name == "fresh"):
                continue
            site = _site(stack, temporary, name, asked)
            yield from _visit(browser, site, pictures, asked)


def _site(stack: ExitStack, temporary: Path, name: str, asked: Namespace) -> Site:
    if asked.address:
        password = os.environ.get("MONPS_ADMIN_PASSWORD", "")
        return Site(address=asked.address.rstrip("/"), user=asked.user, password=password)
    if name == "fresh":
        return stack.enter_context(installed(temporary / name))
    sys.stderr.write(f"Starting a demonstration with {DAYS} days of past ...\n")
    mail_port = stack.enter_context(swallowing_mail())
    folder = temporary / name
    return stack.enter_context(installed(folder, days_before=DAYS, mail_port=mail_port))


def _visit(
    browser: Browser, site: Site, pictures: list[Picture], asked: Namespace
) -> Iterator[str]:
    """Take the pictures of one site; yields what is wrong."""
    state = sign_in(browser, site)
    with looking(browser, VIEWS[0], state=state) as context:
        page = context.new_page()
        if site.folder is not None and pictures[0].site == "lasting":
            make_use_of(page, site.address)
        addresses = {one.name: _address(page, site, one) for one in pictures}
    views = [view for view in VIEWS if not asked.views or view.name in asked.views]
    for view in views:
        with looking(browser, view, state=state) as known, looking(browser, view) as stranger:
            for one in pictures:
                if one is FAILURE:
                    site.cut_database()
                page = (known if one.is_signed_in else stranger).new_page()
                file = asked.into / f"{one.name}-{view.name}.webp"
                found = _picture(page, addresses[one.name], one, file, is_whole=asked.whole)
                page.close()
                if one is FAILURE:
                    site.wait_for_database()
                yield from (f"{file.stem}: {complaint}" for complaint in found)


def _address(page: Page, site: Site, picture: Picture) -> str:
    """Where the page of a picture is, which a list may have to be asked for."""
    address = f"{site.address}/admin/{picture.path}"
    if not picture.link:
        return address
    page.goto(address)
    link = page.locator(picture.link)
    if not link.count():
        raise SiteError(f"No page to take a picture of for {picture.name}: {address} is empty.")
    return site.address + str(link.first.get_attribute("href"))


def _picture(
    page: Page, address: str, picture: Picture, file: Path, *, is_whole: bool
) -> list[str]:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(address)
        if picture.show:
            picture.show(page)
        settle(page)
        take(page, file, is_whole=is_whole)
        if page.evaluate(HANGS_OVER):
            complaints.append("hangs over the edge of the window")
    except BrowserError as error:
        complaints.append(error.message.splitlines()[0])
    return complaints


if __name__ == "__main__":
    sys.exit(main())
