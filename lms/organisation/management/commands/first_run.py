"""`manage.py first_run [--if-open]`"""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse

from lms.core.commands import StepCommand
from lms.organisation import first_run


class Command(StepCommand):
    """Each call prints a new token where one is needed; the one before opens nothing any more."""

    help = "Say how to set up an empty installation, with the one-time token that this needs in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-open", action="store_true", help="say nothing where it is set up already")

    def step(self, **options: Any) -> None:
        """Refused, or silent, when somebody has begun."""
        if options["if_open"] and not first_run.is_open():
            return
        address = f"{settings.BASE_URL}{reverse('first_run')}"
        token = first_run.new_token()
        self.stdout.write(f"This site is empty. Set it up at {address}")
        if settings.FIRST_RUN_NEEDS_TOKEN:
            hours = settings.FIRST_RUN_TOKEN_HOURS
            self.stdout.write(f"Set-up token, good once and for {hours} hours: {token}")
