"""Rows for tests: plain functions, every default overridable."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from betting.bankroll import ledger
from betting.bets import placing, settlement
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.models import Account, Bet, Opportunity
from odds.models import Bookmaker, Collection, LatestQuote, Match, Quote, Sport
from strategies.models import Prediction, Strategy, StrategyVersion
from strategies.parameters import as_mapping
from strategies.registry import AGENTS

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_numbers = count(1)


def make_sport(**given: Any) -> Sport:
    key = given.pop("key", "soccer_epl")
    given.setdefault("title", key.replace("_", " ").title())
    return Sport.objects.get_or_create(key=key, defaults=given)[0]


def make_bookmaker(key: str = "betclic_fr", **given: Any) -> Bookmaker:
    given.setdefault("title", key.title())
    given.setdefault("operator", key.partition("_")[0])
    return Bookmaker.objects.get_or_create(key=key, defaults=given)[0]


def make_match(**given: Any) -> Match:
    number = next(_numbers)
    defaults = {
        "provider_id": f"{number:032x}",
        "home_team": f"Home {number}",
        "away_team": f"Away {number}",
        "commence_time": NOON + timedelta(days=1),
    }
    if "sport" not in given:
        given["sport"] = make_sport()
    return Match.objects.create(**defaults | given)


def make_quote(*odds: str | None, **given: Any) -> LatestQuote:
    """A current quote and its row of history; odds are home, draw, away (or over, under)."""
    first, draw, second = odds if len(odds) == 3 else (odds[0], None, odds[1])
    seen_at = given.pop("seen_at", NOON)
    changed_at = given.pop("changed_at", seen_at)
    match = given.pop("match", None) or make_match()
    bookmaker = given.pop("bookmaker", None) or make_bookmaker()
    values = {
        "match": match,
        "bookmaker": bookmaker,
        "market": "h2h",
        "line": Decimal(0),
        "odds_1": first and Decimal(first),
        "odds_x": draw and Decimal(draw),
        "odds_2": second and Decimal(second),
        "source_updated_at": seen_at,
    } | given
    Quote.objects.create(observed_at=changed_at, **values)
    return LatestQuote.objects.create(changed_at=changed_at, seen_at=seen_at, **values)


def make_collection(**given: Any) -> Collection:
    started_at = given.get("started_at", NOON)
    defaults = {
        "reason": "interval",
        "markets": ["h2h"],
        "regions": "eu",
        "status": "stored",
        "started_at": started_at,
        "finished_at": started_at,
        "observed_at": started_at,
        "http_status": 200,
        "credits_used": 1,
        "credits_remaining": 480,
        "credits_used_this_month": 20,
    }
    if "sport" not in given:
        given["sport"] = make_sport()
    return Collection.objects.create(**defaults | given)


def make_opportunity(**given: Any) -> Opportunity:
    seen_at = given.get("first_seen_at", NOON)
    defaults: dict[str, Any] = {
        "market": "h2h",
        "outcome": "home",
        "kind": "value",
        "best_odds": Decimal("2.300"),
        "worst_odds": Decimal("2.000"),
        "bookmaker_count": 5,
        "spread_pct": 15.0,
        "fair_probability": 0.45,
        "reference": "pinnacle",
        "edge_pct": 3.5,
        "shrunk_edge_pct": 1.75,
        "first_odds": Decimal("2.300"),
        "first_edge_pct": 3.5,
        "peak_edge_pct": 3.5,
        "peak_at": seen_at,
        "price_seen_at": seen_at,
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
    }
    if "match" not in given:
        given["match"] = make_match()
    if "best_bookmaker" not in given:
        given["best_bookmaker"] = make_bookmaker()
    if "worst_bookmaker" not in given:
        given["worst_bookmaker"] = make_bookmaker("unibet_fr")
    return Opportunity.objects.create(**defaults | given)


def make_account(balance: str = "1000", **given: Any) -> Account:
    """A bookmaker's account, or cash when no bookmaker is given."""
    at = given.pop("at", NOON)
    if bookmaker := given.pop("bookmaker", None):
        return ledger.open_account(bookmaker, initial=Decimal(balance), now=at)
    account = ledger.cash_account(now=at)
    difference = Decimal(balance) - account.entries.total()
    if difference:
        ledger.post(account, "adjustment", difference, now=at)
    return account


def make_bet(result: str = "", **given: Any) -> Bet:
    """A bet as the product places it, settled by hand when a result is given."""
    at = given.pop("at", NOON)
    settled_at = given.pop("settled_at", at)
    if "match" not in given:
        given["match"] = make_match()
    given["odds"] = Decimal(given.get("odds", "2.00"))
    given["stake"] = Decimal(given.get("stake", "10.00"))
    given.setdefault("bookmaker", None)
    given["bookmaker"] = given["bookmaker"] or make_bookmaker()
    given.setdefault("outcome", "home")
    given.setdefault("placed_at", at)
    grade = {name: given.pop(name) for name in list(given) if name.startswith(("clv_", "closing_"))}
    bet, _is_new = placing.place(placing.NewBet(**given), author=Author(now=at), is_history=True)
    if result:
        settlement.rule(
            {bet.pk: Ruling(ending=result, settled_at=settled_at)}, author=Author(now=at)
        )
    if grade:
        Bet.objects.filter(pk=bet.pk).update(**grade)
    return Bet.objects.get(pk=bet.pk)


def make_strategy(agent: str = "sharp_reference", **given: Any) -> StrategyVersion:
    """A strategy's current version; `parameters` may be given."""
    rules = AGENTS[agent]
    parameters = given.pop("parameters", {})
    values = {
        "agent": agent,
        "agent_name": rules.name,
        "strategy_name": rules.strategy,
        "created_at": NOON,
    } | given
    strategy = Strategy.objects.create(**values)
    return StrategyVersion.objects.create(
        strategy=strategy,
        number=1,
        parameters=as_mapping(rules.parameters()) | parameters,
        is_current=True,
        created_at=NOON,
    )


def make_prediction(**given: Any) -> Prediction:
    """A prediction of one unit on home at 2.10, an edge of 5 % claimed."""
    values = {
        "market": "h2h",
        "line": Decimal(0),
        "outcome": "home",
        "odds": Decimal("2.100"),
        "probability": 0.5,
        "edge_pct": 5.0,
        "kelly": 0.05 / 1.1,
        "reference": "pinnacle",
        "predicted_at": NOON,
    } | given
    for name, make in (
        ("version", make_strategy),
        ("match", make_match),
        ("bookmaker", make_bookmaker),
    ):
        if name not in values:
            values[name] = make()
    return Prediction.objects.create(**values)
