"""Somebody's long leave: what is on record, what it does to what they must do, a new one, and coming back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lms.core import clock
from lms.organisation import leaves
from lms.organisation.access import Capability, needs, person_for, user_of
from lms.organisation.models import Leave
from lms.organisation.views.organisation import done

_recording = needs(Capability.RECORD_LEAVE)


class LeaveForm(forms.Form):
    """From when until when, and the kind."""

    from_day = forms.DateField(label=_lazy("First day of the leave"))
    last_day = forms.DateField(
        label=_lazy("Last day of the leave"), required=False, help_text=_lazy("Leave it empty while nobody knows.")
    )
    reason = forms.ChoiceField(
        label=_lazy("Kind of leave"),
        choices=leaves.LeaveReason.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("Never a medical detail."),
    )

    @property
    def terms(self) -> dict[str, Any]:
        """As the step takes them: the end is the first day back."""
        data = dict(self.cleaned_data)
        last = data.pop("last_day")
        return data | {"until": last + timedelta(days=1) if last else None}


class BackForm(forms.Form):
    """When somebody is back."""

    until = forms.DateField(label=_lazy("First day back at work"))


@_recording
def staff_leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's long leave, and recording another."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.RECORD_LEAVE)
    form = LeaveForm(request.POST or None, initial={"from_day": clock.today()})
    if form.is_valid() and done(form, lambda: leaves.record_leave(person, **form.terms, by=user)):
        messages.success(request, _("The leave of %(person)s is on record.") % {"person": person})
        return redirect("staff_leave", uuid=uuid)
    rows = Leave.objects.held().filter(person=person).order_by("-valid_from", "-pk")
    context = {
        "form": form,
        "person": person,
        "leaves": [(leave, leaves.reason_in_words(leave)) for leave in rows],
        "effects": [told for _key, entry in leaves.effects for told in entry.on(person, clock.today())],
        "today": clock.today(),
    }
    return render(request, "organisation/staff_leave.html", context)


@_recording
def staff_leave_end(request: HttpRequest, uuid: UUID, leave: int) -> HttpResponse:
    """The person is back."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.RECORD_LEAVE)
    found = Leave.objects.held().filter(person=person, pk=leave).first()
    if found is None:
        raise Http404
    form = BackForm(request.POST or None, initial={"until": clock.today()})
    if form.is_valid() and done(form, lambda: leaves.end_leave(found, **form.cleaned_data, by=user)):
        messages.success(request, _("%(person)s is back.") % {"person": person})
        return redirect("staff_leave", uuid=uuid)
    return render(request, "organisation/staff_leave_end.html", {"form": form, "person": person, "leave": found})
