"""`export_curriculum PATH`: write all packs as files that load back to the same rows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.curriculum.exporting import export
from lms.core.errors import Refused


class Command(BaseCommand):
    """Write every pack into its own folder below PATH."""

    help = "Write the packs, with what was edited here, into a new or empty folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH."""
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and name the packs."""
        try:
            codes = export(options["path"])
        except Refused as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write("\n".join(codes) or "There is no pack to export.")
