"""Settings of every process; the environment is read in this file only.

Safe for production by default; `make run` and the tests change them by environment variables.
`.env.example` lists every variable, and a test holds the two together.
"""

from pathlib import Path

import environ
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
env = environ.Env()

# Core
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
ROOT_URLCONF = "monps.urls"
WSGI_APPLICATION = "monps.wsgi.application"
APPEND_SLASH = False  # every path is served with and without it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",  # before django.contrib.admin, whose templates it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_celery_beat",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "odds",
    "betting",
    "strategies",
    "backups",
    "alerts",
    "monps",  # last: its admin re-registers what the others registered
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",  # first: it times all the others
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "monps.request_log.RequestLogMiddleware",  # after the static files, before everything else
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "alerts.metrics.http.CountRequestsMiddleware",  # last: it times the views
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: one connection per thread, kept for a minute; no pool (it cost more than it gave).
# The engine is Django's own, with its connections and statements counted for /metrics.
DATABASES = {
    "default": env.db_url("DATABASE_URL", engine="django_prometheus.db.backends.postgresql")
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds
DATABASES["default"]["OPTIONS"]["options"] = (
    "-c statement_timeout=60s"
    " -c random_page_cost=1.1"  # the default is of spinning disks and shuns index-only scans
)
if POSTGRES_PASSWORD := env.str("POSTGRES_PASSWORD", default=""):
    DATABASES["default"]["PASSWORD"] = POSTGRES_PASSWORD

# Sign-in
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("admin:login")
ADMIN_USER = env.str("MONPS_ADMIN_USER", default="admin")
ADMIN_PASSWORD = env.str("MONPS_ADMIN_PASSWORD", default="")
API_TOKEN = env.str("MONPS_API_TOKEN", default="")
API_PUBLIC_READ = env.bool("API_PUBLIC_READ", default=False)

# HTTPS; a health check or a scraper inside the same host speaks plain HTTP.
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/?$", r"^metrics", r"^alerts/webhook/?$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

# Language and time: UTC inside, the user's zone in pages
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
USE_TZ = True

# Static files are served where they lie: no collecting step, one way everywhere.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "monps.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["monps.authentication.IsAuthenticatedOrPublicRead"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "monps.api.answer_error",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MON_PS API",
    "DESCRIPTION": "Odds, fair prices and opportunities of one sports bettor.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "BetStatusEnum": "betting.api.bet_bodies.STATUSES",
        "BetResultEnum": "betting.api.bet_bodies.RESULTS",
        "ManualBetResultEnum": "betting.api.bet_bodies.MANUAL_RESULTS",
        "PlannedCallKindEnum": "odds.models.PlannedCall.Kind",
        "TierEnum": "strategies.api.performance.TIERS",
    },
    "PREPROCESSING_HOOKS": ["monps.api.keep_canonical_paths"],
}

