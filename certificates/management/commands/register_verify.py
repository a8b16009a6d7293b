"""register_verify: work the whole register log out again."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.verifying import Head, verify


class Command(BaseCommand):
    help = "Work the register log out again: entries, commitments, root. Names the first wrong entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", type=Path, metavar="FILE", help="a head that has left the house, as JSON")

    def handle(self, *args: Any, head: Path | None, **options: Any) -> None:
        verdict = verify(outside_head(head) if head else None)
        if not verdict.is_sound:
            raise CommandError(" ".join(verdict.problems), returncode=1)
        self.stdout.write(f"The register is in order: {verdict.head.size} entries, root {verdict.head.root}")


def outside_head(file: Path) -> Head:
    """The head in a file: its first line, with `size` and `root`, as register_export writes it."""
    try:
        said = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
        return Head(int(said["size"]), bytes.fromhex(said["root"]).hex())
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CommandError(
            f"{file} holds no head: its first line must be JSON with size and root.", returncode=2
        ) from error
