"""How the market moves: towards the truth, with laggards, skins and gaps."""

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest

from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.chance import generator, wandering
from odds.simulator.sports import DAY, HOUR, SOCCER_EPL
from odds.simulator.world import World

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
KEYS = [book.key for book in BOOKMAKERS]


@pytest.fixture(scope="module")
def matches(world):
    start = world.calendar.start
    return world.calendar.between(SOCCER_EPL, start + 14 * DAY, start + 54 * 7 * DAY)


def quoted(world, match, hours_before, market="h2h"):
    """Odds of each bookmaker that long before kick-off."""
    quotes = world.quotes(match, match.commence - hours_before * HOUR, [market])
    return {quote.bookmaker.key: quote for quote in quotes if quote.market == market}


def multiplicative(odds):
    implied = 1 / np.array(odds)
    return implied / implied.sum()


def test_the_sharp_price_is_nearer_to_the_truth_at_kick_off_than_three_days_before(world, matches):
    losses = defaultdict(list)
    for match in matches:
        truth = np.array(world.true_probabilities(match.provider_id, "h2h"))
        for hours in (72, 0.02):
            if quote := quoted(world, match, hours).get("pinnacle"):
                error = multiplicative(quote.odds) - truth
                losses[hours].append(float((error**2).sum()))

    early, late = np.mean(losses[72]), np.mean(losses[0.02])
    noise = np.std(losses[72]) / np.sqrt(len(losses[72]))
    assert early - late > 5 * noise


def test_each_bookmaker_keeps_its_margin_on_average(world, matches):
    sums = defaultdict(list)
    for match in matches:
        for key, quote in quoted(world, match, 6).items():
            sums[key].append(sum(1 / odds for odds in quote.odds) - 1)

    assert len(sums) >= 24
    for book in BOOKMAKERS:
        middle = np.median(sums[book.key])  # a mistyped price must not weigh
        assert middle == pytest.approx(book.margin, abs=0.005), book.key


def test_skins_believe_what_their_operator_believes(world, matches):
    together, apart = [], []
    for match in matches[:150]:
        fair = world.fair(match, match.commence - 12 * HOUR)
        home = dict(zip(KEYS, np.log(fair[:, 0]), strict=True))
        together += [home["unibet_fr"] - home["unibet_nl"], home["winamax_fr"] - home["winamax_de"]]
        apart += [home["unibet_fr"] - home["winamax_fr"], home["unibet_nl"] - home["winamax_de"]]

    assert np.std(together) < np.std(apart) / 3


def test_a_skin_shows_later_what_its_operator_shows_now(world, matches):
    """unibet_se is two minutes behind unibet_nl: their beliefs are the same, shifted."""
    now, shifted = [], []
    for match in matches[:80]:
        at = match.commence - 20 * HOUR
        nl, se = KEYS.index("unibet_nl"), KEYS.index("unibet_se")
        earlier = world.fair(match, at)[nl]
        now.append(np.abs(world.fair(match, at + 180)[nl] - earlier).sum())
        shifted.append(np.abs(world.fair(match, at + 180)[se] - earlier).sum())

    assert np.mean(shifted) <= np.mean(now)


def test_value_appears_and_disappears(world, matches):
    """Best prices beat the truth now and then, mostly by little; the rate moves with time."""
    edges = []
    for match in matches:
        truth = np.array(world.true_probabilities(match.provider_id, "h2h"))
        soft = [q.odds for q in quoted(world, match, 1).values() if q.bookmaker.kind == "soft"]
        edges.extend(truth * np.max(soft, axis=0) - 1)

    share = np.mean(np.array(edges) > 0.01)
    assert 0.03 < share < 0.3
    assert np.mean(np.array(edges) > 0.10) < 0.03


def test_an_opportunity_does_not_last(world, matches):
    opened = still = 0
    for match in matches[:200]:
        truth = np.array(world.true_probabilities(match.provider_id, "h2h"))
        shown = [quoted(world, match, hours) for hours in (30, 6)]
        for key in shown[0].keys() & shown[1].keys():
            before, after = (truth * np.array(quotes[key].odds) - 1 for quotes in shown)
            opened += int((before > 0.02).sum())
            still += int(((before > 0.02) & (after > 0.02)).sum())

    assert opened > 50
    assert 0 < still < 0.7 * opened


