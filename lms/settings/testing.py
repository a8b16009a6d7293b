"""What tests need to be quick, and nothing else."""

from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATABASES, env

SECRET_KEY = "only for tests: signs nothing that leaves this machine"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
CLOCK_MAY_BE_SET = True
FIRST_RUN_NEEDS_TOKEN = False
DEMO_SIGN_INS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from their folders: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Journeys that need a real worker start one and switch this off for themselves.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ACCOUNT_RATE_LIMITS = False
if env.str("TEST_DATABASE_URL", default=""):
    DATABASES["default"] = env.db_url("TEST_DATABASE_URL")
