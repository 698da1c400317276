"""Where a strategy stands, in words and cells: tier, interval, trend."""

from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betting.money import tone
from odds import figures
from odds.admin_facts import two_lines
from strategies.models import RankingSettings, StrategyRecord, Tier, Trend

ARROWS: Final = {
    Trend.UP: "trending_up",
    Trend.DOWN: "trending_down",
    Trend.STABLE: "trending_flat",
}
TONES: Final = {Trend.UP: "mp-good", Trend.DOWN: "mp-bad", Trend.STABLE: "mp-muted"}
TREND_TEXTS: Final[dict[str, str | Promise]] = {
    Trend.UP: gettext_lazy("Up: the last seven days brought more than the seven before"),
    Trend.DOWN: gettext_lazy("Down: the last seven days brought less than the seven before"),
    Trend.STABLE: gettext_lazy("No trend between the last seven days and the seven before"),
}


def chip(tier: str | None) -> SafeString:
    """A tier as a coloured letter with its name; nothing where there is none."""
    if not tier:
        return format_html('<span class="mp-tier">{}</span>', _("unrated"))
    return format_html(
        '<span class="mp-tier is-{}" title="{}">{}</span>', tier.lower(), Tier(tier).label, tier
    )


def missing_for_tier(record: StrategyRecord | None, settings: RankingSettings) -> str:
    """What an unrated strategy lacks: `4 of 10 settled`; empty where it has a tier."""
    if record is not None and record.tier:
        return ""
    return _("%(settled)s of %(needed)s settled") % {
        "settled": figures.whole(record.settled if record else 0),
        "needed": figures.whole(settings.minimum_settled),
    }


def tier_cell(record: StrategyRecord | None, settings: RankingSettings) -> SafeString:
    """The chip, over its name or over what is missing."""
    if record is None or not record.tier:
        return two_lines(chip(None), missing_for_tier(record, settings))
    return two_lines(chip(record.tier), Tier(record.tier).label)


def interval(low: float | None, high: float | None) -> str:
    """An interval of percentages: `−1.0% to +7.4%`; a dash where it is unknown."""
    if low is None or high is None:
        return figures.UNDEFINED
    return _("%(low)s to %(high)s") % {
        "low": figures.signed_percent(low),
        "high": figures.signed_percent(high),
    }


def with_number(between: str, number: int) -> str:
    """An interval, where there is one, with how many it rests on."""
    said = _("n = %(number)s") % {"number": figures.whole(number)}
    return said if between == figures.UNDEFINED else f"{between}, {said}"


def coloured(value: float | None) -> SafeString:
    """A percentage in the colour of a gain or a loss."""
    return format_html('<span class="{}">{}</span>', tone(value, 1), figures.signed_percent(value))


def yield_cell(record: StrategyRecord | None) -> SafeString | str:
    """The yield over its interval."""
    if record is None:
        return figures.UNDEFINED
    between = interval(record.roi_low, record.roi_high) if record.roi_low is not None else ""
    return two_lines(coloured(record.roi), between)


def clv_cell(record: StrategyRecord | None) -> SafeString | str:
    """The mean fair CLV over its interval and the matches it was taken over."""
    if record is None:
        return figures.UNDEFINED
    return two_lines(
        coloured(record.clv),
        with_number(interval(record.clv_low, record.clv_high), record.graded_matches),
    )


def win_rate_cell(record: StrategyRecord | None) -> SafeString | str:
    """The original's measure, beside what it would have called it."""
    if record is None:
        return figures.UNDEFINED
    tier = record.legacy_tier
    legacy = _("tier %(tier)s by it") % {"tier": tier} if tier else ""
    return format_html(
        '<span class="mp-cell"><span class="mp-muted">{}</span>'
        '<span class="mp-second">{}</span></span>',
        figures.percent(record.win_rate),
        legacy,
    )


def score_cell(score: float | None, record: StrategyRecord | None) -> SafeString:
    """What strategies are ranked by, and the trend beside it; a dash where it is undefined."""
    written = figures.UNDEFINED if score is None else number_format(score, 1)
    arrow = trend_arrow(record) if record and record.settled else ""
    return format_html(
        '<span class="mp-score"><span class="mp-first">{}</span>{}</span>', written, arrow
    )


def trend_arrow(record: StrategyRecord) -> SafeString:
    """An arrow that says in words what it means."""
    trend = Trend(record.trend)
    return format_html(
        '<span class="material-symbols-outlined {}" role="img" aria-label="{}" title="{}">{}'
        "</span>",
        TONES[trend],
        TREND_TEXTS[trend],
        TREND_TEXTS[trend],
        ARROWS[trend],
    )


def standing_of(strategy: Any) -> StrategyRecord | None:
    """The record of the version that is current; an older version's does not count."""
    record: StrategyRecord | None = getattr(strategy, "record", None)
    if record is None or record.version_id != strategy.current_id:
        return None
    return record
