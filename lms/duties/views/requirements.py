"""The rules: read as sentences, made after a preview, changed and ended with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from courses.models import Course, Document
from lms.core import clock
from lms.core.errors import Refused
from lms.duties import clashes, ready_rules, requiring, rules, terms_in_words
from lms.duties.days import OPEN
from lms.duties.forms import ChangeForm, EndForm, RequirementForm, initial_of
from lms.duties.models import RequirementProposal, RequirementVersion, TrainingRequirement
from lms.duties.preview import rule_of
from lms.duties.proposing import asking, deciding, in_words
from lms.duties.proposing.asked import Asked, Kind, effect
from lms.duties.proposing.reached import figures
from lms.duties.rule_fields import usual_terms
from lms.duties.sentences import sentences
from lms.organisation.access import Capability, needs, remembered_capabilities, units_for, user_of
from lms.organisation.models import OrgUnit, User

_may_assign = needs(Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the list shows it."""

    version: RequirementVersion
    sentence: str
    reminders: list[str]
    clashes: list[str]
    may_change: bool


@_may_assign
@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    """Every rule in the units that one sees to, as a sentence. Integrity officers see those for their courses."""
    user = user_of(request)
    versions = [version for version in _versions(user) if _is_shown(version, user)]
    words = sentences(versions, clock.today())
    met = _met(versions)
    shown = [
        Rule(
            version,
            words[version.pk],
            terms_in_words.reminders(version.reminder_plan),
            met[version.pk],
            version.valid_until is None,
        )
        for version in versions
    ]
    waiting = RequirementProposal.objects.open().filter(asked_at__isnull=False, unit__in=_units(user)).count()
    return render(request, "duties/requirements.html", {"rules": shown, "waiting": waiting})


@_may_assign
def requirement_new(request: HttpRequest) -> HttpResponse:
    """Make a rule: first see whom it reaches, then make it."""
    user = user_of(request)
    choices = _choices(user)
    filled = ready_rules.initial_of(request.GET.get("ready", ""), **choices)
    usual = {"from_day": clock.today(), "due_days": 30, **usual_terms()}
    form = RequirementForm(request.POST or None, **choices, initial=usual | filled)
    shown = _previewed(form, user) if form.is_bound else None
    if shown is not None and "confirmed" in request.POST:
        done = _proposed(request, form, _asked(form), title=form.cleaned_data["title"])
        if done is not None:
            return done
    ready = [] if form.is_bound or filled else ready_rules.offered(choices["courses"])
    context = {"form": form, "ready": ready, **_with_preview(form, shown, user)}
    return render(request, "duties/requirement_form.html", context)


@_may_assign
def requirement_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask something else from a day on: first see whom it reaches, then change it."""
    user = user_of(request)
    version = _version(user, uuid)
    rule = version.requirement
    form = ChangeForm(request.POST or None, **_choices(user), initial=initial_of(version))
    shown = _previewed(form, user, rule) if form.is_bound else None
    if shown is not None and "confirmed" in request.POST:
        done = _proposed(request, form, _asked(form, rule), reason=form.cleaned_data["reason"])
        if done is not None:
            return done
    context = {"form": form, "requirement": rule, **_with_preview(form, shown, user, rule)}
    return render(request, "duties/requirement_form.html", context)


@_may_assign
def requirement_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop asking from a day on."""
    user = user_of(request)
    version = _version(user, uuid)
    form = EndForm(request.POST or None, initial={"until": clock.today()})
    if form.is_valid():
        ends = Asked(form.cleaned_data["until"], version.requirement)
        done = _proposed(request, form, ends, reason=form.cleaned_data["reason"])
        if done is not None:
            return done
    context = {
        "form": form,
        "requirement": version.requirement,
        "sentence": sentences([version], clock.today())[version.pk],
    }
    return render(request, "duties/requirement_end.html", context)


def _asked(form: RequirementForm, requirement: TrainingRequirement | None = None) -> Asked:
    return Asked(form.cleaned_data["from_day"], requirement, form.audience, form.terms)


