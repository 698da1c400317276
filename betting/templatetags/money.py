"""`betting.money` for templates: `{% load money %}{{ bet.profit|signed_money:currency }}`."""

from django import template

from betting import money

register = template.Library()
for _figure in (money.money, money.signed_money, money.tone):
    register.filter(_figure.__name__, _figure)
