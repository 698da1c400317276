"""The bookmakers and sports MON_PS knows from the start.

Bookmakers met at The Odds API up to August 2026. Operators group skins: one company's sites share
a trading desk, so their prices are one opinion. Commissions are each exchange's usual rate on net
winnings; every row can be corrected in the admin, and seeding never overwrites a row.
"""

from decimal import Decimal

from odds.models import Bookmaker, Sport

SHARP = {"pinnacle": "Pinnacle"}
EXCHANGES = {
    "betfair_ex_eu": ("Betfair (EU)", "betfair", "0.050"),
    "betfair_ex_uk": ("Betfair (UK)", "betfair", "0.050"),
    "betfair_ex_au": ("Betfair (AU)", "betfair", "0.050"),
    "matchbook": ("Matchbook", "matchbook", "0.015"),
    "smarkets": ("Smarkets", "smarkets", "0.020"),
}
PLAYABLE_IN_FRANCE = frozenset(
    {"betclic_fr", "netbet_fr", "parionssport_fr", "pmu_fr", "unibet_fr", "winamax_fr"}
)
# By operator, each with its keys and titles.
SOFT = {
    "888": {"sport888": "888sport"},
    "betanysports": {"betanysports": "BetAnything"},
    "betano": {"betano_uk": "Betano (UK)"},
    "betclic": {"betclic": "Betclic", "betclic_fr": "Betclic (FR)"},
    "betfair": {"betfair_sb_uk": "Betfair Sportsbook"},
    "betfred": {"betfred_uk": "Betfred (UK)"},
    "betonline": {"betonlineag": "BetOnline.ag", "lowvig": "LowVig.ag"},
    "betsson": {"betsson": "Betsson", "nordicbet": "Nordic Bet"},
    "betus": {"betus": "BetUS"},
    "betvictor": {"betvictor": "Bet Victor"},
    "betway": {"betway": "Betway"},
    "bovada": {"bovada": "Bovada"},
    "boylesports": {"boylesports": "BoyleSports"},
    "caesars": {"williamhill_us": "Caesars"},
    "casumo": {"casumo": "Casumo"},
    "codere": {"codere_it": "Codere (IT)"},
    "coolbet": {"coolbet": "Coolbet"},
    "draftkings": {"draftkings": "DraftKings"},
    "entain": {"coral": "Coral", "ladbrokes_uk": "Ladbrokes (UK)"},
    "entain_au": {"ladbrokes_au": "Ladbrokes (AU)", "neds": "Neds"},
    "espn": {"espnbet": "theScore Bet"},
    "everygame": {"everygame": "Everygame"},
    "fanatics": {"fanatics": "Fanatics"},
    "fanduel": {"fanduel": "FanDuel"},
    "fdj": {"parionssport_fr": "Parions Sport (FR)"},
    "fliff": {"fliff": "Fliff"},
    "grosvenor": {"grosvenor": "Grosvenor"},
    "gtbets": {"gtbets": "GTbets"},
    "hardrock": {
        "hardrockbet": "Hard Rock Bet",
        "hardrockbet_az": "Hard Rock Bet (AZ)",
        "hardrockbet_fl": "Hard Rock Bet (FL)",
        "hardrockbet_oh": "Hard Rock Bet (OH)",
    },
    "leovegas": {"leovegas": "LeoVegas", "leovegas_se": "LeoVegas (SE)"},
    "livescore": {
        "livescorebet": "LiveScore Bet",
        "livescorebet_eu": "LiveScore Bet (EU)",
        "virginbet": "Virgin Bet",
    },
    "marathonbet": {"marathonbet": "Marathon Bet"},
    "mgm": {"betmgm": "BetMGM"},
    "mybookie": {"mybookieag": "MyBookie.ag"},
    "netbet": {"netbet_fr": "NetBet (FR)"},
    "onexbet": {"onexbet": "1xBet"},
    "paddypower": {"paddypower": "Paddy Power"},
    "pmu": {"pmu_fr": "PMU (FR)"},
    "pointsbet": {"pointsbetau": "PointsBet (AU)"},
    "rushstreet": {"betrivers": "BetRivers"},
    "skybet": {"skybet": "Sky Bet"},
    "sportsbet": {"sportsbet": "SportsBet"},
    "suprabets": {"suprabets": "Suprabets"},
    "tab": {"tab": "TAB"},
    "tabtouch": {"tabtouch": "TABtouch"},
    "tipico": {"tipico_de": "Tipico (DE)"},
    "unibet": {
        "unibet": "Unibet",
        "unibet_eu": "Unibet (EU)",
        "unibet_fr": "Unibet (FR)",
        "unibet_nl": "Unibet (NL)",
        "unibet_se": "Unibet (SE)",
        "unibet_uk": "Unibet (UK)",
    },
    "williamhill": {"williamhill": "William Hill"},
    "winamax": {"winamax_de": "Winamax (DE)", "winamax_fr": "Winamax (FR)"},
}
DEFAULT_SPORTS = {
    "soccer_epl": "EPL",
    "soccer_spain_la_liga": "La Liga - Spain",
    "soccer_france_ligue_one": "Ligue 1 - France",
}


def known_bookmakers() -> dict[str, Bookmaker]:
    """Unsaved rows by key."""
    rows = {
        key: Bookmaker(key=key, title=title, operator=key, kind=Bookmaker.Kind.SHARP)
        for key, title in SHARP.items()
    }
    for key, (title, operator, commission) in EXCHANGES.items():
        rows[key] = Bookmaker(
            key=key,
            title=title,
            operator=operator,
            kind=Bookmaker.Kind.EXCHANGE,
            commission=Decimal(commission),
        )
    for operator, skins in SOFT.items():
        for key, title in skins.items():
            rows[key] = Bookmaker(
                key=key, title=title, operator=operator, is_playable=key in PLAYABLE_IN_FRANCE
            )
    return rows


def bookmaker_for(key: str, title: str) -> Bookmaker:
    """An unsaved row for a key an answer brought, described as far as it is known."""
    return known_bookmakers().get(key) or Bookmaker(key=key, title=title, operator=key)


def seed() -> None:
    """Add the known bookmakers and the sports collected by default; touch no existing row."""
    Bookmaker.objects.bulk_create(known_bookmakers().values(), ignore_conflicts=True)
    if not Sport.objects.exists():
        Sport.objects.bulk_create(
            [
                Sport(key=key, title=title, group="Soccer", is_collected=True)
                for key, title in DEFAULT_SPORTS.items()
            ],
            ignore_conflicts=True,
        )
