"""The letter that tells of new opportunities, all in one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.channels import address_of
from alerts.mails.letters import Card, Letter, Tone
from alerts.models import Mail
from alerts.opportunities import bookmakers_of, odds_of, titles_of
from betting.models import Opportunity
from betting.selections import fair_odds, legs, reference, selection
from odds import figures

SHOWN: Final = 20  # the rest is one click away


def compose(found: Sequence[Opportunity], *, now: datetime) -> Letter:
    """One letter about opportunities, the best first.

    Args:
        found: At least one, the best first, with matches and bookmakers.
        now: The instant ages are counted to.
    """
    number, best = len(found), found[0]
    shown = list(found[:SHOWN])
    titles = titles_of(shown)
    title = ngettext("%(number)d new opportunity", "%(number)d new opportunities", number) % {
        "number": number
    }
    return Letter(
        subject=_("💰 [MON_PS] %(title)s · %(match)s %(edge)s")
        % {
            "title": title,
            "match": best.match,
            "edge": figures.signed_percent(best.edge_pct),
        },
        severity=Mail.Severity.INFO,
        kicker=_("Opportunities"),
        title=title,
        lead=_(
            "Prices above fair when they were last seen. They move: look at the odds before you "
            "bet."
        ),
        cards=[_card(one, titles, now) for one in shown],
        notes=_notes(number - len(shown)),
        url=address_of("admin:betting_opportunity_changelist"),
        url_text=_("All opportunities on offer"),
    )


def _notes(left_out: int) -> list[str]:
    edge = _(
        "The edge is what a price claims to be worth above fair, net of commission; a part of it "
        "is luck of the search."
    )
    if not left_out:
        return [edge]
    more = ngettext("%(number)d more is not shown.", "%(number)d more are not shown.", left_out)
    return [more % {"number": left_out}, edge]


def _card(opportunity: Opportunity, titles: dict[str, str], now: datetime) -> Card:
    match = opportunity.match
    kickoff = (
        f"{figures.near_moment(match.commence_time)} ({figures.away(match.commence_time, now)})"
    )
    is_arbitrage = opportunity.kind == Opportunity.Kind.ARBITRAGE
    return Card(
        title=str(match),
        subtitle=f"{match.sport.title} · {opportunity.get_market_display()}",
        lead=_("Arbitrage: bet on every outcome.")
        if is_arbitrage
        else _("%(selection)s at %(odds)s, %(bookmaker)s")
        % {
            "selection": selection(opportunity),
            "odds": odds_of(opportunity),
            "bookmaker": bookmakers_of(opportunity, titles),
        },
        badge=figures.signed_percent(opportunity.edge_pct),
        tone=Tone.BRAND if is_arbitrage else Tone.GOOD,
        facts=[
            (_("Kick-off"), kickoff),
            *(_legs(opportunity) if is_arbitrage else _value(opportunity, titles)),
            (_("Price seen"), figures.ago(opportunity.price_seen_at, now)),
        ],
        url=address_of("admin:betting_opportunity_change", opportunity.pk),
    )


def _value(opportunity: Opportunity, titles: dict[str, str]) -> list[tuple[str, str]]:
    facts = []
    fair = fair_odds(opportunity)
    if fair is not None:
        said = _("%(odds)s by %(reference)s") % {
            "odds": figures.decimal_odds(fair),
            "reference": reference(opportunity, titles),
        }
        facts.append((_("Fair odds"), said))
    if opportunity.spread_pct is not None:
        number = opportunity.bookmaker_count
        said = ngettext(
            "%(spread)s over %(number)d bookmaker", "%(spread)s over %(number)d bookmakers", number
        ) % {"spread": figures.percent(opportunity.spread_pct), "number": number}
        facts.append((_("Spread"), said))
    return facts


def _legs(opportunity: Opportunity) -> list[tuple[str, str]]:
    return [
        (str(leg["outcome"]), f"{figures.decimal_odds(leg['odds'])} · {leg['bookmaker']}")
        for leg in legs(opportunity)
    ]
