"""Pages of the admin that belong to no model; they stand before its own addresses."""

from typing import Final

from django.contrib import admin
from django.urls import URLPattern, path

from betting.admin import analyses
from monps import settings_overview, system_health
from strategies.admin import compare

PAGES: Final = (
    ("analyses/", analyses.view, "monps_analyses"),
    ("analyses/groups/", analyses.groups_view, "monps_analyses_groups"),
    ("analyses/missed/", analyses.missed_view, "monps_analyses_missed"),
    ("analyses/margins/", analyses.margins_view, "monps_analyses_margins"),
    ("compare/", compare.view, "strategies_compare"),
    ("system/", system_health.view, "monps_system"),
    ("settings/", settings_overview.view, "monps_settings"),
)


def admin_pages() -> list[URLPattern]:
    """Their addresses below `/admin/`; the names are the admin's."""
    return [path(address, admin.site.admin_view(view), name=name) for address, view, name in PAGES]
