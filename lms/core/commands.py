"""Base of the site's commands. Exit codes: 0 done, 1 refused (one line says why and what to do), 2 bad arguments."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from lms.core.errors import Refused


class StepCommand(BaseCommand):
    """A command that does a step: put the work into `step`. Called from code it lets `Refused` through."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.step(**options)
        except Refused as reason:
            if not self._called_from_command_line:  # type: ignore[attr-defined]
                raise
            self.stderr.write(" ".join(str(reason).split()))
            sys.exit(1)

    def step(self, **options: Any) -> None:
        """What the command does."""
        raise NotImplementedError
