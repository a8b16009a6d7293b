"""More time for a duty: ask, decide, take back."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.duties.exceptions import deciders, extending, telling, why
from lms.duties.exceptions.forms import DecisionForm, MoreTimeForm, TakeBackForm
from lms.duties.models import Extension, ExtensionRequest
from lms.duties.targets import Target
from lms.organisation.access import Capability, people_for, signed_in, user_of
from lms.organisation.models import Person, User


@signed_in
def more_time(request: HttpRequest, uuid: UUID, target: str) -> HttpResponse:
    """Ask for more time, for oneself or for somebody one leads or sees to."""
    user = user_of(request)
    person = _askable(user, uuid)
    obligation = why.target_of(person, target, clock.today())
    standing = obligation.standing(clock.today()) if obligation else None
    if obligation is None or standing is None:
        raise Http404
    form = MoreTimeForm(request.POST or None)
    wanted = obligation.target
    if form.is_valid() and done(form, lambda: extending.ask(person, wanted, **form.cleaned_data, by=user)):
        messages.success(request, _("More time is asked for. You will read the decision on this page."))
        return redirect("why", uuid=uuid, target=target)
    context = {
        "form": form,
        "person": person,
        "name": why.name_of(wanted),
        "slug": target,
        "headline": telling.headline(standing),
        "is_own": person.pk == user.person_id,
    }
    return render(request, "duties/exceptions/more_time.html", context)


@signed_in
def more_time_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give more time, perhaps until another day, or decline."""
    user = user_of(request)
    asked = get_object_or_404(ExtensionRequest.objects.select_related("person", "target", "by_user__person"), uuid=uuid)
    _check_decider(user, asked.person, asked.target.target)
    form = DecisionForm(request.POST or None, initial={"until": asked.wanted_until})
    if form.is_valid() and done(form, lambda: _decided(asked, form, user, declines="decline" in request.POST)):
        messages.success(request, _("The decision on more time is kept, and the person can read it."))
        return redirect("exceptions")
    obligation = why.target_of(asked.person, asked.target.target.slug, clock.today())
    standing = obligation.standing(clock.today()) if obligation else None
    context = {
        "form": form,
        "asked": asked,
        "name": why.name_of(asked.target.target),
        "slug": asked.target.target.slug,
        "headline": telling.headline(standing) if standing else "",
        "is_decided": hasattr(asked, "decision"),
    }
    return render(request, "duties/exceptions/more_time_decide.html", context)


@signed_in
def more_time_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back time that was given."""
    user = user_of(request)
    given = get_object_or_404(Extension.objects.held().select_related("person", "target"), uuid=uuid)
    _check_decider(user, given.person, given.target.target)
    form = TakeBackForm(request.POST or None)
    if form.is_valid() and done(form, lambda: extending.take_back(given, **form.cleaned_data, by=user)):
        messages.success(request, _("The time is taken back from today on."))
        return redirect("exceptions")
    context = {
        "form": form,
        "heading": _("Take back the time given to %(person)s") % {"person": given.person},
        "told": _("%(name)s: time until %(day)s.")
        % {"name": why.name_of(given.target.target), "day": day_in_words(given.due_until)},
        "button": _("Take it back"),
    }
    return render(request, "duties/exceptions/form.html", context)


def done(form: forms.Form, step: Callable[[], object]) -> bool:
    """Take the step; where it is refused the form says why."""
    try:
        step()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _decided(asked: ExtensionRequest, form: DecisionForm, user: User, *, declines: bool) -> object:
    data = form.cleaned_data
    if declines:
        return extending.decline(asked, reason=data["reason"], by=user)
    return extending.grant(asked, until=data["until"], reason=data["reason"], by=user)


def _askable(user: User, uuid: UUID) -> Person:
    """The person, if the user may ask for them. 404 for a stranger, 403 for whoever may only see the person."""
    person = get_object_or_404(Person, uuid=uuid)
    if deciders.may_ask(user, person):
        return person
    if people_for(user, Capability.SEE_STATUS).filter(pk=person.pk).exists():
        raise PermissionDenied(_("Their supervisor or HR asks for more time."))
    raise Http404


def _check_decider(user: User, person: Person, target: Target) -> None:
    """404 for whoever may not see the person, 403 for whoever may not decide."""
    if deciders.may_decide(user, person, target, requirements=extending.requirements_of(person, target)):
        return
    if person.pk == user.person_id:
        raise PermissionDenied(_("Nobody decides for themselves. Ask somebody else."))
    if people_for(user, Capability.SEE_STATUS).filter(pk=person.pk).exists():
        raise PermissionDenied(_("Your role does not let you decide on this."))
    raise Http404
