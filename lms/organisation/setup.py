"""The first step of an installation: the organisation itself, its root unit, and whose rules it teaches by."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close
from lms.core.errors import Refused
from lms.core.spans import covers
from lms.organisation.models import JurisdictionAdoption, Organisation, OrgUnit
from lms.organisation.overlaps import refused_as
from lms.organisation.units import open_unit


@transaction.atomic
def make_organisation(
    name: str, *, short_name: str, code: str, since: date, loaded_on: date, by: Actor
) -> Organisation:
    """Make the one organisation of this installation, with its root unit, open `since` a day. Harmless when repeated.

    Raises Refused when there is another one already.
    """
    standing = Organisation.objects.select_related("root").first()
    if standing is not None and standing.root.code == code:
        return standing
    if standing is not None:
        raise Refused(_("This installation serves %(name)s already.") % {"name": standing.name})
    root = open_unit(code, kind=OrgUnit.Kind.ORGANISATION, name=name, parent=None, on=since, by=by)
    made = Organisation.objects.create(name=name, short_name=short_name, root=root, loaded_on=loaded_on)
    audit.record("organisation made", made, by=by)
    return made


@transaction.atomic
def adopt(jurisdiction: str, *, from_day: date, by: Actor) -> JurisdictionAdoption:
    """From a day on, teach by the rules of a jurisdiction. Harmless while it is adopted without an end."""
    standing = JurisdictionAdoption.objects.overlapping(from_day, None).filter(jurisdiction=jurisdiction).first()
    if standing is not None and covers((standing.valid_from, standing.valid_until), (from_day, None)):
        return standing
    if standing is not None:
        raise Refused(_("%(code)s is adopted on some of these days already.") % {"code": jurisdiction})
    with refused_as(_("This has just been adopted.")):
        return JurisdictionAdoption.objects.create(jurisdiction=jurisdiction, valid_from=from_day, **columns(by))


def give_up(adoption: JurisdictionAdoption, *, until: date, by: Actor, reason: str = "") -> JurisdictionAdoption:
    """Stop teaching by the rules of a jurisdiction: `until` is the first day without."""
    return close(adoption, until=until, by=by, reason=reason)


def adopted_on(day: date) -> list[str]:
    """The jurisdictions whose rules are taught on a day."""
    return sorted(JurisdictionAdoption.objects.on(day).values_list("jurisdiction", flat=True))
