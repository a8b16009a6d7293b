"""The nightly making of sessions, by hand."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from courses.sessions import nightly
from lms.core.commands import StepCommand


class Command(StepCommand):
    help = "Make the next sessions of every series that comes again. Harmless the second time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=_day, metavar="DATE", help="as if it were this day; today if left out")

    def step(self, **options: Any) -> None:
        """Run."""
        made = nightly.run(options["on"])
        self.stdout.write(f"Sessions made: {len(made)}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-22") from None