# Celery: what happened is a row, not a result; a lost message costs one tick.
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).split("?")[0]
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # seconds; far above any task
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_keepalive": not REDIS_URL.startswith("unix://"),
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 1000  # tasks per connection; a new one for each task costs half the speed
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_SOFT_TIME_LIMIT = 270  # seconds
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_ROUTES = {
    "strategies.tasks.run_backtest": {"queue": "long"},
    "strategies.tasks.run_proof": {"queue": "long"},
    "strategies.tasks.run_analyses": {"queue": "long"},
    "monps.nightly.run_night": {"queue": "long"},
    "backups.tasks.*": {"queue": "long"},
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Schedules live here; the admin may only switch them on and off. A tick that waits longer than
# its period expires, so a stalled worker wakes to one and not to a stampede.
CELERY_BEAT_SCHEDULE = {
    "collect-due-sports": {
        "task": "monps.pipeline.collect_due_sports",
        "schedule": 20,  # seconds; the gate decides whether a sport is due
        "options": {"expire_seconds": 18},
    },
    "refresh-kickoffs": {  # free; once a day, and often around a kick-off
        "task": "monps.pipeline.refresh_kickoffs",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "run-planned-calls": {  # those of the planner, where it is on
        "task": "monps.pipeline.run_planned_calls",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "detect-opportunities": {
        "task": "monps.pipeline.detect_opportunities",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "predict": {
        "task": "monps.pipeline.predict",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "grade-closing-lines": {
        "task": "monps.pipeline.grade_closing_lines",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "fetch-results": {
        "task": "monps.pipeline.fetch_results",
        "schedule": 60,  # asks nobody unless something waits for a result
        "options": {"expire_seconds": 55},
    },
    "rank-strategies": {
        "task": "monps.pipeline.rank_strategies",
        "schedule": 300,
        "options": {"expire_seconds": 290},
    },
    "run-queued-jobs": {  # what a lost message or a killed worker left waiting
        "task": "strategies.tasks.run_queued_jobs",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "run-night": {  # once a UTC day, as soon as it has begun; it goes on where it stopped
        "task": "monps.nightly.run_night",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "prune-payloads": {
        "task": "monps.pipeline.prune_payloads",
        "schedule": 6 * 3600,
        "options": {"expire_seconds": 3600},
    },
    "back-up": {  # once a night; the tick asks whether one is due
        "task": "backups.tasks.back_up",
        "schedule": 600,
        "options": {"expire_seconds": 590},
    },
    "test-restore": {  # once a week, likewise
        "task": "backups.tasks.test_newest",
        "schedule": 600,
        "options": {"expire_seconds": 590},
    },
    "watch": {  # push or evaluate alerts, send the mails that wait
        "task": "alerts.tasks.tick",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "write-alert-rules": {  # a changed threshold reaches Prometheus; without a folder nothing
        "task": "alerts.tasks.write_rules",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "give-sign-of-life": {
        "task": "alerts.metrics.tasks.give_sign_of_life",
        "schedule": 60,
        "options": {"expire_seconds": 55},
    },
    "fold-counters": {  # or reading the metrics would cost more with every month
        "task": "alerts.metrics.tasks.fold_counters",
        "schedule": 3600,
        "options": {"expire_seconds": 3000},
    },
    "refresh-sports": {
        "task": "monps.pipeline.refresh_sports",
        "schedule": 24 * 3600,
        "options": {"expire_seconds": 3600},
    },
}

# The Odds API; SIMULATED says on every page that the market is not real.
ODDS_API_KEY = env.str("ODDS_API_KEY", default="")
ODDS_API_BASE_URL = env.str("ODDS_API_BASE_URL", default="https://api.the-odds-api.com")
SIMULATED = env.bool("SIMULATED", default=False)

# The language model that proposes improvements; without a key statistics do.
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="https://api.openai.com/v1")
OPENAI_TIMEOUT_SECONDS = 60

# Results and closing odds of past seasons, free.
FOOTBALL_DATA_BASE_URL = env.str(
    "FOOTBALL_DATA_BASE_URL", default="https://www.football-data.co.uk"
)

# Backups: one a night, into this folder; empty: none.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")

# Alerts: mails, and Alertmanager where there is one.
PUBLIC_URL = env.str("PUBLIC_URL", default="")
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True) and EMAIL_PORT != 465
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or EMAIL_HOST_USER
EMAIL_TO = env.list("EMAIL_TO", default=[])
ALERTMANAGER_URL = env.str("ALERTMANAGER_URL", default="")
ALERTS_WEBHOOK_SECRET = env.str("ALERTS_WEBHOOK_SECRET", default="")
ALERT_RULES_FOLDER = env.str("ALERT_RULES_FOLDER", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # urllib3 writes whole addresses, and The Odds API takes its key there.
        "urllib3": {"level": "ERROR"},
    },
}

UNFOLD = {
    "SITE_TITLE": "MON_PS",
    "SITE_HEADER": "MON_PS",
    "SITE_SYMBOL": "trending_up",
    "SITE_URL": None,  # the admin is the site
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "monps.admin.favicon"},
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "monps.admin.market_label",
    "DASHBOARD_CALLBACK": "monps.admin.add_overview",
    "STYLES": ["monps.admin.stylesheet"],
    "SCRIPTS": ["monps.admin.access_script"],
    "SIDEBAR": {"navigation": "monps.navigation.sidebar"},
    "TABS": "monps.navigation.tabs",
}
