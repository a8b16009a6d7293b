"""The nightly run, by hand."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from lms.core.commands import StepCommand
from lms.duties import nightly


class Command(StepCommand):
    help = "Work off what changed and keep the levels of coverage up to a day. Harmless the second time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=_day, metavar="DATE", help="up to this day's month; today if left out")

    def step(self, **options: Any) -> None:
        """Run."""
        done, months = nightly.run(options["on"])
        self.stdout.write(f"Worked off: {done}. New months: {months}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-22") from None
