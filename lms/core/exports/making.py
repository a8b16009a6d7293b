"""Exports: asked for, made by a worker, offered, expired.

The row is the outbox: a worker that dies in the middle stops giving signs of life, and the sweeper lets another one
begin again. Only the attempt that stands last may finish, so there is one file, and it is whole.
"""

import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lms.core import audit, clock
from lms.core.errors import Refused
from lms.core.exports.kinds import Row, Table, kinds
from lms.core.exports.writing import MOST_ROWS_OF_A_SHEET, writers
from lms.core.models import Export

logger = logging.getLogger(__name__)
_ROWS_A_BEAT = 1000
_TRIES = 3


class _Overtaken(Exception):
    """Another worker is at this export now."""


@transaction.atomic
def ask(
    kind: str, title: str, parameters: dict[str, Any], *, file_format: str, purpose: str, by: AbstractBaseUser
) -> Export:
    """Have a table written to a file. Raises PermissionDenied for who may not have it."""
    if not kinds[kind].may(by, parameters):
        raise PermissionDenied(_("Your role does not include this export."))
    export = Export.objects.create(
        kind=kind, title=title[:250], parameters=parameters, format=file_format, asked_by_id=by.pk, purpose=purpose
    )
    audit.record("export asked for", export, by=by, purpose=purpose, kind=kind, **parameters)
    transaction.on_commit(lambda: _send(export.pk))
    return export


def make(pk: int) -> None:
    """Make the file, unless it is made or another worker is at it."""
    export = _taken(pk)
    if export is None:
        return
    try:
        _make(export)
    except _Overtaken:
        logger.warning("Export %s is made by another worker.", pk)
    except Refused as why:
        _mine(export).update(failed_why=str(why)[:500])
    except Exception:
        if export.attempt >= _TRIES:
            _mine(export).update(failed_why=_("The file could not be made. Nothing was lost. Ask for it again."))
        raise


def name_of_file(export: Export) -> str:
    """Its name in private storage, different for each attempt."""
    return f"exports/{export.uuid}-{export.attempt}.{export.format}"


@shared_task(name="lms.core.make_export")
def make_export(pk: int) -> None:
    """Celery's task: make one file."""
    make(pk)


@shared_task(name="lms.core.sweep_exports")
def sweep_exports() -> None:
    """Beat's task: begin again what its worker left, and take away files whose time is over."""
    for pk in Export.objects.filter(_open()).order_by("pk").values_list("pk", flat=True):
        _send(pk)
    for export in Export.objects.filter(expires_at__lte=clock.now()).exclude(file=""):
        expire(export)


def expire(export: Export) -> None:
    """Take the file away; who asked for what stays. Harmless the second time."""
    Export.objects.filter(pk=export.pk).update(file="")
    for attempt in range(1, export.attempt + 1):
        # What an attempt left that was killed between writing and saying so goes, too.
        storages["private"].delete(f"exports/{export.uuid}-{attempt}.{export.format}")


def _make(export: Export) -> None:
    kind = kinds[export.kind]
    if not kind.may(export.asked_by, export.parameters):
        raise Refused(_("You may no longer have this export: your role has changed."))
    table = kind.table(export)
    if export.format == Export.Format.XLSX and table.to_do > MOST_ROWS_OF_A_SHEET:
        raise Refused(_("These are more rows than a workbook holds. Ask for it as CSV."))
    with tempfile.TemporaryFile() as file:
        writers[export.format](table.head, _counted(export, table), file)
        file.seek(0)
        name = storages["private"].save(name_of_file(export), File(file))
    now = clock.now()
    keeps = timedelta(days=settings.EXPORT_KEPT_DAYS)
    if not _mine(export).update(file=name, finished_at=now, expires_at=now + keeps, beat_at=now):
        storages["private"].delete(name)
        raise _Overtaken


def _counted(export: Export, table: Table) -> Iterator[Row]:
    _beat(export, 0, table.to_do)
    done = 0
    for done, row in enumerate(table.rows, start=1):
        if done % _ROWS_A_BEAT == 0:
            _beat(export, done, max(done, table.to_do))
        yield row
    _beat(export, done, done)


def _beat(export: Export, done: int, to_do: int) -> None:
    if not _mine(export).update(beat_at=clock.now(), done=done, to_do=to_do):
        raise _Overtaken


def _taken(pk: int) -> Export | None:
    changed = Export.objects.filter(_open(), pk=pk).update(attempt=F("attempt") + 1, beat_at=clock.now(), done=0)
    return Export.objects.select_related("asked_by").get(pk=pk) if changed else None


def _open() -> Q:
    silent = Q(beat_at__isnull=True) | Q(beat_at__lte=clock.now() - timedelta(seconds=settings.EXPORT_PATIENCE_SECONDS))
    return Q(finished_at__isnull=True, failed_why="") & silent


def _mine(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(pk=export.pk, attempt=export.attempt, finished_at__isnull=True)


def _send(pk: int) -> None:
    try:
        make_export.delay(pk)
    except (OperationalError, RedisError):
        logger.warning("Export %s waits: the broker does not answer.", pk)
