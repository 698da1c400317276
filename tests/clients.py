"""What tests read from pages."""

import re
from html import unescape


def parts_of(page: str) -> list[str]:
    """The addresses of the parts that a page loads when it is there."""
    return [unescape(one) for one in re.findall(r'hx-get="([^"]+)" hx-trigger="load"', page)]
