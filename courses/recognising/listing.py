"""Whose certificates are recognised, for which of our courses. After: asking."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course, Issuer, RecognisedTitle
from lms.core import audit, dated
from lms.core.actors import Actor, columns
from lms.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Listing:
    """What was agreed: an issuer's title stands for a course of ours. `until` is the first day no longer."""

    issuer: str
    country: str
    title: str
    course: Course
    from_day: date
    until: date | None
    agreed_by: str
    reason: str


@transaction.atomic
def put_on(listing: Listing, *, by: Actor) -> RecognisedTitle:
    """List it. Harmless the second time; Refused where the same title is listed on some of these days already."""
    if not listing.reason.strip():
        raise Refused(_("Say why certificates of this issuer are recognised."))
    if listing.until is not None and listing.until <= listing.from_day:
        raise Refused(_("The last day is before the first. Nothing was listed; mend the days."))
    issuer, _new = Issuer.objects.get_or_create(name=listing.issuer.strip(), country=listing.country.strip())
    Issuer.objects.select_for_update().get(pk=issuer.pk)
    said = {"issuer": issuer, "title": listing.title.strip(), "course": listing.course}
    standing = RecognisedTitle.objects.overlapping(listing.from_day, listing.until).filter(**said).first()
    if standing is not None:
        return _same(standing, listing)
    made = RecognisedTitle.objects.create(
        **said,
        valid_from=listing.from_day,
        valid_until=listing.until,
        agreed_by=listing.agreed_by,
        reason=listing.reason,
        **columns(by),
    )
    audit.record("issuer listed", made, by=by, course=listing.course.code, agreed_by=listing.agreed_by)
    return made


@transaction.atomic
def take_off(row: RecognisedTitle, *, on: date, reason: str, by: Actor) -> RecognisedTitle:
    """Recognise it no longer from `on`. What was recognised stays; what waits is refused. Harmless the second time."""
    if not reason.strip():
        raise Refused(_("Say why it is taken off the list."))
    row = RecognisedTitle.objects.select_for_update().get(pk=row.pk)
    if row.known_until is not None or (row.valid_until is not None and row.valid_until <= on):
        return row
    if on <= row.valid_from:
        ended = dated.withdraw(row, by=by, reason=reason)
    elif row.valid_until is None:
        ended = dated.close(row, until=on, by=by, reason=reason)
    else:
        ended = dated.supersede(row, by=by, reason=reason, valid_until=on)
    audit.record("issuer taken off the list", ended, by=by, reason=reason, on=on.isoformat())
    return ended


def _same(standing: RecognisedTitle, listing: Listing) -> RecognisedTitle:
    if (standing.valid_from, standing.valid_until) == (listing.from_day, listing.until):
        return standing
    raise Refused(
        _("This title is listed for this course already. Take that off the list first, or choose later days.")
    )
