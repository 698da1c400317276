"""What the theme's frame does not tell screen readers: where the page's own content begins."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
CONTENT = '<div id="content"'


@register.filter
def with_main(frame: SafeString) -> SafeString:
    """The theme's frame, its content marked as what a reader may jump to."""
    return mark_safe(frame.replace(CONTENT, f'{CONTENT} role="main"', 1))  # noqa: S308 - is safe
