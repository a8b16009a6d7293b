"""The integrity unit's own page: who stands where with integrity courses. Never results per criterion, never answers."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lms.core import clock
from lms.dashboards import courses_offered, statuses_of
from lms.dashboards.courses_offered import Named
from lms.dashboards.forms import PickForm
from lms.duties.counting import share
from lms.organisation import purposes
from lms.organisation.access import Capability, needs, people_for, person_for, user_of
from lms.organisation.models import Person
from lms.organisation.models.people import PersonQuerySet

_PAGE = 25
_KEY = "integrity"


@needs(Capability.ASSIGN_INTEGRITY)
@require_safe
def integrity(request: HttpRequest) -> HttpResponse:
    """Integrity courses across one's units: figures, then people with their status alone."""
    today = clock.today()
    people = people_for(user_of(request), Capability.ASSIGN_INTEGRITY)
    named = courses_offered.by_id()
    found = _integrity_lines(people, named)
    form = PickForm(request.GET, courses=(line.course for line in found))
    chosen = form.cleaned_data if form.is_valid() else {}
    picked = statuses_of.picked(found, state=chosen.get("state", ""), course=chosen.get("course", ""))
    if chosen.get("q"):
        matching = set(people.matching(chosen["q"], today).values_list("pk", flat=True))
        picked = [line for line in picked if line.person.pk in matching]
    courses = sorted({line.course for line in found})
    context = {
        "form": form,
        "page": Paginator(picked, _PAGE).get_page(request.GET.get("page")),
        "courses": [(course, _figures(statuses_of.picked(found, course=course))) for course in courses],
    }
    return render(request, "dashboards/integrity.html", context)


@needs(Capability.ASSIGN_INTEGRITY)
@require_http_methods(["GET", "HEAD", "POST"])
def integrity_person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's status with integrity courses. The look is recorded with the purpose given in this sitting."""
    person = person_for(user_of(request), uuid, Capability.ASSIGN_INTEGRITY)
    form = purposes.PurposeForm(request.POST or None)
    if form.is_valid():
        purposes.keep(request, _KEY, form.cleaned_data["purpose"])
        return redirect("integrity_person", uuid=uuid)
    if purposes.must_be_asked(request, person, _KEY):
        return render(request, "dashboards/purpose.html", {"form": form, "person": person})
    purposes.record_look(request, "integrity status seen", person, _KEY)
    found = _integrity_lines(Person.objects.filter(pk=person.pk), courses_offered.by_id())
    return render(request, "dashboards/integrity_person.html", {"person": person, "lines": found})


def _integrity_lines(people: PersonQuerySet, named: dict[int, Named]) -> list[statuses_of.Line]:
    found = statuses_of.lines(people, named, clock.today())
    return [
        line
        for line in found
        if line.duty is not None and line.duty.courses and _is_integrity(line.duty.courses, named)
    ]


def _is_integrity(courses: frozenset[int], named: dict[int, Named]) -> bool:
    return all(course in named and named[course].is_integrity for course in courses)


def _figures(found: list[statuses_of.Line]) -> dict[str, object]:
    figures = statuses_of.figures(found)
    required = figures["in_date"] + figures["not_yet_due"] + figures["overdue"]
    return {**figures, "required": required, "percent": share(figures["in_date"], required)}
