"""What the theme does not tell screen readers: where the content begins, what pictures do."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
CONTENT = '<div id="content"'
THEMES = 'x-on:click="openTheme = !openTheme"'
MENU = 'x-on:click="sidebarMobileOpen = !sidebarMobileOpen"'


@register.filter
def with_landmarks(frame: SafeString) -> SafeString:
    """The theme's frame, its content marked as what a reader may jump to, its pictures named."""
    told = frame.replace(CONTENT, f'{CONTENT} role="main"', 1)
    for pressed, name in ((THEMES, _("Theme")), (MENU, _("Menu"))):
        told = told.replace(pressed, f'{pressed} aria-label="{escape(name)}"')
    return mark_safe(told)  # noqa: S308 - the frame is safe, and names are escaped
