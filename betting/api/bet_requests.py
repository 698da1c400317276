"""From what a client sent to a bet: placing it, changing it, each in one transaction.

The API's bodies name things differently; their serializers give one set of names (`source=`), read
here: match_id, home_team, away_team, sport_key, league, commence_time, market, line, outcome,
bookmaker, odds, actual_odds, stake, bet_type, notes, opportunity_id, edge_pct, result, status,
final_score, dead_heat_ways, idempotency_key, reason.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from betting.api.bet_words import PENDING, Selection, Teams, asked_ending, read_selection
from betting.bets import placing, settlement
from betting.bets.bookmaker_names import bookmaker_named
from betting.bets.checks import BetRefusedError
from betting.bets.placing import NewBet
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.models import MARKETS_WITH_LINE, Bet, Ending, Opportunity, Outcome
from odds.models import Bookmaker, Match

Asked = Mapping[str, Any]

COPIED = (
    *("odds", "stake", "home_team", "away_team", "sport_key", "league", "commence_time"),
    *("bet_type", "edge_pct", "agent_recommended", "patron_score", "patron_confidence", "notes"),
)
CHANGED_AS_GIVEN = ("stake", "bet_type", "notes", "final_score", "league")
TEXTS = ("notes", "final_score", "league")
OF_SELECTION = frozenset({"market", "outcome", "line"})
KEY_HEADER = "Idempotency-Key"


def read_body(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """The validated body of a request, with the idempotency key of its header.

    Raises:
        ValidationError: With one sentence for the first field that cannot be used.
    """
    sent = request.data
    if isinstance(sent, dict) and (key := request.headers.get(KEY_HEADER)):
        sent = {**sent, "idempotency_key": key}
    serializer = serializer_class(data=sent)
    serializer.is_valid(raise_exception=True)
    validated: dict[str, Any] = serializer.validated_data
    return validated


def digest_of(request: Request) -> str:
    """SHA-256 of a request's body, whatever the order of its keys, without the idempotency key."""
    sent = {name: value for name, value in request.data.items() if name != "idempotency_key"}
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@contextmanager
def refusals_answered() -> Iterator[None]:
    """A refused bet is answered with 400 and its sentence."""
    try:
        yield
    except BetRefusedError as refusal:
        raise exceptions.ValidationError({"detail": str(refusal)}) from refusal


def place(
    asked: Asked, *, author: Author, digest: str, match_is_required: bool = False
) -> tuple[int, bool]:
    """Place the bet asked for; one that has a result already is settled by hand as well.

    What is entered with its result was staked long ago: nobody asks whether it could be paid.

    Returns:
        The bet's id, and whether this call made it.

    Raises:
        BetRefusedError: With one sentence; nothing was written.
    """
    known = {name: value for name, value in asked.items() if value is not None}
    ending = asked_ending(known)
    ruling = None if ending in {None, PENDING} else _ruling(str(ending), known)
    with transaction.atomic():
        bet, is_new = placing.place(
            _new_bet(known, match_is_required=match_is_required),
            author=author,
            idempotency_key=known.get("idempotency_key") or None,
            digest=digest,
            is_history=ruling is not None,
        )
        if is_new and ruling is not None:
            settlement.rule({bet.pk: ruling}, author=author)
    return bet.pk, is_new


def change(bet_id: int, asked: Asked, *, author: Author) -> None:
    """Correct a bet, settle it or open it again, as asked; what is said already stays untouched.

    Raises:
        NotFound: No such bet.
        BetRefusedError: With one sentence; nothing was written.
    """
    with transaction.atomic():
        bet = kept_bet(bet_id)
        _refuse_other_match(bet, asked)
        ending, corrections = asked_ending(asked), _corrections(bet, asked)
        is_ruled = ending not in {None, PENDING} and _is_other_ending(bet, str(ending), asked)
        if is_ruled:
            score = {"final_score": corrections.pop("final_score", bet.final_score)}
            ruling = _ruling(str(ending), {**asked, **score})
        if corrections:
            placing.correct(bet_id, corrections, author=author)
        if is_ruled:
            settlement.rule({bet_id: ruling}, author=author)
        elif ending == PENDING:
            settlement.reopen(bet_id, author=author)


def cancel(bet_id: int, *, author: Author) -> None:
    """Take a bet back.

    Raises:
        NotFound: No such bet.
    """
    kept_bet(bet_id)
    placing.cancel(bet_id, author=author)


def kept_bet(bet_id: int) -> Bet:
    """The bet of that id, with its match and bookmaker.

    Raises:
        NotFound: There is none, or it was cancelled.
    """
    bet = Bet.objects.kept().select_related("match", "bookmaker").filter(pk=bet_id).first()
    if bet is None:
        raise exceptions.NotFound("Bet not found")
    return bet


