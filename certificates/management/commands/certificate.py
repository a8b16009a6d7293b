"""certificate: what a certificate is worth today, and its file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates import numbers, pdf, states
from certificates.models import Certificate


class Command(BaseCommand):
    help = "Say what a certificate is worth today; with --pdf also write its file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument("--pdf", type=Path, metavar="FILE")

    def handle(self, *args: Any, number: str, **options: Any) -> None:
        certificate = _found(number)
        if options["pdf"]:
            _write(certificate, options["pdf"])
        state, until = states.of(certificate), states.last_good_day(certificate)
        course = certificate.text["course"]
        self.stdout.write(f"{certificate.number}: {state.value}")
        self.stdout.write(f"{certificate.holder}, {course['code']} version {course['version']}")
        self.stdout.write(f"issued {certificate.issued_on}, valid until {until or 'no end'}")


def _found(typed: str) -> Certificate:
    number = numbers.normalise(typed)
    if number is None:
        raise CommandError(f"{typed} is no certificate number: its check character does not fit.", returncode=2)
    certificate = Certificate.objects.with_facts().filter(number=number).first()
    if certificate is None:
        raise CommandError(f"There is no certificate {number}.", returncode=1)
    return certificate


def _write(certificate: Certificate, file: Path) -> None:
    if not states.may_be_downloaded(states.of(certificate)):
        raise CommandError("It has no file: it is being issued, or was revoked.", returncode=1)
    try:
        file.write_bytes(pdf.render(certificate))
    except pdf.CannotRender as error:
        raise CommandError(str(error), returncode=1) from error
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.", returncode=2) from error
