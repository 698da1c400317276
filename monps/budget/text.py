"""What the planner says, in the user's language: its reasons, and its numbers formatted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from odds import figures
from odds.budget import words
from odds.planner.plans import NotPlanned, PlannedCall
from odds.planner.situation import Kind

KINDS: Final[Mapping[str, str | Promise]] = {
    Kind.CLOSING: gettext_lazy("Closing odds"),
    Kind.RESULTS: gettext_lazy("Results"),
    Kind.SCAN: gettext_lazy("Scan"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is not planned for one sport for one reason, in one sentence.

    `more` counts the kick-offs after the one in the sentence that are left out with it.
    """

    kind: str
    label: str
    sentence: str
    more: str


def reason(call: PlannedCall, titles: Mapping[str, str]) -> str:
    """Why a call is planned."""
    return words.sentence(call.reason, call.numbers | {"sport": titles.get(call.sport, call.sport)})


def refusals(left_out: Iterable[NotPlanned], titles: Mapping[str, str]) -> list[Refusal]:
    """One sentence for each sport and reason, closing odds first."""
    groups: dict[tuple[str, str, str], list[NotPlanned]] = {}
    for one in left_out:
        groups.setdefault((one.kind, one.reason, one.sport), []).append(one)
    order = list(Kind)
    together = sorted(groups.values(), key=lambda found: order.index(found[0].kind))
    return [_refusal(found, titles) for found in together]


def _refusal(found: Sequence[NotPlanned], titles: Mapping[str, str]) -> Refusal:
    first, *others = sorted(found, key=_kickoff)
    title = titles.get(first.sport, first.sport)
    more = ""
    if others:
        told = ngettext(
            "%(number)s more kick-off for the same reason (matches: %(matches)s).",
            "%(number)s more kick-offs for the same reason (matches: %(matches)s).",
            len(others),
        )
        matches = sum(len(one.match_ids) for one in others)
        more = told % {"number": figures.whole(len(others)), "matches": figures.whole(matches)}
    return Refusal(
        kind=first.kind,
        label=str(KINDS[first.kind]),
        sentence=words.sentence(first.reason, {**first.numbers, "sport": title}),
        more=more,
    )


def _kickoff(one: NotPlanned) -> float:
    kickoff = one.numbers.get("kickoff")
    return kickoff.timestamp() if isinstance(kickoff, datetime) else 0.0


def expected(value: float) -> str:
    """An expectation, to two digits where it is small: `0.012`, `0.4`, `13.2`, `120`."""
    if value >= 10 or value == 0:
        places = int(0 < value < 100)
        return str(number_format(round(value, places), places, force_grouping=True))
    digits = float(f"{value:.2g}")
    places = len(f"{digits:.10f}".rstrip("0").partition(".")[2])
    return str(number_format(digits, places))


def credits_label(number: int) -> str:
    """`3 credits`."""
    told = {"number": figures.whole(number)}
    return ngettext("%(number)s credit", "%(number)s credits", number) % told
