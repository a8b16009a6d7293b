"""Exemptions as pages: those of one's units, those of a person, a new one, and ending one early."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import Course
from lms.core import clock
from lms.core.words import day_in_words
from lms.duties import exempting
from lms.duties.exceptions import deciders
from lms.duties.exceptions.forms import EndExemptionForm, ExemptionForm
from lms.duties.exceptions.views.more_time import done
from lms.duties.models import Exemption
from lms.organisation.access import Capability, holders_over, needs, people_for, user_of
from lms.organisation.models import Person, User

_PAGE = 25
_deciding = needs(Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)


@_deciding
@require_safe
def exemptions(request: HttpRequest) -> HttpResponse:
    """Exemptions that stand or are to come, of those about whom one decides; the next to end first."""
    found = _seen(user_of(request)).filter(_not_over()).order_by("valid_until", "review_on", "pk")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return render(request, "duties/exceptions/exemptions.html", {"page": page})


@_deciding
def exemptions_of(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's exemptions, past ones too, and a new one."""
    user = user_of(request)
    person = get_object_or_404(deciders.in_reach(user), uuid=uuid)
    form = ExemptionForm(
        request.POST or None,
        courses=_courses(user, person),
        approvers=_approvers(person),
        initial={"from_day": clock.today(), "approver": user.username},
    )
    if form.is_valid() and done(form, lambda: exempting.exempt(person, **form.terms, by=user)):
        messages.success(request, _("%(person)s is exempt.") % {"person": person})
        return redirect("exemptions_of", uuid=uuid)
    found = _seen(user).filter(person=person).order_by("-valid_from", "-pk")
    context = {"form": form, "person": person, "exemptions": found, "today": clock.today()}
    return render(request, "duties/exceptions/exemptions_of.html", context)


@_deciding
def exemption_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an exemption early."""
    user = user_of(request)
    exemption = Exemption.objects.held().select_related("person", "course", "approver").filter(uuid=uuid).first()
    if exemption is None or not deciders.in_reach(user).filter(pk=exemption.person_id).exists():
        raise Http404
    if exemption.course not in _courses(user, exemption.person):
        raise PermissionDenied(_("The integrity unit decides on integrity courses only."))
    form = EndExemptionForm(request.POST or None, initial={"until": clock.today()})
    if form.is_valid() and done(form, lambda: exempting.end(exemption, **form.cleaned_data, by=user)):
        messages.success(request, _("The exemption is ended."))
        return redirect("exemptions_of", uuid=exemption.person.uuid)
    context = {
        "form": form,
        "heading": _("End the exemption of %(person)s") % {"person": exemption.person},
        "told": _("%(course)s: exempt from %(day)s. %(reason)s")
        % {"course": exemption.course, "day": day_in_words(exemption.valid_from), "reason": exemption.reason},
        "button": _("End it"),
    }
    return render(request, "duties/exceptions/form.html", context)


def _not_over() -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gt=clock.today())


def _seen(user: User) -> QuerySet[Exemption]:
    """Exemptions on which the user decides."""
    of_all = Q(person__in=people_for(user, Capability.ASSIGN_ANY))
    of_integrity = Q(person__in=people_for(user, Capability.ASSIGN_INTEGRITY), course__is_integrity=True)
    rows = Exemption.objects.held().filter(of_all | of_integrity)
    return rows.select_related("person", "course", "approver__person")


def _courses(user: User, person: Person) -> QuerySet[Course]:
    if people_for(user, Capability.ASSIGN_ANY).filter(pk=person.pk).exists():
        return Course.objects.all()
    return Course.objects.filter(is_integrity=True)


def _approvers(person: Person) -> QuerySet[User]:
    """Whoever may decide on the person's courses, never the person."""
    return holders_over(person, Capability.ASSIGN_ANY) | holders_over(person, Capability.ASSIGN_INTEGRITY)
