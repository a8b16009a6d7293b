"""Looks at somebody's record: who of one's own line, who asks for a purpose first, and what is written down."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.core import audit, clock
from lms.organisation.access import Capability, grants_of, user_of
from lms.organisation.lines import people_below, people_without_line
from lms.organisation.models import OrgUnit, Person, Role, UnitAncestry, User
from lms.organisation.models.people import PersonQuerySet

_KEPT = "purposes of looks"


class PurposeForm(forms.Form):
    """Why somebody looks at a record outside their own line."""

    purpose = forms.CharField(
        label=_("Why do you need to see it?"),
        max_length=500,
        help_text=_("Kept with your name and today's date, for the person and for auditors."),
    )


def own_line(user: User) -> PersonQuerySet:
    """Those who report to `user` today; where no line exists, those whom a supervisor's grant entrusts to them."""
    today = clock.today()
    grants = grants_of(user, Capability.SEE_STATUS).filter(role=Role.SUPERVISOR)
    below = UnitAncestry.objects.on(today).filter(ancestor__in=grants.values("unit")).values("unit")
    entrusted = people_without_line(OrgUnit.objects.filter(pk__in=below), today)
    team = Person.objects.filter(pk__in=entrusted)
    if user.person is not None:
        team = team | Person.objects.filter(pk__in=people_below(user.person, today))
    return team.exclude(pk=user.person_id) if user.person_id else team


def must_be_asked(request: HttpRequest, person: Person, key: str) -> bool:
    """Whether this look needs a purpose that was not given yet in this sitting."""
    user = user_of(request)
    if person.pk == user.person_id or own_line(user).filter(pk=person.pk).exists():
        return False
    return not given(request, key)


def given(request: HttpRequest, key: str) -> str:
    """The purpose given today for this key; empty if none was."""
    kept: dict[str, list[str]] = request.session.get(_KEPT, {})
    day, purpose = kept.get(key, ["", ""])
    return purpose if day == clock.today().isoformat() else ""


def keep(request: HttpRequest, key: str, purpose: str) -> None:
    """Remember a purpose for the rest of the sitting, today."""
    request.session[_KEPT] = request.session.get(_KEPT, {}) | {key: [clock.today().isoformat(), purpose]}


def record_look(request: HttpRequest, action: str, person: Person, key: str) -> None:
    """Write down that somebody looked, and why where that was asked. Looking at oneself is nobody's business."""
    user = user_of(request)
    if person.pk != user.person_id:
        audit.record(action, person, by=user, purpose=given(request, key))
