"""A real site with one more job."""

from lms.settings.development import *  # noqa: F403
from lms.settings.development import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.ops.slow_job.apps.SlowJobConfig"]
