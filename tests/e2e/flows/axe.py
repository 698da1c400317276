"""axe-core, the npm package, asked about a page in both themes."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# Of package/axe.min.js in npm's axe-core-4.12.1.tgz. The wheel that brings it here adds a newline.
NPM_SHA256 = "66a8aaa95a8b044a7fd74a5435873bf04ff65a1ca75567c921b7509742085a14"
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SERIOUS = {"serious", "critical"}
AT_ONCE = "*, ::before, ::after { transition: none !important; animation: none !important }"
THEME = "isDark => document.documentElement.classList.toggle('dark', isDark)"
# Of a long table the first rows say what all would; each takes its time.
CUT = """() => document.querySelectorAll("table").forEach(
    one => [...one.querySelectorAll("tbody tr")].slice(8).forEach(row => row.remove()))"""
# The sidebar is the same everywhere, and looked at on the first page.
RUN = """only => axe.run(location.pathname === "/admin/" ? document : { exclude: ["#nav-sidebar"] },
    { runOnly: only, resultTypes: ["violations"] })"""


@cache
def source() -> str:
    """The script as npm publishes it."""
    script = (files("axe_playwright_python") / "axe.min.js").read_bytes().removesuffix(b"\n")
    assert hashlib.sha256(script).hexdigest() == NPM_SHA256
    return script.decode()


def findings(page: Page) -> list[str]:
    """What is serious or critical on the page as it stands: all rules, and the dark colours."""
    page.wait_for_function("!document.documentElement.hasAttribute('x-cloak')")
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(CUT)
    page.evaluate(source())
    mains = page.get_by_role("main").count()
    found = [] if mains == 1 else [f"{page.url} has {mains} main landmarks"]
    for theme, rules in (("light", WCAG), ("dark", COLOURS)):
        page.evaluate(THEME, theme == "dark")
        found += [f"{theme} {page.url} {one}" for one in _said(page.evaluate(RUN, rules))]
    return found


def _said(result: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {node['html']} - {node['failureSummary']}"
        for rule in result["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
