"""Closing by hand, and checking what was filed."""

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.commands import StepCommand
from lms.core.errors import Refused
from lms.duties.models import ClosedPeriod
from lms.duties.periods import closing, reading, spells
from lms.duties.periods.spells import Spell


class Command(StepCommand):
    help = "Close a month or quarter: its figures are filed and stay as filed. Or check all that was filed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", nargs="?", type=_spell, help="2026-10, or 2026-Q3 of the financial year")
        parser.add_argument("--check", action="store_true", help="compare everything filed with its digest")

    def step(self, **options: Any) -> None:
        """Close, or check."""
        if options["check"]:
            self._check()
        elif options["period"] is not None:
            period = closing.close(options["period"], by=MachineRule("close_period command"))
            self.stdout.write(f"{period} is closed: {period.rows} rows, digest {period.digest}.")
        else:
            waiting = " ".join(
                one.written(settings.FINANCIAL_YEAR_STARTS_IN) for one in closing.to_close(clock.today())
            )
            self.stdout.write(f"Not closed: {waiting or 'none'}.")

    def _check(self) -> None:
        periods = list(ClosedPeriod.objects.order_by("last_day", "kind"))
        changed = [period for period in periods if not reading.is_as_filed(period)]
        if changed:
            names = ", ".join(str(period) for period in changed)
            raise Refused(f"No longer as filed: {names}. Somebody changed rows by hand: compare with a backup.")
        self.stdout.write(f"{len(periods)} closed, all as filed.")


def _spell(text: str) -> Spell:
    try:
        return spells.read(text, settings.FINANCIAL_YEAR_STARTS_IN)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