def test_bookmakers_come_and_go(world, matches):
    shown = [len(quoted(world, match, hours)) for match in matches[:50] for hours in (100, 30, 3)]

    assert max(shown) <= len(BOOKMAKERS)
    assert min(shown) < max(shown)
    assert np.mean(shown) > 0.75 * len(BOOKMAKERS)


def test_pinnacle_is_missing_for_part_of_the_matches(world, matches):
    missing = [match for match in matches if "pinnacle" not in quoted(world, match, 24)]

    assert 0 < len(missing) < 0.15 * len(matches)


def test_only_exchanges_lay_and_always_above_their_back_price(world, matches):
    for match in matches[:60]:
        back, lay = quoted(world, match, 5), quoted(world, match, 5, "h2h_lay")

        assert {quote.bookmaker.kind for quote in lay.values()} <= {"exchange"}
        for key in lay.keys() & back.keys():
            assert all(np.array(lay[key].odds) > np.array(back[key].odds))


def test_prices_are_never_from_the_future_and_seldom_old(world, matches):
    ages = []
    for match in matches[:100]:
        at = match.commence - 8 * HOUR + 77
        ages += [at - quote.updated_at for quote in world.quotes(match, at, ["h2h"])]

    assert min(ages) >= 0
    assert np.median(ages) <= 60
    assert max(ages) <= 20 * 60  # a suspended market shows its last price for a quarter of an hour


def test_a_goal_moves_the_prices_in_play(world, matches):
    match = next(match for match in matches if world.truth(match).final_score == (1, 0))
    goal = match.commence + float(world.truth(match).points[0][0]) * SOCCER_EPL.duration
    row = KEYS.index("pinnacle")

    before = world.fair(match, goal - 1)[row, 0]
    after = world.fair(match, goal + 120)[row, 0]

    assert after > before + 0.05


def test_two_worlds_of_one_seed_are_one_market(world, matches):
    again = World(11, EPOCH)

    for match in matches[::40]:
        at = match.commence - 31 * HOUR
        assert again.quotes(match, at, ["h2h"]) == world.quotes(match, at, ["h2h"])


def test_the_past_does_not_depend_on_what_was_asked_before(matches):
    forward, backward = World(11, EPOCH), World(11, EPOCH)
    instants = [matches[3].commence - hours * HOUR for hours in (50, 20, 5, 1)]

    ahead = [forward.quotes(matches[3], at, ["totals"]) for at in instants]
    back = [backward.quotes(matches[3], at, ["totals"]) for at in reversed(instants)]

    assert ahead == back[::-1]


def test_a_wandering_error_keeps_its_spread_and_forgets(world):
    walks = wandering(generator("test", 1), (400, 3000), memory=50)

    assert walks[[0, 150, 399]].std(axis=1) == pytest.approx([1, 1, 1], abs=0.06)
    lagged = np.corrcoef(walks[100], walks[150])[0, 1]
    assert lagged == pytest.approx(np.exp(-1), abs=0.06)


def test_what_the_market_believes_early_is_right_on_average_at_every_price(world, matches):
    """No price band pays: the mean truth of outcomes believed at p is p."""
    sharp = KEYS.index("pinnacle")
    believed, true = [], []
    for match in matches:
        believed.append(world.fair(match, match.commence - 6 * DAY)[sharp])
        true.append(world.true_probabilities(match.provider_id, "h2h"))
    excess = np.array(true) / np.array(believed) - 1

    for low, high in ((0, 0.2), (0.2, 0.35), (0.35, 1)):
        in_band = excess[(low < np.array(believed)) & (np.array(believed) <= high)]
        assert len(in_band) > 150
        error = in_band.std() / np.sqrt(len(in_band))
        assert abs(in_band.mean()) < 4 * error + 0.005  # the convexity of a probability is not 0
