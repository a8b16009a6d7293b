"""Bringing a certificate of a listed issuer. Before: listing. After: deciding."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from courses.media import kinds
from courses.models import Issuer, RecognisedTitle, RecognitionRequest
from courses.results import holds_until
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Paper:
    """What a certificate says, and a scan or picture of it."""

    number: str
    awarded_on: date
    good_until: date | None
    file: BinaryIO
    size: int


@transaction.atomic
def ask(person: Person, listing: RecognisedTitle, paper: Paper, *, by: Actor) -> RecognitionRequest:
    """Bring a certificate, to be decided on. Harmless the second time while it waits.

    Raises Refused where it is no longer good, its issuer is off the list, or its number was brought before.
    """
    # Two who bring one number come one after the other.
    Issuer.objects.select_for_update().get(pk=listing.issuer_id)
    key = key_of(paper.number)
    same = RecognitionRequest.objects.in_the_way().filter(listing__issuer=listing.issuer_id, number_key=key)
    standing = same.filter(person=person, listing=listing, awarded_on=paper.awarded_on).awaiting().first()
    if standing is not None:
        return standing
    refuse_unless_good(listing, paper.awarded_on, paper.good_until)
    if same.exists():
        raise Refused(_("A certificate of this issuer with this number was brought before. Check the number."))
    made = _kept(person, listing, paper, key, by)
    audit.record("certificate brought for recognition", person, by=by, listing=str(listing), number=paper.number)
    return made


def refuse_unless_good(listing: RecognisedTitle, awarded_on: date, good_until: date | None) -> None:
    """Raise Refused where such a certificate could not be recognised today."""
    today = clock.today()
    row = RecognisedTitle.objects.on(today).filter(pk=listing.pk).select_related("course").first()
    if row is None:
        raise Refused(_("%(listing)s is not on the list today, so it cannot be recognised.") % {"listing": listing})
    if awarded_on > today:
        raise Refused(_("The day on which it was awarded is still to come. Check the day."))
    if good_until is not None and good_until < awarded_on:
        raise Refused(_("It would have run out before it was awarded. Check the days."))
    version = row.course.versions.all().in_force_on(awarded_on)
    if version is None:
        raise Refused(_("Our course has not been published yet, so nothing can be recognised for it."))
    last = holds_until(version, awarded_on, good_until)
    if last is not None and last < today:
        raise Refused(_ran_out(last, by_ours=last != good_until))


def key_of(number: str) -> str:
    """A number as it is compared: letters and digits alone. Raises Refused where there are none."""
    key = "".join(letter for letter in number.upper() if letter.isalnum())
    if not key:
        raise Refused(_("The number of the certificate has no letter and no digit."))
    return key


def _ran_out(last: date, *, by_ours: bool) -> str:
    if by_ours:
        return _(
            "It was awarded too long ago: our course holds for a limited time, and that ended on %(day)s. "
            "The course has to be taken."
        ) % {"day": day_in_words(last)}
    return _("This certificate ran out on %(day)s. Bring one that is still good.") % {"day": day_in_words(last)}


def _kept(person: Person, listing: RecognisedTitle, paper: Paper, key: str, by: Actor) -> RecognitionRequest:
    paper.file.seek(0)
    content_type = kinds.type_of(kinds.PAPER, paper.file, paper.size)
    paper.file.seek(0)
    content = paper.file.read()
    # A name of our own: what people call their files may say more than it should.
    name = f"{uuid.uuid4()}.{kinds.EXTENSIONS[content_type][0]}"
    return RecognitionRequest.objects.create(
        person=person,
        listing=listing,
        number=paper.number.strip(),
        number_key=key,
        awarded_on=paper.awarded_on,
        good_until=paper.good_until,
        file=ContentFile(content, name=name),
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        **columns(by),
    )
