"""`load_curriculum [PATH] [--replace]`: load content packs and publish what changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.curriculum.loading import load
from lms.core.errors import Refused


class Command(BaseCommand):
    """Load the packs at PATH, by default the house's own."""

    help = "Load content packs: all or nothing. The same files again change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH and --replace."""
        parser.add_argument("path", nargs="?", type=Path, help="A pack or a folder of packs.")
        parser.add_argument("--replace", action="store_true", help="Write over what was edited on this site since.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        try:
            report = load(options["path"], replace=options["replace"])
        except Refused as error:
            raise CommandError(f"{error}\nNothing was loaded.", returncode=1) from error
        self.stdout.write("\n".join(report.lines) or "Nothing has changed.")
