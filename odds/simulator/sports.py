"""The sports of the simulated market: clubs, calendars and scoring levels.

Keys, titles, descriptions and club names are those of The Odds API in 2026. Mean goals are
football-data.co.uk's, 2015/16-2025/26 (E0 3,800, SP1 3,800, F1 3,477 matches), and the spread of
strengths gives its spread of closing prices: standard deviation of log(home / away probability)
1.16 in E0, 1.00 in SP1 and in F1. NBA: totals and handicaps quoted by Pinnacle on 2026-04-16.
"""

from dataclasses import dataclass

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Sport:
    """What a sport needs to be simulated.

    `mean_home`, `mean_away`: points a match. `strength_spread`: standard deviation of a club's
    log strength. `slots`: kick-offs of a round in seconds after its start, one per match.
    `duration`: seconds from kick-off to the final score. `reach`: points no side gets to.
    `longshot_bias`: the share of the gap between both sides' log scoring rates that soft
    bookmakers overlook, and hold longshots for likelier by. `extra_margin`: what every bookmaker
    keeps above its usual margin.
    """

    key: str
    title: str
    group: str
    description: str
    teams: tuple[str, ...]
    mean_home: float
    mean_away: float
    strength_spread: float
    round_seconds: int
    slots: tuple[int, ...]
    listed_seconds: int
    duration: int
    reach: int
    has_draw: bool
    longshot_bias: float = 0.0
    extra_margin: float = 0.0

    @property
    def rounds(self) -> int:
        """Rounds of a season in which everyone meets everyone twice."""
        return 2 * (len(self.teams) - 1)


def _slots(*kick_offs: tuple[int, float, int]) -> tuple[int, ...]:
    """Seconds after Monday 00:00 from (day, hour, number of matches)."""
    return tuple(int(day * DAY + hour * HOUR) for day, hour, n in kick_offs for _ in range(n))


def _football(
    key: str,
    title: str,
    description: str,
    *,
    means: tuple[float, float],
    spread: float,
    slots: tuple[int, ...],
    teams: str,
) -> Sport:
    return Sport(
        key=key,
        title=title,
        group="Soccer",
        description=description,
        teams=tuple(teams.split(", ")),
        mean_home=means[0],
        mean_away=means[1],
        strength_spread=spread,
        round_seconds=7 * DAY,
        slots=slots,
        listed_seconds=10 * DAY,
        duration=110 * 60,
        reach=26,
        has_draw=True,
    )


