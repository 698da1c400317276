"""What is shown: every page of the sidebar, what it leads to, and what one rarely wants to see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Page

BACKTEST_ENDS_WITHIN_MS: Final = 180_000
BETS: Final = 4
ALSO_PLAYABLE: Final = ("Coolbet", "Marathon Bet", "Suprabets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page in every view.

    Attributes:
        name: Of its files.
        path: Its address below `/admin/`.
        link: Where `path` is a list: the CSS selector of the link to the page itself.
        show: What is done on it before it is taken.
        site: The one with a past or the fresh one.
        is_signed_in: Whether a visitor is known.
    """

    name: str
    path: str = ""
    link: str = ""
    show: Callable[[Page], None] | None = None
    site: Literal["lasting", "fresh"] = "lasting"
    is_signed_in: bool = True


def _changing(model: str) -> str:
    """The first link of a list to a page of this model."""
    return f"#result_list a[href*='/{model}/'][href*='/change/']"


def _unfold_why(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    arrow = page.locator("#opportunities .data-row [role=button]").first
    arrow.click()
    page.locator("[data-why] .mp-lead, [data-why] .mp-why").first.wait_for()
    arrow.evaluate("node => window.scrollTo(0, node.getBoundingClientRect().top + scrollY - 96)")


def _open_bet(page: Page) -> None:
    page.locator("[data-bet-dialog]").first.click()
    page.locator("#bet-dialog-body form").wait_for()


def _open_filters(page: Page) -> None:
    page.locator("[x-on\\:click*='filterOpen']").first.click()


def _forget_token(page: Page) -> None:
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("-")
    page.context.clear_cookies()
    page.locator("#login-form [type=submit]").first.click()
    _see_failure(page)


def _see_failure(page: Page) -> None:
    page.locator(".mp-failure").wait_for()


def _scrolled_to(selector: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.locator(selector).first.evaluate(
            "node => window.scrollTo(0, node.getBoundingClientRect().top + scrollY - 72)"
        )

    return show


PICTURES: Final = (
    # What a bettor looks at.
    Picture(name="overview"),
    Picture(name="overview-charts", show=_scrolled_to(".mp-grid.is-charts")),
    Picture(name="opportunities", path="betting/opportunity/"),
    Picture(name="opportunities-why", path="betting/opportunity/", show=_unfold_why),
    Picture(name="opportunities-bet", path="betting/opportunity/", show=_open_bet),
    Picture(name="opportunities-filters", path="betting/opportunity/", show=_open_filters),
    Picture(name="opportunities-rejected", path="betting/opportunity/?show=rejected&kind=all"),
    Picture(name="opportunities-ended", path="betting/opportunity/?show=closed&kind=all"),
    Picture(name="opportunity", path="betting/opportunity/", link=_changing("betting/opportunity")),
    Picture(name="matches", path="odds/match/"),
    Picture(name="match", path="betting/opportunity/", link="#result_list a[href*='/odds/match/']"),
    Picture(
        name="match-played",
        path="betting/bet/?show=won",
        link="#result_list a[href*='/odds/match/']",
    ),
    Picture(name="bets", path="betting/bet/"),
    Picture(name="bets-list", path="betting/bet/", show=_scrolled_to("#result_list")),
    Picture(name="bet", path="betting/bet/?show=won", link=_changing("betting/bet")),
    Picture(name="bet-new", path="betting/bet/add/"),
    Picture(name="bets-import", path="betting/betimport/"),
    Picture(name="bankroll", path="betting/account/"),
    Picture(name="account", path="betting/account/", link=_changing("betting/account")),
    Picture(name="ledger", path="betting/ledgerentry/"),
    Picture(name="performance", path="analyses/"),
    Picture(name="closing-lines", path="betting/closingline/"),
    Picture(name="results", path="odds/matchresult/"),
    # Strategies.
    Picture(name="ranking", path="strategies/strategy/"),
    Picture(name="strategy", path="strategies/strategy/", link=_changing("strategies/strategy")),
    Picture(name="compare", path="compare/"),
    Picture(name="improvements", path="strategies/improvement/"),
    Picture(
        name="improvement",
        path="strategies/improvement/",
        link=_changing("strategies/improvement"),
    ),
    Picture(name="analyses", path="strategies/learningrun/"),
    Picture(
        name="analysis", path="strategies/learningrun/", link=_changing("strategies/learningrun")
    ),
    Picture(name="nights", path="strategies/nightlyrun/"),
    Picture(name="agents", path="strategies/strategy/agents/"),
    Picture(name="predictions", path="strategies/prediction/"),
    Picture(
        name="prediction", path="strategies/prediction/", link=_changing("strategies/prediction")
    ),
    Picture(name="backtests", path="strategies/backtest/"),
    Picture(name="backtest", path="strategies/backtest/", link=_changing("strategies/backtest")),
    Picture(name="backtest-new", path="strategies/backtest/add/"),
    Picture(name="proofs", path="strategies/proof/"),
    # Collecting.
    Picture(name="budget", path="odds/budget/"),
    Picture(name="collections", path="odds/collection/"),
    Picture(name="sports", path="odds/sport/"),
    Picture(name="bookmakers", path="odds/bookmaker/"),
    Picture(name="changes", path="odds/matchchange/"),
    # Running.
    Picture(name="system", path="system/"),
    Picture(name="alerts", path="alerts/alert/"),
    Picture(name="mails", path="alerts/mail/"),
    Picture(name="backups", path="backups/backup/"),
    Picture(name="periodic-tasks", path="django_celery_beat/periodictask/"),
    # Settings.
    Picture(name="settings", path="settings/"),
    Picture(name="settings-collection", path="odds/collectionsettings/"),
    Picture(name="settings-planner", path="odds/plannersettings/"),
    Picture(name="settings-detection", path="betting/detectionsettings/"),
    Picture(name="settings-staking", path="betting/stakingsettings/"),
    Picture(name="settings-settlement", path="betting/settlementsettings/"),
    Picture(name="settings-ranking", path="strategies/rankingsettings/"),
    Picture(name="settings-tests", path="strategies/experimentsettings/"),
    Picture(name="settings-learning", path="strategies/learningsettings/"),
    Picture(name="settings-alerts", path="alerts/alertsettings/"),
    Picture(name="settings-mails", path="alerts/notificationsettings/"),
    Picture(name="users", path="auth/user/"),
    # What a newcomer sees, and what nobody wants to see.
    Picture(name="sign-in", path="login/", site="fresh", is_signed_in=False),
    Picture(name="first-steps", site="fresh"),
    Picture(name="not-found", path="no/such/page/", site="fresh"),
    Picture(
        name="form-too-old",
        path="login/",
        show=_forget_token,
        site="fresh",
        is_signed_in=False,
    ),
)
FAILURE: Final = Picture(name="failure", show=_see_failure, site="fresh")


def make_use_of(page: Page, address: str) -> None:
    """What a bettor would have done by now: chosen bookmakers, bet, and asked for a backtest."""
    page.goto(f"{address}/admin/odds/bookmaker/?all=")
    for name in ALSO_PLAYABLE:
        row = page.locator("#result_list tr", has=page.get_by_text(name, exact=True))
        row.locator("input[name$=is_playable]").check(force=True)
    page.locator("[name=_save]").first.click()
    page.wait_for_load_state()
    page.goto(f"{address}/admin/betting/opportunity/")
    for index in range(min(BETS, page.locator("[data-bet-dialog]").count())):
        page.locator("[data-bet-dialog]").nth(index).click()
        page.locator("#bet-dialog-body [type=submit]").click()
        page.locator("#bet-dialog-body .mp-placed").wait_for()
        page.reload()
    page.goto(f"{address}/admin/strategies/backtest/add/")
    page.locator("form.mp-form button.is-main").click()
    page.locator(".mp-canvas").first.wait_for(timeout=BACKTEST_ENDS_WITHIN_MS)
