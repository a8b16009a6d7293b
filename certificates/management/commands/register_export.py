"""register_export: the log as a file for auditors, its head in the first line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates import exporting, sequencing


class Command(BaseCommand):
    help = "Write the register log without its private parts, its head in the first line, as JSON lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        head = sequencing.take_head()
        try:
            with file.open("w", encoding="utf-8") as out:
                out.writelines(exporting.log_lines(head))
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"{head.size} entries, root {head.root_hash}")
