"""Taking the register out of the house: what an outsider needs to work out the root, and no private part."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.utils.translation import gettext as _

from certificates import states
from certificates.models import Certificate, CertificateQuerySet, RegisterEntry, TreeHead

_CHUNK = 2_000


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


class _Writer(Protocol):
    def writerow(self, row: Iterable[object], /) -> Any: ...


def log_lines(head: TreeHead) -> Iterator[str]:
    """The log up to a head as JSON lines: the head first, then each entry with its public part. Flat memory.

    `leaf` is the text that is hashed; the public part opens its commitment by the salt. The private one stays here.
    """
    yield _line({"size": head.size, "root": head.root_hash, "at": head.at.isoformat()})
    rows = RegisterEntry.objects.filter(position__lt=head.size).order_by("position")
    columns = ("position", "leaf_input", "leaf_hash", "public_part", "public_salt")
    for position, leaf, leaf_hash, public, salt in rows.values_list(*columns).iterator(chunk_size=_CHUNK):
        yield _line(
            {
                "position": position,
                "leaf": bytes(leaf).decode(),
                "hash": bytes(leaf_hash).hex(),
                "public": bytes(public).decode(),
                "salt": bytes(salt).hex(),
            }
        )


def register_rows(certificates: CertificateQuerySet) -> Iterator[str]:
    """Certificates as lines of CSV that a spreadsheet opens without running anything. Flat memory."""
    writer: _Writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(_headings())
    for certificate in certificates.with_facts().iterator(chunk_size=_CHUNK):
        yield writer.writerow([harmless(cell) for cell in _cells(certificate)])


def harmless(cell: object) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _headings() -> list[str]:
    return [
        _("Number"),
        _("Name"),
        _("Staff number"),
        _("Employer"),
        _("Unit at award"),
        _("Post category"),
        _("Course"),
        _("Version"),
        _("Kind"),
        _("Achieved on"),
        _("Issued on"),
        _("Valid until"),
        _("State"),
    ]


def _cells(certificate: Certificate) -> list[object]:
    personal, course = certificate.personal, certificate.frozen_text.content["course"]
    return [
        certificate.number,
        personal["name"],
        personal["staff_number"],
        personal["employer"],
        personal["unit"],
        personal["post_category"],
        course["code"],
        course["version"],
        certificate.get_kind_display(),
        certificate.competent_on,
        certificate.issued_on,
        certificate.holds_until,
        states.of(certificate).label,
    ]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
