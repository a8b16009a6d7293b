"""What every place shares. Values come from the environment and fail loudly when they make no sense."""

from pathlib import Path

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lms.settings.policy import *  # noqa: F403  (policy numbers are settings)

# Lets generic forms and views carry their model in annotations at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = False
SECRET_KEY = ""
ALLOWED_HOSTS: list[str] = []

# Where people reach the site; printed on certificates and in mails.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_SITE_NAME = "Frontline"

INSTALLED_APPS = [
    "lms.demo",
    "lms.dashboards",
    "certificates",
    "assessments",
    "lms.duties",
    "courses",
    "lms.organisation",
    "lms.core",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are small on a bad line; Django pads them against attacks that guess from a length (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "lms.core.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.organisation.middleware.require_own_password",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.core.middleware.ErrorsForUsers",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "lms.organisation.context_processors.organisation",
            ],
            "builtins": ["lms.core.templatetags.frontline"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

_database_url = env.str("DATABASE_URL", default="").strip() or f"sqlite:///{DATA_DIR / 'frontline.sqlite3'}"
DATABASES = {"default": env.db_url_config(_database_url)}
if "ENGINE" not in DATABASES["default"]:
    raise ImproperlyConfigured("DATABASE_URL makes no sense: write postgres://USER:PASSWORD@HOST:PORT/NAME.")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A receipt is sent after the commit, so a commit must be on the disk: synchronous=FULL.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or "redis://127.0.0.1:6379/0"
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        # A cache that is down makes pages slower and never breaks them: sessions are in the database too.
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# What a lost broker gives out again must not run twice at once.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page does not wait for a broker that is down: the outbox holds the job.
CELERY_TASK_PUBLISH_RETRY = False
# A killed worker's task comes back soon; the limit must exceed the longest task, and every task is harmless twice.
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    # One more try to connect and then no more: without this a page waits six seconds for a broker that is down.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TIMEZONE = "UTC"
# What beat starts; each room's README names its own. A task is harmless when it runs twice.
CELERY_BEAT_SCHEDULE = {
    "resend what the outbox still holds": {
        "task": "lms.core.sweep_outbox",
        "schedule": env.float("OUTBOX_SWEEP_SECONDS", default=10.0),
    },
    "make exports that a worker left, and take old ones away": {"task": "lms.core.sweep_exports", "schedule": 60.0},
    "hand in papers whose time is over": {"task": "assessments.submit_overdue", "schedule": 30.0},
    "number what the register log still lacks": {"task": "certificates.number_entries", "schedule": 5.0},
    "note the register log's head": {"task": "certificates.take_head", "schedule": crontab(hour=0, minute=5)},
    "award what is missing": {"task": "certificates.award_missing", "schedule": crontab(hour=1, minute=10)},
    "work off whose duties changed": {"task": "lms.duties.work_off_marks", "schedule": 30.0},
    "keep coverage up to the month": {"task": "lms.duties.nightly", "schedule": crontab(hour=0, minute=10)},
    "close months and quarters that are over": {
        "task": "lms.duties.close_ended_periods",
        "schedule": crontab(hour=2, minute=20),
    },
    "make the next sessions of every series": {"task": "courses.make_sessions", "schedule": crontab(hour=0, minute=40)},
    "remind": {"task": "lms.duties.remind", "schedule": 600.0},
    "file and send the reports that are due": {"task": "lms.duties.carry_out_plans", "schedule": 3600.0},
    "let the editors' groups follow their roles": {"task": "lms.organisation.sync_groups", "schedule": 3600.0},
}
# The sweeper takes up jobs that nobody finished within so many seconds.
OUTBOX_PATIENCE_SECONDS = env.int("OUTBOX_PATIENCE_SECONDS", default=20)
# An export whose worker gave no sign of life for so many seconds begins again.
EXPORT_PATIENCE_SECONDS = env.int("EXPORT_PATIENCE_SECONDS", default=120)

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["lms.organisation.sign_in.StaffNumberOrEmailBackend"]
PASSWORD_HASHERS = ["lms.organisation.hashers.TunedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

ACCOUNT_ADAPTER = "lms.organisation.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# A typed address that is nobody's gets no mail: strangers must not be written to from here.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"login": "lms.organisation.sign_in.SignInForm"}
# By login (key) tight, so that nobody guesses; by address wide, because a whole building signs in through one.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "one_time_code": "60/m/ip,5/5m/key",
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# What lessons can show. No SVG, which may carry scripts; types are told by content when a lesson is published.
WAGTAILIMAGES_EXTENSIONS = ["png", "jpg", "jpeg", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = LESSON_PICTURE_MEGABYTES * 1024 * 1024  # noqa: F405  (policy numbers)
WAGTAILDOCS_EXTENSIONS = ["mp4", "webm", "vtt"]
WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Files for one person, behind a gate: no address leads here. All web and worker processes must share it.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "private"), "file_permissions_mode": 0o600},
    },
}
WHITENOISE_MAX_AGE = 60 * 60

# Uploads and fields: generous for people, closed to mischief.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
# Wagtail's admin writes styles and scripts inline and cannot live under the policy above.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="frontline@localhost")

# The first run makes an administrator of whoever comes: a token from this machine is asked for, unless only this
# machine can reach the site.
FIRST_RUN_NEEDS_TOKEN = True

# Only places where people try things out may move the clock (lms.core.clock).
CLOCK_MAY_BE_SET = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Its warnings print the fragment of the document they are about, and with it the learner's name.
        "xhtml2pdf": {"level": "ERROR"},
    },
}
