"""The bookmakers of the simulated market.

Keys, titles, regions and which markets a book offers follow answers recorded in 2024 and 2026.
`margin` is the rounded median h2h overround recorded there, held between 4 and 9 % at soft books;
parionssport_fr was not recorded and has the median of the other French books. Pinnacle's is the
closing one of football-data.co.uk (2.0-3.1 % a season), the exchanges' what an exchange keeps
between its back prices. Lags and opinion errors are ours: they are tuned so that the best price of
the market is about fair, as closing prices of 2019-2025 were (overround -1.6 .. +0.2 %).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

REGIONS = frozenset({"us", "us2", "uk", "eu", "au", "us_dfs", "us_ex", "fr", "se"})

Kind = Literal["sharp", "soft", "exchange"]
Shading = Literal["power", "odds_ratio", "proportional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmaker:
    """One bookmaker as the provider names it, and how it prices.

    `operator`: who sets its prices; skins share one. `margin`: overround - 1. `shading`: how the
    margin is laid on. `lag_minutes`: how far behind the market's belief it is. `opinion`: its own
    error, in units of the market's. `refresh_seconds`: how often the provider reads it.
    `lines`: smallest step between the totals and handicaps it offers.
    """

    key: str
    title: str
    operator: str
    regions: tuple[str, ...]
    kind: Kind
    margin: float
    shading: Shading
    ladder: str
    lag_minutes: float
    opinion: float
    refresh_seconds: int
    lines: float
    markets: tuple[str, ...]


_KINDS: dict[Kind, tuple[float, int, float]] = {  # opinion, refresh seconds, line step
    "sharp": (0.15, 60, 0.25),
    "exchange": (0.2, 30, 0.5),
    "soft": (1.0, 60, 1.0),
}
_ALL = ("h2h", "spreads", "totals")
_TWO = ("h2h", "totals")
_ONE = ("h2h",)
_FINE = "twentieths"
_OLD = "fractions"
_OPERATORS = {  # of skins; every other bookmaker is its own operator
    "betfair_ex_eu": "betfair",
    "betfair_ex_uk": "betfair",
    "unibet_nl": "unibet",
    "unibet_se": "unibet",
    "unibet_fr": "unibet",
    "betsson": "betsson",
    "nordicbet": "betsson",
    "winamax_de": "winamax",
    "winamax_fr": "winamax",
}


def _book(
    key: str,
    title: str,
    regions: str,
    *,
    margin: float,
    lag: float,
    ladder: str = "hundredths",
    markets: tuple[str, ...] = _ONE,
    kind: Kind = "soft",
    shading: Shading = "power",
) -> Bookmaker:
    opinion, refresh_seconds, lines = _KINDS[kind]
    return Bookmaker(
        key=key,
        title=title,
        operator=_OPERATORS.get(key, key),
        regions=tuple(regions.split()),
        kind=kind,
        margin=margin,
        shading=shading,
        ladder=ladder,
        lag_minutes=lag,
        opinion=opinion,
        refresh_seconds=refresh_seconds,
        lines=lines,
        markets=markets,
    )


def _exchange(
    key: str, title: str, regions: str, *, margin: float, markets: tuple[str, ...] = _ONE
) -> Bookmaker:
    return _book(
        key,
        title,
        regions,
        margin=margin,
        lag=0,
        ladder="exchange",
        markets=markets,
        kind="exchange",
        shading="proportional",
    )


BOOKMAKERS = (
    _book("pinnacle", "Pinnacle", "eu", margin=0.028, lag=0, markets=_ALL, kind="sharp"),
    _exchange("betfair_ex_eu", "Betfair", "eu", margin=0.006),
    _exchange("betfair_ex_uk", "Betfair", "uk", margin=0.006),
    _exchange("matchbook", "Matchbook", "eu uk", margin=0.009, markets=_ALL),
    _exchange("smarkets", "Smarkets", "uk", margin=0.010),
    _book("onexbet", "1xBet", "eu uk", margin=0.050, lag=8, markets=_ALL),
    _book("marathonbet", "Marathon Bet", "eu", margin=0.055, lag=10),
    _book("coolbet", "Coolbet", "eu", margin=0.049, lag=10, markets=_ALL, shading="odds_ratio"),
    _book("unibet_nl", "Unibet (NL)", "eu", margin=0.040, lag=12, ladder=_FINE, markets=_TWO),
    _book("unibet_se", "Unibet (SE)", "eu se", margin=0.070, lag=14, ladder=_FINE, markets=_TWO),
    _book("unibet_fr", "Unibet (FR)", "eu fr", margin=0.085, lag=17, ladder=_FINE),
    _book("betsson", "Betsson", "eu", margin=0.061, lag=15, markets=_TWO, shading="odds_ratio"),
    _book(
        "nordicbet", "Nordic Bet", "eu", margin=0.062, lag=17, markets=_TWO, shading="odds_ratio"
    ),
    _book("winamax_de", "Winamax (DE)", "eu", margin=0.078, lag=15, ladder=_FINE),
    _book("winamax_fr", "Winamax (FR)", "eu fr", margin=0.090, lag=18, ladder=_FINE),
    _book("betclic_fr", "Betclic (FR)", "eu fr", margin=0.070, lag=20),
    _book("pmu_fr", "PMU (FR)", "eu fr", margin=0.084, lag=25, markets=_TWO),
    _book("parionssport_fr", "Parions Sport (FR)", "eu fr", margin=0.084, lag=35, ladder=_FINE),
    _book("tipico_de", "Tipico", "eu", margin=0.065, lag=15, ladder=_FINE, markets=_TWO),
    _book("leovegas_se", "LeoVegas (SE)", "eu se", margin=0.086, lag=20, markets=_TWO),
    _book("williamhill", "William Hill", "eu uk", margin=0.084, lag=15, ladder=_OLD, markets=_TWO),
    _book("sport888", "888sport", "eu uk", margin=0.079, lag=20, ladder=_OLD),
    _book("everygame", "Everygame", "eu", margin=0.084, lag=40),
    _book("gtbets", "GTbets", "eu", margin=0.059, lag=25, markets=_ALL),
    _book("suprabets", "Suprabets", "eu", margin=0.045, lag=30),
    _book(
        "betonlineag", "BetOnline.ag", "eu us", margin=0.058, lag=12, markets=_ALL,
        shading="odds_ratio",
    ),
    _book("mybookieag", "MyBookie.ag", "eu us", margin=0.073, lag=20, markets=_ALL),
    _book("betway", "Betway", "uk", margin=0.079, lag=18, ladder=_OLD),
)  # fmt: skip

# Keys the provider accepts in `bookmakers=` (seen in its answers of 2024 and 2026).
_OTHER_KEYS = """
    ballybet bet365_au betanysports betano_uk betclic betfair_ex_au betfair_sb_uk betfred_uk betmgm
    betparx betr_au betright betrivers betus betvictor bovada boylesports casumo codere_it coral
    dabble_au draftkings espnbet fanatics fanduel fliff grosvenor hardrockbet hardrockbet_az
    hardrockbet_fl hardrockbet_oh ladbrokes_au ladbrokes_uk leovegas livescorebet livescorebet_eu
    lowvig neds paddypower playup pointsbetau rebet skybet sportsbet tab tabtouch unibet unibet_eu
    unibet_uk virginbet williamhill_us
"""
KNOWN_KEYS = frozenset(book.key for book in BOOKMAKERS) | frozenset(_OTHER_KEYS.split())


def in_regions(regions: Iterable[str]) -> frozenset[str]:
    """Keys of the simulated bookmakers that belong to any of the regions."""
    wanted = set(regions)
    return frozenset(book.key for book in BOOKMAKERS if wanted.intersection(book.regions))
