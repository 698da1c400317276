"""What agents do and what their parameters mean, in plain sentences."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterText:
    """A parameter's name for people, and one sentence about it with its unit."""

    label: str | Promise
    explanation: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentText:
    """What an agent is for, how it decides, and its parameters by name."""

    purpose: str | Promise
    method: str | Promise
    parameters: dict[str, ParameterText]


MINIMUM_EDGE: Final = ParameterText(
    label=_("Smallest edge"),
    explanation=_("Percent: prices that promise less than this are passed over."),
)
MAXIMUM_EDGE: Final = ParameterText(
    label=_("Largest edge"),
    explanation=_("Percent: a price that promises more is held to be an error and passed over."),
)
MINIMUM_OPERATORS: Final = ParameterText(
    label=_("Fewest operators"),
    explanation=_("Number of independent operators that must offer the market."),
)


MINIMUM_ODDS: Final = ParameterText(
    label=_("Lowest odds"), explanation=_("Prices below these odds are passed over.")
)
MAXIMUM_ODDS: Final = ParameterText(
    label=_("Highest odds"), explanation=_("Prices above these odds are passed over.")
)


def _offset(label: Promise) -> ParameterText:
    return ParameterText(
        label=label,
        explanation=_(
            "Probability from 0 to 1, taken off the mean's implied probability to allow for the "
            "margin in it."
        ),
    )


