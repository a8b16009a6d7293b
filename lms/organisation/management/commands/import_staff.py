"""`manage.py import_staff FILE.csv [--apply]`"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.commands import StepCommand
from lms.core.errors import Refused
from lms.organisation.feed import account, applying, delivering, jobs
from lms.organisation.feed.columns import FIELDS
from lms.organisation.feed.delivering import Reading
from lms.organisation.feed.records import DAY_FORMS
from lms.organisation.feed.tables import ENCODINGS
from lms.organisation.models import Employer, Feed, FeedDifference

BY = MachineRule("import_staff")
_SHOWN = 40


class Command(StepCommand):
    """Reads a staff feed and says what it would change; with --apply it changes it, up to the threshold."""

    help = "Compare a CSV or XLSX file of staff, posts or units with the records; with --apply, let it in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--apply", action="store_true", help="let the differences in; otherwise nothing changes")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--whole", action="store_true", help="it names everybody: who is missing has left (default)")
        kind.add_argument("--part", action="store_true", help="it names changes only: nobody leaves by being missing")
        parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="from when rows without a day hold (today)")
        parser.add_argument("--employer", help="code of the employer, where the file has no column for it")
        parser.add_argument("--days", choices=list(DAY_FORMS), help="how days are written in the file")
        parser.add_argument("--encoding", choices=ENCODINGS, help="how the file is written, if it is guessed wrongly")
        parser.add_argument(
            "--column", action="append", default=[], type=_column, metavar="FIELD=HEADING", dest="told",
            help="which heading is which field, once or more: " + ", ".join(FIELDS),
        )  # fmt: skip
        parser.add_argument("--account", type=Path, metavar="OUT.csv", help="write the row-by-row account there")

    def step(self, **options: Any) -> None:
        """Read, compare, say; perhaps apply."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path}, returncode=2)
        with path.open("rb") as file:
            feed = _compared(path, file, options)
        if options["account"]:
            options["account"].write_text("".join(account.csv_lines(feed)), encoding="utf-8", newline="")
        self._say(feed)
        if options["apply"]:
            self._apply(feed)
        else:
            self.stdout.write(_("Nothing was changed. Add --apply to let this in."))

    def _apply(self, feed: Feed) -> None:
        try:
            applying.start(feed, by=BY)
        except Refused as why:
            page = reverse("feed", kwargs={"uuid": feed.uuid})
            raise Refused(_("%(why)s Page: %(page)s") % {"why": why, "page": page}) from why
        feed = applying.apply_all(feed)
        done = FeedDifference.objects.filter(feed=feed, is_applied=True).count()
        self.stdout.write(_("Applied: %(count)d differences.") % {"count": done})

    def _say(self, feed: Feed) -> None:
        self.stdout.write(_("%(rows)d rows, %(same)d people unchanged.") % {"rows": feed.rows, "same": feed.unchanged})
        for one in account.figures(feed):
            self.stdout.write(f"{one.count:>8}  {one.about.label}: {one.change.label}")
        rows = FeedDifference.objects.filter(feed=feed).order_by("line", "pk")
        for row in rows[:_SHOWN]:
            where = _("line %(line)d") % {"line": row.line} if row.line else _("missing")
            told = " → ".join(word for word in account.before_and_after(row) if word)
            self.stdout.write(
                f"{where}: {row.subject} {row.label}: {row.get_change_display()} {told} {row.why}".rstrip()
            )
        if rows.count() > _SHOWN:
            self.stdout.write(_("… and %(more)d more; --account FILE writes all.") % {"more": rows.count() - _SHOWN})


def _compared(path: Path, file: BinaryIO, options: dict[str, Any]) -> Feed:
    employer = _employer(options["employer"])
    feed = delivering.open_feed(
        path.name, day=options["day"] or clock.today(), is_whole=not options["part"], employer=employer, by=BY
    )
    try:
        sample = delivering.sample_of(file, options["encoding"] or "")
        guess = delivering.suggested(sample)
        feed.head, feed.digest, feed.size = sample.head, _digest(file), path.stat().st_size
        feed.save()
        reading = Reading(
            {**guess.columns, **dict(options["told"])}, options["days"] or guess.day_form, sample.encoding
        )
        feed = delivering.set_columns(feed, reading)
    except Refused:
        # Nothing was read, so nothing is kept.
        feed.delete()
        raise
    jobs.read_and_compare(feed, file)
    if feed.stopped_why:
        raise Refused(feed.stopped_why)
    return feed


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for piece in delivering.pieces_of(file):
        digest.update(piece)
    return digest.hexdigest()


def _employer(code: str | None) -> Employer | None:
    if not code:
        return None
    employer = Employer.objects.filter(code__iexact=code).first()
    if employer is None:
        known = ", ".join(Employer.objects.values_list("code", flat=True))
        raise Refused(_("There is no employer %(code)s. There are: %(known)s.") % {"code": code, "known": known})
    return employer


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _column(text: str) -> tuple[str, str]:
    field, _equals, heading = text.partition("=")
    if field not in FIELDS or not heading:
        raise ValueError(text)
    return field, heading
