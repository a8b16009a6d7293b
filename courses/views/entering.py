"""The desk of whoever decides on entry to courses: nominations, evidence, waivers, and who may take what."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import entry, entry_evidence, entry_words, nominating, opening
from courses.eligibility import Audience
from courses.entry_forms import AudienceForm, DecisionForm, EvidenceForm, NominateForm, TakeBackForm, WaiverForm
from courses.models import Course, CourseVersion, EntryEvidence, EntryWaiver, Nomination
from lms.core import audit, clock
from lms.organisation.access import Capability, may_in, needs, people_for, person_for, user_of
from lms.organisation.models import Organisation, Person, PostCategory, User

_FORM = ["GET", "HEAD", "POST"]


@needs(Capability.DECIDE_ENTRY)
@require_safe
def entry_desk(request: HttpRequest) -> HttpResponse:
    """Nominations that wait for a decision, and who may take which course."""
    user = user_of(request)
    people = people_for(user, Capability.DECIDE_ENTRY)
    waiting = Nomination.objects.awaiting().filter(person__in=people).order_by("on")
    found = entry.load()
    versions = CourseVersion.objects.current().select_related("course").order_by("course__track", "title")
    titles = {version.course_id: version.title for version in versions}
    named = waiting.select_related("person", "course", "by_user__person")
    context = {
        "nominations": [(row, titles.get(row.course_id, row.course.code)) for row in named],
        "courses": [(version, entry_words.audience(found.audience(version.course_id))) for version in versions],
        "advanced": entry_words.audience(found.audiences.get(None, entry.BY_NOMINATION)),
        "may_open": _may_open(user),
    }
    return render(request, "courses/entry_desk.html", context)


@needs(Capability.DECIDE_ENTRY)
@require_safe
def entry_person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What one person has shown, what was waived, and for which courses they were nominated."""
    person = _person(request, uuid, Capability.DECIDE_ENTRY)
    audit.record("entry evidence seen", person, by=user_of(request))
    today = clock.today()
    waivers = EntryWaiver.objects.on(today).filter(person=person)
    nominations = Nomination.objects.filter(person=person).with_decision().order_by("-pk")
    context = {
        "person": person,
        "evidence": EntryEvidence.objects.on(today).filter(person=person).select_related("subject"),
        "waivers": waivers.select_related("course", "required_course", "subject", "by_user__person"),
        "nominations": nominations.select_related("course", "by_user__person"),
    }
    return render(request, "courses/entry_person.html", context)


@needs(Capability.DECIDE_ENTRY)
@require_http_methods(_FORM)
def record_evidence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put on record what was seen."""
    person = _person(request, uuid, Capability.DECIDE_ENTRY)
    shown = {"seen_on": clock.today(), "seen_by": str(user_of(request))}
    form = EvidenceForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        subject, level = said.pop("subject"), said.pop("level")
        entry_evidence.record(person, subject, level, **said, by=user_of(request))
        messages.success(request, _("The evidence is on record."))
        return redirect("entry_person", uuid=uuid)
    return _form(request, person, form, title=_("Entry evidence of %s") % person, button=_("Put on record"))


@needs(Capability.DECIDE_ENTRY)
@require_http_methods(_FORM)
def waive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let the person off one thing that a course asks."""
    person = _person(request, uuid, Capability.DECIDE_ENTRY)
    asked = entry_evidence.may_be_waived(person)
    form = WaiverForm(request.POST or None, requirements=asked)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        entry_evidence.waive(person, said["requirement"], reason=said["reason"], by=user_of(request))
        messages.success(request, _("It is waived."))
        return redirect("entry_person", uuid=uuid)
    empty = "" if asked else _("No course asks anything that could be waived for this person.")
    return _form(
        request, person, form, title=_("Waive a requirement for %s") % person, button=_("Waive it"), empty=empty
    )