SOCCER_EPL = _football(
    "soccer_epl",
    "EPL",
    "English Premier League",
    means=(1.541, 1.279),
    spread=0.48,
    slots=_slots(
        (4, 20, 1), (5, 12.5, 1), (5, 15, 3), (5, 17.5, 1), (6, 14, 2), (6, 16.5, 1), (7, 20, 1)
    ),
    teams="Arsenal, Aston Villa, Bournemouth, Brentford, Brighton and Hove Albion, Chelsea, "
    "Coventry City, Crystal Palace, Everton, Fulham, Hull City, Ipswich Town, Leeds United, "
    "Liverpool, Manchester City, Manchester United, Newcastle United, Nottingham Forest, "
    "Sunderland, Tottenham Hotspur",
)
SOCCER_SPAIN_LA_LIGA = _football(
    "soccer_spain_la_liga",
    "La Liga - Spain",
    "Spanish Soccer",
    means=(1.502, 1.140),
    spread=0.43,
    slots=_slots(
        (4, 20, 1), (5, 13, 1), (5, 15.25, 1), (5, 17.5, 1), (5, 20, 1),
        (6, 13, 1), (6, 15.25, 1), (6, 17.5, 1), (6, 20, 1), (7, 20, 1),
    ),
    teams="Alavés, Athletic Bilbao, Atlético Madrid, Barcelona, CA Osasuna, Celta Vigo, "
    "Deportivo La Coruña, Elche CF, Espanyol, Getafe, Levante, Málaga, Rayo Vallecano, "
    "Real Betis, Real Madrid, Real Racing Club de Santander, Real Sociedad, Sevilla, Valencia, "
    "Villarreal",
)  # fmt: skip
SOCCER_FRANCE_LIGUE_ONE = _football(
    "soccer_france_ligue_one",
    "Ligue 1 - France",
    "French Soccer",
    means=(1.508, 1.190),
    spread=0.43,
    slots=_slots(
        (4, 19.75, 1), (5, 16, 1), (5, 18, 1), (5, 20, 1), (6, 14, 1), (6, 16.25, 3), (6, 19.75, 1)
    ),
    teams="AS Monaco, Angers, Auxerre, Brest, Le Havre, Le Mans FC, Lille, Lorient, Lyon, "
    "Marseille, Nice, Paris FC, Paris Saint Germain, RC Lens, Rennes, Strasbourg, Toulouse, Troyes",
)
# Not a real competition: one match every four hours, day and night, so that a demonstration never
# waits. At sixty times real time a bet is placed, played and settled within minutes.
#
# It has what small competitions have, only more of it; how much is ours. Margins are wider: in
# eleven lower divisions of football-data.co.uk (27,918 matches) Pinnacle kept 4.3 % before the
# close and the average bookmaker 7.2 %, in the five big leagues 2.8 % and 5.0 %. And soft
# bookmakers are too kind to longshots, in what they believe and not only in where they put their
# margin (Cain, Law & Peel 2000, Scottish Journal of Political Economy 47(1), on football), which
# exchanges are not (Smith, Paton & Vaughan Williams 2006, Economica 73, on racing). So a consensus
# finds value in nearly every longshot that an exchange offers, and there is none. The big leagues
# are without it: average odds there, their margin removed by the power method, are hardly off.
SOCCER_SIMULATED_CUP = Sport(
    key="soccer_simulated_cup",
    title="Simulated Cup",
    group="Soccer",
    description="Only on the simulated market",
    teams=(
        *("Ashford Vale", "Bellmere", "Cap Noir", "Dunwick", "Estrella Alta", "Fontaine"),
        *("Grauburg", "Harrowgate", "Isola Verde", "Jorvik Town", "Kestrel Bay", "Lindenau"),
    ),
    mean_home=1.5,
    mean_away=1.2,
    strength_spread=0.45,
    round_seconds=DAY,
    slots=_slots(*((0, hour, 1) for hour in (1, 5, 9, 13, 17, 21))),
    listed_seconds=2 * DAY,
    duration=110 * 60,
    reach=26,
    has_draw=True,
    longshot_bias=0.25,
    extra_margin=0.05,
)
_NBA = (
    "Atlanta Hawks, Boston Celtics, Brooklyn Nets, Charlotte Hornets, Chicago Bulls, "
    "Cleveland Cavaliers, Dallas Mavericks, Denver Nuggets, Detroit Pistons, "
    "Golden State Warriors, Houston Rockets, Indiana Pacers, Los Angeles Clippers, "
    "Los Angeles Lakers, Memphis Grizzlies, Miami Heat, Milwaukee Bucks, "
    "Minnesota Timberwolves, New Orleans Pelicans, New York Knicks, "
    "Oklahoma City Thunder, Orlando Magic, Philadelphia 76ers, Phoenix Suns, "
    "Portland Trail Blazers, Sacramento Kings, San Antonio Spurs, Toronto Raptors, "
    "Utah Jazz, Washington Wizards"
)
BASKETBALL_NBA = Sport(
    key="basketball_nba",
    title="NBA",
    group="Basketball",
    description="US Basketball",
    teams=tuple(_NBA.split(", ")),
    mean_home=112.0,
    mean_away=109.5,
    strength_spread=0.04,
    round_seconds=2 * DAY,
    slots=_slots((1, 0, 4), (1, 2, 3), (2, 0, 5), (2, 3, 3)),
    listed_seconds=3 * DAY,
    duration=145 * 60,
    reach=256,
    has_draw=False,
)

SPORTS = {
    sport.key: sport
    for sport in (
        SOCCER_EPL,
        SOCCER_SPAIN_LA_LIGA,
        SOCCER_FRANCE_LIGUE_ONE,
        BASKETBALL_NBA,
        SOCCER_SIMULATED_CUP,
    )
}
