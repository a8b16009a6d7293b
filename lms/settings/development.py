"""One office on one machine: what `make run` starts. Demo sign-ins exist here and never in production."""

from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATA_DIR, env
from lms.settings.secrets import kept_secret

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")
_THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_THIS_MACHINE)
FIRST_RUN_NEEDS_TOKEN = not set(ALLOWED_HOSTS) <= set(_THIS_MACHINE)
CLOCK_MAY_BE_SET = True
DEMO_SIGN_INS = True
