"""Spans and levels from nothing."""

from typing import Any

from django.core.management.base import CommandParser

from lms.core.commands import StepCommand
from lms.core.errors import Refused
from lms.duties import rebuilding


class Command(StepCommand):
    help = "Make the stored spans and levels of coverage anew from the facts, or check that they follow them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; end with 1 if something differs")

    def step(self, **options: Any) -> None:
        """Rebuild, or check."""
        if not options["check"]:
            self.stdout.write(f"{rebuilding.rebuild()} spans made.")
            return
        found = rebuilding.differences()
        if found.any:
            raise Refused(
                f"{found.spans} spans and {found.levels} levels differ from the facts."
                " Run manage.py rebuild_coverage, and report it: this should not happen."
            )
        self.stdout.write("Everything stored follows the facts.")