def _proposed(
    request: HttpRequest, form: Form, asked: Asked, *, title: str = "", reason: str = ""
) -> HttpResponse | None:
    """Made at once where nobody else may approve it, else proposed. None with the form saying why it is refused."""
    user = user_of(request)
    try:
        with transaction.atomic():
            proposal = asking.propose(asked, title=title, reason=reason, by=user)
            if request.POST.get("confirmed") == "look" or not asking.why_alone(asked, user):
                messages.info(request, _("This is a draft. Nothing changes until it is approved."))
                return redirect("proposal", uuid=proposal.uuid)
            decision = deciding.make_alone(proposal, by=user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _MADE[asked.kind] % {"title": proposal.title})
    messages.info(request, in_words.why_alone(decision.reason))
    return redirect("requirements")


_MADE = {
    Kind.NEW: _lazy("The rule “%(title)s” is made."),
    Kind.CHANGE: _lazy("The rule “%(title)s” is changed."),
    Kind.END: _lazy("The rule “%(title)s” is ended."),
}


def _previewed(
    form: RequirementForm, user: User, requirement: TrainingRequirement | None = None
) -> dict[str, Any] | None:
    """What the rule would mean, or None with the form's errors saying why there is no such rule."""
    if not form.is_valid():
        return None
    asked = _asked(form, requirement)
    try:
        asking.check(asked, reason=form.cleaned_data.get("reason", ""), by=user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    return figures(effect(asked))


def _with_preview(
    form: RequirementForm,
    shown: dict[str, Any] | None,
    user: User,
    requirement: TrainingRequirement | None = None,
) -> dict[str, Any]:
    """What the page says of a preview, where there is one."""
    if shown is None:
        return {"preview": None}
    alone = in_words.why_alone(asking.why_alone(_asked(form, requirement), user))
    return {"preview": shown, "told": _told(form, user, requirement), "why_alone": alone}


def _met(versions: Sequence[RequirementVersion]) -> dict[int, list[str]]:
    """What each of the rules meets among all others, by version."""
    book = rules.load(OPEN)
    shown = {version.pk for version in versions}
    known = {version.requirement_id for version in versions}
    return clashes.clashes([rule for rule in book.rules if rule.version in shown], book, known=known)


def _told(form: RequirementForm, user: User, requirement: TrainingRequirement | None = None) -> list[str]:
    """What whoever makes the rule may not expect, though nothing is wrong with it."""
    from_day = form.cleaned_data["from_day"]
    rule = rule_of(form.audience, form.terms, from_day=from_day, requirement=requirement.pk if requirement else 0)
    known = {version.requirement_id for version in _versions(user) if _is_shown(version, user)}
    met = clashes.clashes([rule], rules.load(OPEN), known=known)[rule.version]
    return [*met, *clashes.later_courses(form.terms.courses, from_day)]


def _choices(user: User) -> dict[str, Any]:
    """Courses and units out of which `user` may choose."""
    any_course = units_for(user, Capability.ASSIGN_ANY)
    courses = Course.objects.all() if any_course.exists() else Course.objects.filter(is_integrity=True)
    documents = Document.objects.all() if any_course.exists() else Document.objects.filter(kind=Document.Kind.CODE)
    return {"courses": courses, "documents": documents, "units": _units(user)}


def _units(user: User) -> QuerySet[OrgUnit]:
    return units_for(user, Capability.ASSIGN_ANY) | units_for(user, Capability.ASSIGN_INTEGRITY)


def _versions(user: User) -> QuerySet[RequirementVersion]:
    """What each rule asks now, or will ask, in the units of `user`."""
    going_on = TrainingRequirement.objects.in_force_or_later(clock.today())
    versions = RequirementVersion.objects.held().filter(requirement__in=going_on, unit__in=_units(user))
    return (
        versions.overlapping(clock.today(), None)
        .select_related("requirement", "requirement__owner__person", "instrument", "unit", "after_course", "document")
        .prefetch_related("courses", "categories", "tags", "people", "refreshers__course")
        .order_by("requirement__title", "requirement", "valid_from")
    )


def _is_shown(version: RequirementVersion, user: User) -> bool:
    if Capability.ASSIGN_ANY in remembered_capabilities(user):
        return True
    return requiring.is_integrity(version.courses.all(), version.document)


def _version(user: User, uuid: UUID) -> RequirementVersion:
    """The newest version of a rule that `user` may change. 404 outside their units, 403 for another's courses."""
    version = _versions(user).filter(requirement__uuid=uuid).last()
    if version is None:
        raise Http404
    if not _is_shown(version, user):
        raise PermissionDenied(
            _("An integrity unit may change rules for integrity courses only, and for codes to sign.")
        )
    return version
