"""Pages of the admin that belong to no model; they stand before its own addresses."""

from django.contrib import admin
from django.urls import URLPattern, path

from betting.admin import analyses
from monps import settings_overview, system_health
from strategies.admin import compare


def admin_pages() -> list[URLPattern]:
    """Their addresses below `/admin/`; the names are the admin's."""
    return [
        path("analyses/", admin.site.admin_view(analyses.view), name="monps_analyses"),
        path("compare/", admin.site.admin_view(compare.view), name="strategies_compare"),
        path("system/", admin.site.admin_view(system_health.view), name="monps_system"),
        path("settings/", admin.site.admin_view(settings_overview.view), name="monps_settings"),
    ]
