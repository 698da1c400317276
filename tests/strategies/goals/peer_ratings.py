"""Scores of a generated competition, and what penaltyblog 1.13.1 makes of them.

Six teams meet four times at each ground. Its `DixonColesGoalModel` was fitted by
`fit({"ftol": 1e-13, "maxiter": 3000}, use_gradient=False)`: its own gradient is wrong by up to 0.7
where low scores are corrected, and stops short of the maximum (log-likelihood -324.3511 instead of
-324.3256). Attacks and defences are given around their means, as only their sums matter.
"""

import numpy as np

from strategies.goals.ratings import DAY
from strategies.snapshots import Past

TEAMS = np.array(["Ash", "Birch", "Cedar", "Elm", "Fir", "Oak"])
EPL = "soccer_epl"
KNOWN_UNTIL = 1000 * DAY
# The teams' numbers and their goals: home, away, home goals, away goals.
SCORES = """
0110 0220 0340 0400 0520 1002 1202 1320 1411 1521 2011 2111 2320 2400 2521 3013 3100 3211 3401 3520
4011 4121 4211 4310 4551 5002 5100 5201 5312 5403 0111 0220 0310 0440 0521 1014 1200 1300 1410 1542
2011 2111 2310 2411 2513 3003 3123 3240 3402 3502 4013 4121 4212 4310 4522 5021 5110 5200 5303 5420
0100 0233 0330 0441 0521 1031 1220 1320 1410 1523 2002 2121 2340 2410 2510 3000 3111 3212 3410 3530
4011 4112 4201 4310 4520 5001 5106 5200 5321 5410 0121 0220 0312 0410 0530 1013 1211 1300 1461 1550
2022 2101 2311 2431 2531 3012 3132 3233 3413 3521 4002 4120 4210 4311 4510 5001 5112 5210 5302 5410
"""
EQUALLY = {
    "attack": [0.431799, 0.239282, -0.046315, -0.159711, -0.149683, -0.315371],
    "defence": [-0.47143, 0.013744, -0.08836, 0.187167, -0.007043, 0.365922],
    "tail": [-0.068771, 0.327754, -0.157692],  # level, home advantage, rho
}
# The newest match weighs 1, each older one exp(-1 / 60) of the one after it.
DECAYING = {
    "attack": [0.384519, 0.366948, -0.022627, 0.000992, -0.240682, -0.489151],
    "defence": [-0.465875, 0.029463, -0.047763, 0.168611, 0.02007, 0.295495],
    "tail": [-0.059842, 0.375516, -0.013653],
}
# Equally weighted, Ash at home to Oak: mean goals, and the chances of home, draw and away.
ASH_OAK = (2.876870061365969, 0.4250397180034438)
ASH_OAK_WINNER = [0.8623114154422106, 0.11180390847055134, 0.025884676087237983]
# Of a stake on over, and on Ash with a handicap: the shares that lose, are given back and win.
ASH_OAK_OVER = {
    2.0: (0.15126698526641538, 0.20777608655469387, 0.6409569281788908),
    2.25: (0.2551550285437623, 0.10388804327734694, 0.6409569281788908),
    2.5: (0.3590430718211093, 0.0, 0.6409569281788908),
    2.75: (0.3590430718211093, 0.11043663484125081, 0.5305202933376401),
    3.0: (0.3590430718211093, 0.22087326968250162, 0.4200836584963892),
}
ASH_OAK_HANDICAP = {
    -1.0: (0.1376885845577893, 0.17818329511465134, 0.6841281203275594),
    -0.75: (0.1376885845577893, 0.08909164755732567, 0.773219767884885),
    -0.5: (0.1376885845577893, 0.0, 0.8623114154422106),
    0.0: (0.025884676087237983, 0.11180390847055134, 0.8623114154422106),
    0.25: (0.025884676087237983, 0.05590195423527567, 0.9182133696774863),
}


def past_of(*, is_daily: bool = True, sport: str = EPL) -> Past:
    """The generated results, one a day up to the last before KNOWN_UNTIL, or all on one day."""
    rows = np.array([[int(digit) for digit in score] for score in SCORES.split()])
    home, away, home_score, away_score = rows.T
    age = np.arange(len(rows), 0, -1.0) if is_daily else np.full(len(rows), 100.0)
    return Past(
        known_until=KNOWN_UNTIL,
        sport=np.full(len(rows), sport),
        home=TEAMS[home],
        away=TEAMS[away],
        home_score=home_score,
        away_score=away_score,
        kickoff=KNOWN_UNTIL - age * DAY,
    )
