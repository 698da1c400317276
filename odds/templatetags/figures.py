"""`odds.figures` for templates: `{% load figures %}{{ quote.seen_at|age:now }}`."""

from django import template

from odds import figures

register = template.Library()
for _figure in (
    figures.age,
    figures.ago,
    figures.away,
    figures.decimal_odds,
    figures.moment,
    figures.near_moment,
    figures.percent,
    figures.signed_percent,
    figures.share,
    figures.whole,
):
    register.filter(_figure.__name__, _figure)
