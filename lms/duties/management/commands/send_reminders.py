"""The day's reminders, by hand."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from lms.core.commands import StepCommand
from lms.duties.reminding import daily


class Command(StepCommand):
    help = "Plan and send what is to be said to learners, supervisors and HR on a day. Harmless the second time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=_day, metavar="DATE", help="for this day; today if left out")
        parser.add_argument("--dry-run", action="store_true", help="count what would be planned, and send nothing")

    def step(self, **options: Any) -> None:
        """Run."""
        if options["dry_run"]:
            self.stdout.write(f"Would plan: {_words(daily.foreseen(options['on']))}.")
            return
        account = daily.run(options["on"])
        self.stdout.write(f"Planned: {_words(account.planned)}. Mails: {_words(account.sent)}.")


def _words(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {number}" for key, number in sorted(counted.items())) or "nothing"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-22") from None
