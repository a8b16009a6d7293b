"""`load_curriculum [PATH] [--replace] [--report-only]`: load content packs, publish what changed, report on them.

The report has a line `file:line: words` for each place to read again. It refuses nothing.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.curriculum.loading import load
from courses.curriculum.reading import read
from courses.quality.reporting import OWN_PACKS, report
from lms.core.errors import Refused


class Command(BaseCommand):
    """Load the packs at PATH, by default the house's own."""

    help = "Load content packs: all or nothing. The same files again change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH and what to do with it."""
        parser.add_argument("path", nargs="?", type=Path, help="A pack or a folder of packs.")
        parser.add_argument("--replace", action="store_true", help="Write over what was edited on this site since.")
        parser.add_argument("--report-only", action="store_true", help="Load nothing: only say what to read again.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, say what changed, and what to read again."""
        path = options["path"] or OWN_PACKS
        if options["report_only"]:
            self._report(path, refusal=_refusal(path))
            return
        try:
            loaded = load(path, replace=options["replace"])
        except Refused as error:
            raise CommandError(f"{error}\nNothing was loaded.", returncode=1) from error
        self.stdout.write("\n".join(loaded.lines) or "Nothing has changed.")
        self._report(path)

    def _report(self, path: Path, refusal: str = "") -> None:
        if refusal:
            self.stdout.write(f"This would be refused:\n{refusal}\n")
        found = report(path)
        self.stdout.write(f"To read again: {len(found)}" if found else "The content report finds nothing.")
        for problem in found:
            self.stdout.write(str(problem))


def _refusal(path: Path) -> str:
    """What is wrong with the files by themselves; whether they fit this site, only loading knows."""
    try:
        read(path)
    except Refused as error:
        return str(error)
    return ""
