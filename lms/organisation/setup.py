"""The first step of an installation: the organisation itself, its root unit, and whose rules it teaches by."""

from collections.abc import Callable, Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close, withdraw
from lms.core.errors import Refused
from lms.core.ports import Registry
from lms.core.spans import covers
from lms.organisation import units
from lms.organisation.models import JurisdictionAdoption, Organisation, OrgUnit
from lms.organisation.overlaps import refused_as
from lms.organisation.units import open_unit

# Rooms above say whose rules their content explains: each entry returns codes of jurisdictions.
jurisdictions_taught: Registry[Callable[[], set[str]]] = Registry("jurisdictions taught")


def taught() -> set[str]:
    """The jurisdictions that some content is about."""
    return set().union(*(codes() for _key, codes in jurisdictions_taught))


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


@transaction.atomic
def adopt_only(jurisdictions: Collection[str], *, from_day: date, by: Actor) -> list[str]:
    """From a day on, teach by exactly these rules. Harmless the second time. Refused without any."""
    if not jurisdictions:
        raise Refused(_("Choose at least one country."))
    Organisation.objects.select_for_update().first()
    for standing in JurisdictionAdoption.objects.overlapping(from_day, None).exclude(jurisdiction__in=jurisdictions):
        if standing.valid_from >= from_day:
            withdraw(standing, by=by, reason=_("Taken away"))
        elif standing.valid_until is None:
            give_up(standing, until=from_day, by=by)
    for jurisdiction in jurisdictions:
        adopt(jurisdiction, from_day=from_day, by=by)
    audit.record("jurisdictions adopted", Organisation.objects.get(), by=by, adopted=sorted(jurisdictions))
    return sorted(jurisdictions)


@transaction.atomic
def rename_organisation(name: str, *, short_name: str, code: str, from_day: date | None, by: Actor) -> Organisation:
    """Give the organisation another name from a day on, or without a day correct it for the past, too.

    The short name and the code are corrected. Harmless the second time. Refused for a code that another unit has,
    and for a day not later than the last change.
    """
    organisation = Organisation.objects.select_for_update().select_related("root").get()
    if OrgUnit.objects.filter(code=code).exclude(pk=organisation.root_id).exists():
        raise Refused(_("There is a unit with the code %(code)s already.") % {"code": code})
    if from_day is None:
        units.correct_name(organisation.root, name=name, by=by)
    elif name != organisation.name:
        units.rename(organisation.root, name=name, on=from_day, by=by)
    organisation.name, organisation.short_name = name, short_name
    organisation.save(update_fields=["name", "short_name"])
    OrgUnit.objects.filter(pk=organisation.root_id).update(code=code)
    audit.record("organisation named", organisation, by=by, name=name, short_name=short_name, code=code)
    return organisation
