"""The people behind the figures of a unit: who has not yet what they must have, or whoever else was counted."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.core import audit
from lms.duties import coverage, gap_list
from lms.duties.forms import GapForm
from lms.duties.gap_list import Wanted
from lms.duties.views.looking import Look, look
from lms.organisation import purposes
from lms.organisation.access import Capability, may_in, needs, remembered_capabilities, user_of

_PAGE = 50
_LAST_PAGE = 10_000
_KEY = "people behind figures"
_HEADINGS = ("name", "staff_number", "unit", "post", "target", "state", "due_on")


@needs(Capability.SEE_STATUS)
@require_http_methods(["GET", "HEAD", "POST"])
def coverage_people(request: HttpRequest) -> HttpResponse:
    """Fifty people at a time whom the reader may know by name. Outside their own line it asks for a purpose first."""
    asked = look(request, GapForm)
    if asked is None:
        return render(request, "duties/coverage_empty.html")
    user, purpose = user_of(request), purposes.PurposeForm(request.POST or None)
    if purpose.is_valid():
        purposes.keep(request, _KEY, purpose.cleaned_data["purpose"])
        return redirect(request.get_full_path())
    known, wanted = _wanted(asked, remembered_capabilities(user))
    waiting = coverage.ready(asked.day)
    number = _page_number(request)
    found = gap_list.entries(wanted, user, (number - 1) * _PAGE, number * _PAGE + 1)
    given = purposes.given(request, _KEY)
    if not given and gap_list.strangers(found, user):
        return render(request, "duties/purpose.html", {"form": purpose, "look": asked})
    if given:
        audit.record("people behind figures seen", asked.unit, by=user, purpose=purposes.given(request, _KEY),
                     on=asked.day.isoformat(), state=wanted.state, page=number)  # fmt: skip
    context = {
        "look": asked,
        "form": asked.form,
        "waiting": waiting,
        "lines": gap_list.lines(found[:_PAGE], wanted, known.book, known.targets),
        "number": number,
        "has_next": len(found) > _PAGE,
        "may_export": Capability.EXPORT in remembered_capabilities(user),
        "record_page": _record_page(remembered_capabilities(user)),
        "is_gap": wanted.state == gap_list.GAP,
    }
    return render(request, "duties/coverage_people.html", context)


@needs(Capability.EXPORT)
@require_safe
def coverage_people_file(request: HttpRequest) -> HttpResponseBase:
    """All of them as a file, written while it is read. That it was taken is recorded, with its purpose."""
    asked, user = look(request, GapForm), user_of(request)
    if asked is None or not may_in(user, Capability.EXPORT, asked.unit):
        raise PermissionDenied(_("You may not take lists of this unit's people out of here."))
    if not purposes.given(request, _KEY):
        return render(request, "duties/purpose.html", {"form": purposes.PurposeForm(), "look": asked})
    known, wanted = _wanted(asked, remembered_capabilities(user))
    coverage.ready(asked.day)
    audit.record("people behind figures exported", asked.unit, by=user, purpose=purposes.given(request, _KEY),
                 on=asked.day.isoformat(), state=wanted.state)  # fmt: skip
    chunks = gap_list.people(wanted, user)
    found = (gap_list.lines(some, wanted, known.book, known.targets) for some in chunks)
    response = StreamingHttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    name = f"people-{asked.unit.code}-{asked.day.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wanted(asked: Look, may: frozenset[Capability]) -> tuple[coverage.Asked, Wanted]:
    known = coverage.asked_on(asked.day)
    labels = known.labels if Capability.SEE_RECORD in may else gap_list.integrity_only(known.labels)
    names = {known.targets[target]: name for target, name in labels.items()}
    form = asked.form
    wanted = Wanted(asked.unit, asked.day, names)
    if isinstance(form, GapForm):
        form.offer(names.values())
        if form.is_valid():
            chosen = {number: name for number, name in names.items() if asked.target in {"", name}}
            category = form.cleaned_data["category"]
            wanted = replace(
                wanted,
                targets=chosen,
                state=form.cleaned_data["state"] or gap_list.GAP,
                category=category.pk if category else None,
            )
    return known, wanted


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


def _record_page(capabilities: frozenset[Capability]) -> str:
    """Where a person's own page is, for whoever may open it."""
    if Capability.SEE_RECORD in capabilities:
        return "team_person"
    return "integrity_person" if Capability.ASSIGN_INTEGRITY in capabilities else ""


def _csv(found: Iterator[list[gap_list.Line]]) -> Iterator[str]:
    yield _line(_HEADINGS)
    for some in found:
        for line in some:
            due = line.due_on.isoformat() if line.due_on else ""
            yield _line((str(line.person), line.number, line.unit_name, str(line.post), line.target, line.state, due))


def _line(values: tuple[str, ...]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
