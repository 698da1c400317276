"""The site's leagues and bookmakers by The Odds API's keys, and by keys of our own elsewhere."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """One competition: its code at the site, and the key and title of its sport here."""

    code: str
    sport_key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose prices a column holds; `kind` is a value of `Bookmaker.Kind`."""

    key: str
    title: str
    kind: str = "soft"


# The leagues with a file for each season; The Odds API has no odds for those under our own keys.
_BY_SEASON: Final = {
    "E0": ("soccer_epl", "EPL"),
    "E1": ("soccer_efl_champ", "Championship"),
    "E2": ("soccer_england_league1", "League 1"),
    "E3": ("soccer_england_league2", "League 2"),
    "EC": ("football_data_ec", "National League - England"),
    "SC0": ("soccer_spl", "Premiership - Scotland"),
    "SC1": ("football_data_sc1", "Championship - Scotland"),
    "SC2": ("football_data_sc2", "League One - Scotland"),
    "SC3": ("football_data_sc3", "League Two - Scotland"),
    "D1": ("soccer_germany_bundesliga", "Bundesliga - Germany"),
    "D2": ("soccer_germany_bundesliga2", "Bundesliga 2 - Germany"),
    "SP1": ("soccer_spain_la_liga", "La Liga - Spain"),
    "SP2": ("soccer_spain_segunda_division", "La Liga 2 - Spain"),
    "I1": ("soccer_italy_serie_a", "Serie A - Italy"),
    "I2": ("soccer_italy_serie_b", "Serie B - Italy"),
    "F1": ("soccer_france_ligue_one", "Ligue 1 - France"),
    "F2": ("soccer_france_ligue_two", "Ligue 2 - France"),
    "B1": ("soccer_belgium_first_div", "Belgium First Div"),
    "N1": ("soccer_netherlands_eredivisie", "Dutch Eredivisie"),
    "P1": ("soccer_portugal_primeira_liga", "Primeira Liga - Portugal"),
    "T1": ("soccer_turkey_super_league", "Turkey Super League"),
    "G1": ("soccer_greece_super_league", "Super League - Greece"),
}
# The leagues with one file for all seasons, by the country its rows name.
_BY_COUNTRY: Final = {
    "Argentina": ("ARG", "soccer_argentina_primera_division", "Primera División - Argentina"),
    "Austria": ("AUT", "soccer_austria_bundesliga", "Austrian Football Bundesliga"),
    "Brazil": ("BRA", "soccer_brazil_campeonato", "Brazil Série A"),
    "China": ("CHN", "soccer_china_superleague", "Super League - China"),
    "Denmark": ("DNK", "soccer_denmark_superliga", "Denmark Superliga"),
    "Finland": ("FIN", "soccer_finland_veikkausliiga", "Veikkausliiga - Finland"),
    "Ireland": ("IRL", "soccer_league_of_ireland", "League of Ireland"),
    "Japan": ("JPN", "soccer_japan_j_league", "J League"),
    "Mexico": ("MEX", "soccer_mexico_ligamx", "Liga MX"),
    "Norway": ("NOR", "soccer_norway_eliteserien", "Eliteserien - Norway"),
    "Poland": ("POL", "soccer_poland_ekstraklasa", "Ekstraklasa - Poland"),
    "Romania": ("ROU", "football_data_rou", "Superliga - Romania"),
    "Russia": ("RUS", "soccer_russia_premier_league", "Premier League - Russia"),
    "Sweden": ("SWE", "soccer_sweden_allsvenskan", "Allsvenskan - Sweden"),
    "Switzerland": ("SWZ", "soccer_switzerland_superleague", "Swiss Superleague"),
    "USA": ("USA", "soccer_usa_mls", "MLS"),
}
DIVISIONS: Final = {
    code: League(code=code, sport_key=key, title=title) for code, (key, title) in _BY_SEASON.items()
}
COUNTRIES: Final = {
    country: League(code=code, sport_key=key, title=title)
    for country, (code, key, title) in _BY_COUNTRY.items()
}
LEAGUES: Final = DIVISIONS | {league.code: league for league in COUNTRIES.values()}
BIG_FIVE: Final = ("E0", "SP1", "I1", "D1", "F1")

_PINNACLE: Final = Source(key="pinnacle", title="Pinnacle", kind="sharp")
MAXIMUM: Final = Source(key="market_max", title="Best price of the market", kind="aggregate")
AVERAGE: Final = Source(key="market_average", title="Average price of the market", kind="aggregate")
# By the code that begins a column's name. Where a file gives one source twice, the first counts.
SOURCES: Final = {
    "B365": Source(key="bet365", title="Bet365"),
    "PS": _PINNACLE,
    "P": _PINNACLE,
    "Max": MAXIMUM,
    "BbMx": MAXIMUM,
    "Avg": AVERAGE,
    "BbAv": AVERAGE,
    "BFE": Source(key="betfair_ex_uk", title="Betfair (UK)", kind="exchange"),
    "1XB": Source(key="onexbet", title="1xBet"),
    "BF": Source(key="betfair_sb_uk", title="Betfair Sportsbook"),
    "BFD": Source(key="betfred_uk", title="Betfred (UK)"),
    "BMGM": Source(key="betmgm", title="BetMGM"),
    "BS": Source(key="blue_square", title="Blue Square"),
    "BV": Source(key="betvictor", title="Bet Victor"),
    "BW": Source(key="bwin", title="Bwin"),
    "CL": Source(key="coral", title="Coral"),
    "GB": Source(key="gamebookers", title="Gamebookers"),
    "IW": Source(key="interwetten", title="Interwetten"),
    "LB": Source(key="ladbrokes_uk", title="Ladbrokes (UK)"),
    "SB": Source(key="sportingbet", title="Sportingbet"),
    "SJ": Source(key="stan_james", title="Stan James"),
    "SO": Source(key="sporting_odds", title="Sporting Odds"),
    "SY": Source(key="stanleybet", title="Stanleybet"),
    "VC": Source(key="betvictor", title="Bet Victor"),
    "WH": Source(key="williamhill", title="William Hill"),
}
SOURCE_BY_KEY: Final = {source.key: source for source in SOURCES.values()}


def division_of(sport_key: str) -> League | None:
    """The league with a file for each season that a sport is; None where the site has none."""
    return next((one for one in DIVISIONS.values() if one.sport_key == sport_key), None)
