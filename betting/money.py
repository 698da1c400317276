"""How amounts of money are written for people: in their language, behind them their currency."""

from decimal import Decimal

from django.utils.formats import number_format

from odds.figures import UNDEFINED

SPACE = "\N{NO-BREAK SPACE}"


def money(amount: Decimal | float | None, currency: str = "") -> str:
    """An amount to the cent: `1,020.00 €`, in French `1 020,00 €`; a debt as `−5.00 €`."""
    if amount is None:
        return UNDEFINED
    cents = round(Decimal(amount), 2)
    size = str(number_format(abs(cents), 2, force_grouping=True))
    unit = f"{SPACE}{currency}" if currency else ""
    return f"{'−' if cents < 0 else ''}{size}{unit}"


def signed_money(amount: Decimal | float | None, currency: str = "") -> str:
    """A gain or a loss: `+20.00 €`, `−10.00 €`, `0.00 €`."""
    written = money(amount, currency)
    return f"+{written}" if amount is not None and round(Decimal(amount), 2) > 0 else written


def tone(amount: Decimal | float | None, decimals: int = 2) -> str:
    """The style of a gain or a loss; none where what is shown is neither."""
    shown = None if amount is None else round(float(amount), decimals)
    if not shown:
        return ""
    return "mp-good" if shown > 0 else "mp-bad"
