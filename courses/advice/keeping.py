"""Keeping it: notes written and approved, routes and the adviser's hours, by the integrity unit."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import (
    AdviceApproval,
    AdviceNote,
    AdviceVersion,
    AdviserContact,
    Instrument,
    ReportingRoute,
    Topic,
)
from lms.core import audit, clock
from lms.core.actors import Actor, MachineRule, columns
from lms.core.dated import close, supersede, withdraw
from lms.core.errors import Refused
from lms.organisation.access import Capability, may_in
from lms.organisation.models import Organisation, StaffNumber, User


@dataclass(frozen=True, slots=True)
class Words:
    """What a version of a note says."""

    title: str
    body: str
    jurisdiction: str
    as_at: date
    review_due: date
    instrument: Instrument | None = None


@dataclass(frozen=True, slots=True)
class RouteWords:
    """What is said of a reporting route."""

    name: str
    purpose: str
    how: str
    jurisdiction: str
    as_at: date
    review_due: date
    instrument: Instrument | None = None


def may(user: Actor, *capabilities: Capability) -> bool:
    """Whether `user` holds one of these for the whole organisation, since notes and routes are everybody's."""
    if isinstance(user, MachineRule):
        return True
    organisation = Organisation.objects.select_related("root").first()
    root = organisation.root if organisation else None
    return root is not None and isinstance(user, User) and any(may_in(user, one, root) for one in capabilities)


@transaction.atomic
def write(topic: Topic, words: Words, *, by: Actor, note: AdviceNote | None = None) -> AdviceVersion:
    """Write a note, or its next version. Nobody sees it before somebody else approves it.

    Raises Refused where the text names a staff number: notes are shared, and are about nobody.
    """
    _check_may(by, Capability.ADVISE)
    numbers = staff_numbers_in(f"{words.title} {words.body}")
    if numbers:
        raise Refused(
            _("This holds a staff number (%(numbers)s). Notes are shared with everybody and name nobody.")
            % {"numbers": ", ".join(numbers)}
        )
    note = AdviceNote.objects.select_for_update().get(pk=note.pk) if note else AdviceNote.objects.create(topic=topic)
    last = note.versions.order_by("-number").first()
    if last is not None and all(getattr(last, name) == getattr(words, name) for name in asdict(words)):
        return last
    number = last.number + 1 if last else 1
    fields = {name: getattr(words, name) for name in Words.__slots__}
    made = AdviceVersion.objects.create(note=note, number=number, **fields, **columns(by))
    audit.record("advice note written", note, by=by, version=number)
    return made


@transaction.atomic
def approve(version: AdviceVersion, *, by: Actor) -> AdviceApproval:
    """Put a version before everybody. Harmless the second time; never by somebody who wrote any of the note."""
    AdviceNote.objects.select_for_update().get(pk=version.note_id)
    standing = AdviceApproval.objects.filter(version=version).first()
    if standing is not None:
        return standing
    if AdviceVersion.objects.filter(note=version.note_id, number__gt=version.number).exists():
        raise Refused(_("A newer version was written meanwhile. Read that one."))
    if version.by == by:
        raise Refused(_("You wrote this note, so somebody else approves it."))
    _check_may(by, Capability.APPROVE_INTEGRITY)
    made = AdviceApproval.objects.create(version=version, **columns(by))
    audit.record("advice note approved", version.note, by=by, version=version.number)
    return made


@transaction.atomic
def keep_route(words: RouteWords, *, by: Actor, route: ReportingRoute | None = None) -> ReportingRoute:
    """Show a reporting route from today on, or say something else of one that stands."""
    _check_may(by, Capability.ADVISE, Capability.SET_UP)
    fields: dict[str, Any] = {name: getattr(words, name) for name in RouteWords.__slots__}
    if route is None:
        made = ReportingRoute.objects.create(valid_from=clock.today(), **fields, **columns(by))
    else:
        made = supersede(route, by=by, reason="kept up to date", **fields)
    audit.record("reporting route kept", made, by=by)
    return made


@transaction.atomic
def end_route(route: ReportingRoute, *, by: Actor) -> None:
    """Show it no longer. Harmless the second time."""
    _check_may(by, Capability.ADVISE, Capability.SET_UP)
    if route.valid_until is None and route.known_until is None:
        _end(route, by)
        audit.record("reporting route ended", route, by=by)


@transaction.atomic
def set_contact(days: str, room: str, phone: str, *, by: Actor) -> AdviserContact:
    """Say from today on when and where the adviser is to be found."""
    _check_may(by, Capability.ADVISE, Capability.SET_UP)
    for standing in AdviserContact.objects.held().filter(valid_until__isnull=True):
        _end(standing, by)
    made = AdviserContact.objects.create(days=days, room=room, phone=phone, valid_from=clock.today(), **columns(by))
    audit.record("ethics adviser's hours set", made, by=by)
    return made


def staff_numbers_in(text: str) -> list[str]:
    """Words of a text that are, or were, somebody's staff number."""
    words = set(re.findall(r"\w+", text)) | set(re.findall(r"[\w./-]*\w", text))
    found = StaffNumber.objects.held().filter(number__in=words).values_list("number", flat=True)
    return sorted(set(found))


def _end(row: ReportingRoute | AdviserContact, by: Actor) -> None:
    if row.valid_from >= clock.today():
        withdraw(row, by=by, reason="changed on the day")
    else:
        close(row, until=clock.today(), by=by)


def _check_may(by: Actor, *capabilities: Capability) -> None:
    if not may(by, *capabilities):
        raise PermissionDenied(_("Your role does not include this for the whole organisation."))
