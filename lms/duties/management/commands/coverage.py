"""Figures for scripts and for auditors: the same as on the coverage page."""

import json
from argparse import ArgumentTypeError
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from courses.models import Course, Document
from lms.core import clock
from lms.core.commands import StepCommand
from lms.core.errors import Refused
from lms.duties import coverage_csv
from lms.duties.coverage import coverage
from lms.organisation.models import Organisation, OrgUnit


class Command(StepCommand):
    help = "Print how many of those who must know a course do: one row for each target."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--unit", metavar="CODE", help="a unit with all below it; the whole organisation if left out"
        )
        parser.add_argument("--target", metavar="CODE", help="only what this course satisfies, or this document")
        parser.add_argument("--on", type=_day, metavar="DATE", help="as at this day (2026-11-22); today if left out")
        parser.add_argument(
            "--known-at", type=_moment, metavar="TIME", help="by what was known then (2026-11-22T09:00)"
        )
        parser.add_argument("--format", choices=["json", "csv"], default="csv")

    def step(self, **options: Any) -> None:
        """Print the rows."""
        rows = coverage(
            _unit(options["unit"]),
            options["on"] or clock.today(),
            known_at=options["known_at"],
            target=_target(options["target"]),
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps([row._asdict() for row in rows], indent=2, default=_number))
        else:
            text = StringIO()
            coverage_csv.write(rows, text)
            self.stdout.write(text.getvalue(), ending="")


def _number(value: Decimal) -> float:
    return float(value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-22") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time such as 2026-11-22T09:00") from None
    return moment if moment.tzinfo else timezone.make_aware(moment, timezone.get_default_timezone())


def _unit(code: str | None) -> OrgUnit:
    if code is None:
        organisation = Organisation.objects.select_related("root").first()
        if organisation is None:
            raise Refused("There is no organisation yet. Load one first (manage.py load_demo, or the first-run page).")
        return organisation.root
    unit = OrgUnit.objects.filter(code=code).first()
    if unit is None:
        raise Refused(f"There is no unit with the code {code}. The staff page lists units with their codes.")
    return unit


def _target(code: str | None) -> Course | Document | None:
    if code is None:
        return None
    found = Course.objects.filter(code=code).first() or Document.objects.filter(code=code).first()
    if found is None:
        raise Refused(
            f"There is no course and no document with the code {code}. The catalogue and the library list them."
        )
    return found