def _new_bet(asked: Asked, *, match_is_required: bool) -> NewBet:
    match = Match.objects.filter(provider_id=asked.get("match_id", "")).first()
    if match is None and match_is_required:
        raise BetRefusedError(
            _("There is no match %(id)s; enter a bet on another one as a manual bet.")
            % {"id": asked.get("match_id")}
        )
    found = _opportunity(asked.get("opportunity_id"))
    selection = read_selection(
        asked["outcome"],
        teams=_teams(match) if match else _teams(asked),
        market=asked.get("market") or (found.market if found else None),
        line=asked.get("line"),
        known_line=found.line if found else None,
    )
    if found is not None and not _is_for(found, match, selection):
        raise BetRefusedError(
            _("Opportunity %(id)s is for another bet; leave it out or bet on what it says.")
            % {"id": asked["opportunity_id"]}
        )
    return NewBet(
        match=match,
        bookmaker=bookmaker_named(asked["bookmaker"]),
        market=selection.market,
        outcome=selection.outcome,
        line=selection.line,
        opportunity=found,
        **{name: asked[name] for name in COPIED if name in asked},
    )


def _teams(of: Match | Bet | Asked) -> Teams:
    if isinstance(of, Mapping):
        return Teams(home=of.get("home_team", ""), away=of.get("away_team", ""))
    return Teams(home=of.home_team, away=of.away_team)


def _opportunity(asked_id: str | None) -> Opportunity | None:
    """What the bet takes up; None where the id means nothing (any more)."""
    if not asked_id:
        return None
    rows = Opportunity.objects.select_related("match")
    if asked_id.isdecimal():
        return rows.filter(pk=asked_id).first()
    newest = rows.filter(match__provider_id=asked_id.partition(":")[0]).order_by(
        F("closed_at").desc(nulls_first=True), "-kind", "-last_seen_at"
    )  # an open value comes before its spread
    return next((row for row in newest if row.opportunity_id == asked_id), None)


def _is_for(opportunity: Opportunity, match: Match | None, selection: Selection) -> bool:
    return (
        opportunity.match == match
        and (opportunity.market, opportunity.line) == (selection.market, selection.line)
        and opportunity.outcome in {selection.outcome, Outcome.ALL}
    )


def _refuse_other_match(bet: Bet, asked: Asked) -> None:
    match_id = bet.match.provider_id if bet.match else None
    if (asked.get("match_id") or match_id) != match_id:
        raise BetRefusedError(_("A bet stays on its match; delete this one and place another."))


def _corrections(bet: Bet, asked: Asked) -> dict[str, Any]:
    """What `placing.correct` is to change: of what is asked, what is not so already."""
    wanted = {name: asked[name] for name in CHANGED_AS_GIVEN if name in asked}
    wanted |= {name: "" for name in TEXTS if name in wanted and wanted[name] is None}
    if any(asked.get(name) is not None for name in OF_SELECTION):
        selection = _corrected_selection(bet, asked)
        wanted |= {name: getattr(selection, name) for name in OF_SELECTION}
    wanted |= _corrected_odds(bet, asked)
    if asked.get("bookmaker"):
        wanted |= _corrected_bookmaker(bet, bookmaker_named(asked["bookmaker"]))
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(bet, name)
    }


def _corrected_selection(bet: Bet, asked: Asked) -> Selection:
    market = asked.get("market") or bet.market
    return read_selection(
        asked.get("outcome") or bet.outcome,
        teams=_teams(bet),
        market=market,
        line=asked.get("line"),
        known_line=bet.line if bet.market in MARKETS_WITH_LINE else None,
    )


def _corrected_odds(bet: Bet, asked: Asked) -> dict[str, Decimal | None]:
    """A client that sends a whole bet back says its odds twice; the new ones count."""
    new = {asked.get("odds"), asked.get("actual_odds")} - {None, bet.odds}
    if len(new) > 1:
        raise BetRefusedError(_("odds_value and actual_odds differ; give one of them."))
    return {"odds": new.pop()} if new else {}


def _corrected_bookmaker(bet: Bet, bookmaker: Bookmaker) -> dict[str, Any]:
    if bookmaker.pk == bet.bookmaker_id:
        return {}
    return {"bookmaker": bookmaker, "commission": bookmaker.commission}


def _is_other_ending(bet: Bet, ending: str, asked: Asked) -> bool:
    if ending == Ending.DEAD_HEAT and asked.get("dead_heat_ways") not in {None, bet.dead_heat_ways}:
        return True
    return ending != bet.result


def _ruling(ending: str, asked: Asked) -> Ruling:
    ways = asked.get("dead_heat_ways")
    if (ending == Ending.DEAD_HEAT) != (ways is not None):
        raise BetRefusedError(
            _("A dead heat, and nothing else, has dead_heat_ways: how many shared the win.")
        )
    return Ruling(ending=ending, final_score=asked.get("final_score") or "", dead_heat_ways=ways)
