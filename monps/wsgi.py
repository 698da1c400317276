"""The WSGI entry point that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monps.settings")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every page's module now, not at the first request
# What is there by now stays: to look through it for garbage took a tenth of a second of some
# request again and again.
gc.collect()
gc.freeze()