@needs(Capability.DECIDE_ENTRY)
@require_http_methods(_FORM)
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hold evidence or a waiver true no longer."""
    fact = _fact(uuid)
    person = _person(request, fact.person.uuid, Capability.DECIDE_ENTRY)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entry_evidence.take_back(fact, reason=form.cleaned_data["reason"], by=user_of(request))
        messages.success(request, _("It is taken back. What was on record stays on record, with your reason."))
        return redirect("entry_person", uuid=person.uuid)
    return _form(request, person, form, title=_("Take back: %s") % fact, button=_("Take it back"))


@needs(Capability.NOMINATE)
@require_http_methods(_FORM)
def nominate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Propose somebody for a course that is not for everybody."""
    user, person = user_of(request), _person(request, uuid, Capability.NOMINATE)
    courses = nominating.asked_for(person)
    form = NominateForm(request.POST or None, courses=courses)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        nominating.nominate(person, said["course"], reason=said["reason"], by=user)
        messages.success(request, _("%s is nominated. A training coordinator decides.") % person)
        return redirect("team_person", uuid=uuid)
    empty = "" if courses else _("There is no course for which this person needs a nomination.")
    return _form(request, person, form, title=_("Nominate %s") % person, button=_("Nominate"), empty=empty)


@needs(Capability.DECIDE_ENTRY)
@require_http_methods(_FORM)
def nomination(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decide on a nomination, or take a confirmation back."""
    rows = Nomination.objects.with_decision().select_related("person", "course", "by_user__person")
    shown = get_object_or_404(rows, uuid=uuid)
    _person(request, shown.person.uuid, Capability.DECIDE_ENTRY)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        nominating.decide(shown, said["outcome"], reason=said["reason"], by=user_of(request))
        messages.success(request, _("Your decision is kept. The person sees it with the course."))
        return redirect("entry_desk")
    context = {"nomination": shown, "form": form, "title": shown.course.current, "person": shown.person}
    return render(request, "courses/nomination.html", context)


@needs(Capability.DECIDE_ENTRY)
@require_http_methods(_FORM)
def course_audience(request: HttpRequest, code: str = "") -> HttpResponse:
    """Who may take a course; without a code, all advanced ones."""
    if not _may_open(user_of(request)):
        raise PermissionDenied(
            _("Who may take a course is decided by a training coordinator for the whole organisation.")
        )
    course = get_object_or_404(Course, code=code) if code else None
    found = entry.load()
    rule = found.audience(course.pk) if course else found.audiences.get(None, entry.BY_NOMINATION)
    form = AudienceForm(request.POST or None, initial=_as_ticked(rule))
    if request.method == "POST" and form.is_valid():
        everybody = form.cleaned_data["who"] == AudienceForm.EVERYBODY
        opening.open_to(course, everybody=everybody, categories=form.cleaned_data["categories"], by=user_of(request))
        messages.success(request, _("It counts from today. Those under way go on."))
        return redirect("entry_desk")
    context = {"form": form, "course": course, "version": course.current if course else None}
    return render(request, "courses/course_audience.html", context)


def _as_ticked(rule: Audience) -> dict[str, object]:
    who = AudienceForm.EVERYBODY if rule.is_open else AudienceForm.CHOSEN
    return {"who": who, "categories": PostCategory.objects.filter(pk__in=rule.categories)}


def _form(
    request: HttpRequest, person: Person, form: object, *, title: str, button: str, empty: str = ""
) -> HttpResponse:
    context = {"person": person, "form": form, "title": title, "button": button, "empty": empty}
    context["may_decide"] = people_for(user_of(request), Capability.DECIDE_ENTRY).filter(pk=person.pk).exists()
    return render(request, "courses/entry_form.html", context)


def _person(request: HttpRequest, uuid: UUID, capability: Capability) -> Person:
    """The person, if the user may decide over them; nobody decides on their own entry."""
    person = person_for(user_of(request), uuid, capability)
    if person.pk == user_of(request).person_id:
        raise PermissionDenied(_("Somebody else decides on your own entry to courses."))
    return person


def _fact(uuid: UUID) -> EntryEvidence | EntryWaiver:
    evidence = EntryEvidence.objects.held().filter(uuid=uuid).select_related("person", "subject").first()
    fact = evidence or EntryWaiver.objects.held().filter(uuid=uuid).select_related("person", "course").first()
    if fact is None:
        raise Http404
    return fact


def _may_open(user: User) -> bool:
    organisation = Organisation.objects.select_related("root").first()
    return organisation is not None and may_in(user, Capability.DECIDE_ENTRY, organisation.root)
