"""One office on one machine: what `make run` starts. Demo sign-ins exist here and never in production."""

from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATA_DIR, env
from lms.settings.secrets import kept_secret

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CLOCK_MAY_BE_SET = True
DEMO_SIGN_INS = True
