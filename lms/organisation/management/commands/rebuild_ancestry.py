"""`manage.py rebuild_ancestry [--check]`"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from lms.core.commands import StepCommand
from lms.core.errors import Refused
from lms.organisation import ancestry


class Command(StepCommand):
    """Makes the projection anew from the placements, or says whether it would differ."""

    help = "Make the table of who stood above whom anew from the placements of units."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; refused when rows differ")

    def step(self, **options: Any) -> None:
        """Check or rebuild."""
        if options["check"]:
            extra, missing = ancestry.differences()
            if extra or missing:
                counts = {"extra": len(extra), "missing": len(missing)}
                raise Refused(_("%(extra)d rows too many, %(missing)d missing. Run rebuild_ancestry.") % counts)
        changed = 0 if options["check"] else ancestry.rebuild()
        self.stdout.write(_("The ancestry follows the placements; %(rows)d rows were changed.") % {"rows": changed})
