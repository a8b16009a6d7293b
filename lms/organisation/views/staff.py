"""The staff pages: find people, see their posts and sign-in, and hand out one-time codes."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.core import audit, clock
from lms.organisation import access, cards, staff
from lms.organisation.access import Capability, needs, user_of
from lms.organisation.codes import issue_all
from lms.organisation.forms import OfficeForm, StaffSearchForm
from lms.organisation.lines import managers_of
from lms.organisation.logins import open_logins
from lms.organisation.models import OneTimeCode, OrgUnit, Person, PostHolding, StaffNumber, User
from lms.organisation.models.people import PersonQuerySet

_PAGE = 25


@needs(Capability.ISSUE_CODES)
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """People whom one looks after, by name or number, in a unit."""
    user = user_of(request)
    form = StaffSearchForm(request.GET, units=access.units_for(user, Capability.ISSUE_CODES))
    people = access.people_for(user, Capability.ISSUE_CODES).by_name()
    page = Paginator(_found(people, form), _PAGE).get_page(request.GET.get("page"))
    rows = staff.rows(list(page.object_list), clock.today())
    query = request.GET.copy()
    query.pop("page", None)
    may_feed = Capability.MANAGE_STAFF in access.remembered_capabilities(user)
    context = {"form": form, "page": page, "rows": rows, "query": query.urlencode(), "may_feed": may_feed}
    return render(request, "organisation/staff_list.html", context)


@needs(Capability.ISSUE_CODES)
@require_safe
def staff_person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person: posts, numbers, managers, sign-in. The look is recorded."""
    user, today = user_of(request), clock.today()
    person = access.person_for(user, uuid, Capability.ISSUE_CODES)
    audit.record("staff page seen", person, by=user)
    context = {
        "person": person,
        "row": staff.rows([person], today)[0],
        "history": staff.history(person, today),
        "numbers": StaffNumber.objects.held().filter(person=person).select_related("employer"),
        "managers": managers_of(person, today).by_name(),
        "codes": OneTimeCode.objects.filter(user__person=person).select_related("by_user").order_by("-issued_at")[:10],
        "may_decide_entry": access.people_for(user, Capability.DECIDE_ENTRY).filter(pk=person.pk).exists(),
        "may_record_leave": access.people_for(user, Capability.RECORD_LEAVE).filter(pk=person.pk).exists(),
        "may_grant": Capability.GRANT_ROLES in access.remembered_capabilities(user),
        "may_issue": access.code_takers(user).filter(pk=person.pk).exists(),
    }
    return render(request, "organisation/staff_person.html", context)


@needs(Capability.ISSUE_CODES)
@never_cache
@require_POST
def staff_code(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Issue one person's code and show it, this once, ready to print."""
    user = user_of(request)
    person = access.person_for(user, uuid, Capability.ISSUE_CODES)
    if not access.code_takers(user).filter(pk=person.pk).exists():
        raise PermissionDenied(_("A code for this person is issued by an administrator, and never by themselves."))
    return _slips(request, [person])


@needs(Capability.ISSUE_CODES)
@never_cache
def staff_codes(request: HttpRequest) -> HttpResponse:
    """Issue and print the codes of an office, for all who need one."""
    user = user_of(request)
    units = access.units_for(user, Capability.ISSUE_CODES)
    form = OfficeForm(request.POST if request.method == "POST" else request.GET or None, units=units)
    people = _who_need_codes(user, form.cleaned_data["unit"]) if form.is_valid() else []
    if request.method == "POST" and people:
        return _slips(request, people)
    return render(request, "organisation/staff_codes.html", {"form": form, "people": people})


def _found(people: PersonQuerySet, form: StaffSearchForm) -> PersonQuerySet:
    if not form.is_valid():
        return people.none()
    found, unit, today = people, form.cleaned_data["unit"], clock.today()
    if form.cleaned_data["q"]:
        found = found.matching(form.cleaned_data["q"], today)
    if unit is not None:
        found = found.filter(pk__in=PostHolding.objects.on(today).in_subtree(unit, today).values("person"))
    return found


def _who_need_codes(user: User, unit: OrgUnit) -> list[Person]:
    today = clock.today()
    held = PostHolding.objects.on(today).filter(post__unit=unit).values("person")
    people = list(access.code_takers(user).filter(pk__in=held).by_name())
    states = staff.states_of(people)
    return [person for person in people if states[person.pk].needs_code]


def _slips(request: HttpRequest, people: list[Person]) -> HttpResponse:
    user = user_of(request)
    made = issue_all(open_logins(people, by=user), by=user)
    shown = cards.cards(staff.rows(people, clock.today()), made)
    return render(request, "organisation/code_slips.html", {"cards": shown})