TEXTS: Final[dict[str, AgentText]] = {
    "consensus_value": AgentText(
        purpose=_(
            "Believes the average of all bookmakers and takes the best price that beats it: one "
            "bookmaker alone is wrong more often than all of them together."
        ),
        method=_(
            "The mean odds become a probability, less an offset for the margin in them. Where the "
            "best price times that probability exceeds 1, it is a bet. This is the rule of "
            "Kaunitz, Zhong and Kreiner (2017)."
        ),
        parameters={
            "home_offset": _offset(_("Offset, home")),
            "draw_offset": _offset(_("Offset, draw")),
            "away_offset": _offset(_("Offset, away")),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
            "minimum_operators": MINIMUM_OPERATORS,
        },
    ),
    "sharp_reference": AgentText(
        purpose=_(
            "Believes the sharpest bookmaker, the one that welcomes winners, and takes prices "
            "elsewhere that pay more than its fair price."
        ),
        method=_(
            "The margin is taken out of the sharp bookmaker's odds by the power method. What "
            "another operator pays beyond that, commission deducted, is the edge. The method is "
            "Buchdahl's."
        ),
        parameters={
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
        },
    ),
    "anomaly_detector": AgentText(
        purpose=_(
            "Finds the bookmaker whose opinion stands apart from all others, and takes its price "
            "where the others say it pays too much."
        ),
        method=_(
            "Every operator's odds, margin taken out, are an opinion on a scale of log odds. One "
            "that lies further from the median of the others than they usually lie from it is an "
            "outlier; the consensus of the others says what its price is worth. The measure is "
            "Iglewicz and Hoaglin's (1993)."
        ),
        parameters={
            "minimum_z": ParameterText(
                label=_("Smallest distance"),
                explanation=_(
                    "Standard deviations, estimated from medians, that a price must lie from the "
                    "others."
                ),
            ),
            "smallest_deviation": ParameterText(
                label=_("Smallest scatter"),
                explanation=_(
                    "Log odds by which the others are held to differ at least, so that a rounding "
                    "is no outlier."
                ),
            ),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
            "minimum_operators": MINIMUM_OPERATORS,
        },
    ),
    "spread_optimizer": AgentText(
        purpose=_(
            "Looks where bookmakers disagree most, and asks whether the best price there is also "
            "a good one."
        ),
        method=_(
            "A wide spread between the highest and the lowest odds only chooses where to look. "
            "What the best price is worth comes from the consensus of the other operators, margin "
            "taken out, never from the price itself."
        ),
        parameters={
            "minimum_spread_pct": ParameterText(
                label=_("Smallest spread"),
                explanation=_("Percent by which the highest odds must exceed the lowest."),
            ),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
            "minimum_operators": MINIMUM_OPERATORS,
            "minimum_odds": MINIMUM_ODDS,
            "maximum_odds": MAXIMUM_ODDS,
        },
    ),
    "pattern_matcher": AgentText(
        purpose=_(
            "Corrects the consensus where odds are known to be wrong again and again: dominant "
            "favourites, strong underdogs, balanced matches."
        ),
        method=_(
            "Probabilities read from odds in proportion leave favourites too low and longshots too "
            "high, by amounts that were counted on past matches. The consensus of the other "
            "operators is corrected by them; only the outcome a pattern speaks of is taken."
        ),
        parameters={
            "favourite_from_pct": ParameterText(
                label=_("Favourite from"),
                explanation=_("Percent: the probability from which a favourite is dominant."),
            ),
            "favourite_to_pct": ParameterText(
                label=_("Favourite up to"),
                explanation=_("Percent: the probability up to which the correction was counted."),
            ),
            "favourite_correction": ParameterText(
                label=_("Correction of favourites"),
                explanation=_(
                    "Percentage points added to a dominant favourite's probability; 0 switches "
                    "the pattern off."
                ),
            ),
            "longshot_below_pct": ParameterText(
                label=_("Longshot below"),
                explanation=_("Percent: the probability below which an outcome is a longshot."),
            ),
            "longshot_correction": ParameterText(
                label=_("Correction of longshots"),
                explanation=_(
                    "Percentage points added to a longshot's probability, below 0 to lower it; 0 "
                    "switches the pattern off."
                ),
            ),
            "balanced_gap_pct": ParameterText(
                label=_("Balanced up to"),
                explanation=_(
                    "Percentage points by which both sides' probabilities may differ in a balanced "
                    "match."
                ),
            ),
            "balanced_draw_correction": ParameterText(
                label=_("Correction of draws"),
                explanation=_(
                    "Percentage points added to the draw of a balanced match; 0 switches the "
                    "pattern off."
                ),
            ),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
            "minimum_operators": MINIMUM_OPERATORS,
        },
    ),
    "line_mover": AgentText(
        purpose=_(
            "Follows the news: where the reference has moved since it opened, it takes prices that "
            "have not followed yet."
        ),
        method=_(
            "When the sharp bookmaker's fair probability of an outcome has risen, a price "
            "elsewhere that is older than that move may still be the one of before. Without a "
            "sharp bookmaker the consensus of the other operators is followed. Where nothing moved "
            "there is nothing to take."
        ),
        parameters={
            "minimum_move_pct": ParameterText(
                label=_("Smallest move"),
                explanation=_(
                    "Percent of itself by which the fair probability must have risen since the "
                    "opening."
                ),
            ),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
            "minimum_operators": MINIMUM_OPERATORS,
        },
    ),
    "arbitrage_finder": AgentText(
        purpose=_(
            "Finds prices of different bookmakers that pay more than they cost together, whatever "
            "happens."
        ),
        method=_(
            "The best price of every outcome is taken, commission deducted. Where the inverse odds "
            "sum to less than 1, a unit spread over all of them returns more than a unit. What it "
            "finds is often gone, limited or an error."
        ),
        parameters={
            "minimum_profit_pct": ParameterText(
                label=_("Smallest profit"),
                explanation=_("Percent of the money staked that must remain after commission."),
            ),
            "maximum_profit_pct": ParameterText(
                label=_("Largest profit"),
                explanation=_("Percent from which on an arbitrage is held to be an error."),
            ),
        },
    ),
    "goals_model": AgentText(
        purpose=_(
            "Believes past goals instead of bookmakers, and takes prices that pay more than those "
            "goals say. It is the yardstick of what goals alone can tell."
        ),
        method=_(
            "Every week the attack and defence of each team are estimated anew from its "
            "competition's results, recent ones counting more; they give the chances of match "
            "winner, totals and handicaps. It knows nothing of injuries or line-ups. The model is "
            "that of Dixon and Coles (1997)."
        ),
        parameters={
            "half_life_days": ParameterText(
                label=_("Half-life of results"),
                explanation=_("Days after which a result counts half as much."),
            ),
            "ridge": ParameterText(
                label=_("Pull towards the mean"),
                explanation=_(
                    "Strength without unit with which teams are held to be alike; the more, the "
                    "less a few results say."
                ),
            ),
            "minimum_matches": ParameterText(
                label=_("Fewest matches of a team"),
                explanation=_("Number of known results below which a team is not predicted."),
            ),
            "minimum_edge_pct": MINIMUM_EDGE,
            "maximum_edge_pct": MAXIMUM_EDGE,
        },
    ),
    "patron": AgentText(
        purpose=_(
            "Listens to the other agents, to each as far as its predictions were worth something, "
            "and takes what enough of them agree on."
        ),
        method=_(
            "An agent's weight is its mean fair closing line value, shrunk towards 0 the fewer "
            "matches stand behind it; who did not beat the closing line has none. Where enough "
            "agents back the same outcome, their probabilities by weight say what the best of "
            "their prices is worth."
        ),
        parameters={
            "minimum_edge_pct": MINIMUM_EDGE,
            "minimum_agents": ParameterText(
                label=_("Fewest agents"),
                explanation=_("Number of agents with a weight that must back the same outcome."),
            ),
            "minimum_matches": ParameterText(
                label=_("Fewest matches of an agent"),
                explanation=_("Number of graded matches below which an agent is not listened to."),
            ),
            "prior_matches": ParameterText(
                label=_("Matches of doubt"),
                explanation=_(
                    "Number of matches without value that are added to every record before it is "
                    "weighed."
                ),
            ),
        },
    ),
}
