"""More time for a duty: asked for by the person or somebody for them, granted or declined, perhaps taken back.

An extension moves the due day from the day of the decision on: who was overdue yesterday was so.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import close, withdraw
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.duties import facts, stories
from lms.duties.days import OPEN
from lms.duties.exceptions import deciders
from lms.duties.models import DutyTarget, Extension, ExtensionDecision, ExtensionRequest
from lms.duties.models.requirements import LONGEST_DUE_DAYS
from lms.duties.spans import Obligation, State
from lms.duties.targets import Target
from lms.organisation.models import Person

Outcome = ExtensionDecision.Outcome


@transaction.atomic
def ask(person: Person, target: Target, *, until: date, reason: str, by: Actor) -> ExtensionRequest:
    """Ask for more time: `until` is the last good day that is wanted. While a request waits, the same changes nothing.

    Raises Refused where nothing is asked of the person, the day gives no more time, or another request waits.
    """
    # Two at once would else make two requests.
    Person.objects.select_for_update().get(pk=person.pk)
    stored = _stored(target)
    waiting = ExtensionRequest.objects.waiting().filter(person=person, target=stored).first()
    if waiting is not None and waiting.wanted_until == until:
        return waiting
    if waiting is not None:
        raise Refused(_("More time is asked for already, and nobody has decided yet."))
    if not deciders.may_ask(by, person):
        raise Refused(_("Your role does not let you ask for this person."))
    if not reason.strip():
        raise Refused(_("Say why more time is needed: whoever decides reads it."))
    _check_until(person, target, until)
    made = ExtensionRequest.objects.create(
        person=person, target=stored, wanted_until=until, reason=reason, **columns(by)
    )
    audit.record("more time asked for", person, by=by, target=stored.key, until=until.isoformat())
    return made


@transaction.atomic
def grant(request: ExtensionRequest, *, until: date, reason: str = "", by: Actor) -> Extension:
    """Give more time, perhaps until another day than was asked for. Harmless the second time."""
    request = _locked(request)
    standing = Extension.objects.held().filter(request=request, due_until=until).first()
    if standing is not None:
        return standing
    _check_decision(request, by)
    _check_until(request.person, request.target.target, until)
    ExtensionDecision.objects.create(
        request=request, outcome=Outcome.GRANTED, due_until=until, reason=reason, **columns(by)
    )
    made = Extension.objects.create(
        person=request.person,
        target=request.target,
        due_until=until,
        request=request,
        valid_from=clock.today(),
        reason=reason or request.reason,
        **columns(by),
    )
    audit.record("more time given", request.person, by=by, target=request.target.key, until=until.isoformat())
    return made


@transaction.atomic
def decline(request: ExtensionRequest, *, reason: str, by: Actor) -> ExtensionDecision:
    """Give no more time, and say why. Harmless the second time."""
    request = _locked(request)
    decided = ExtensionDecision.objects.filter(request=request, outcome=Outcome.DECLINED).first()
    if decided is not None:
        return decided
    _check_decision(request, by)
    if not reason.strip():
        raise Refused(_("Say why you decline: the person reads it."))
    made = ExtensionDecision.objects.create(request=request, outcome=Outcome.DECLINED, reason=reason, **columns(by))
    audit.record("more time declined", request.person, by=by, target=request.target.key)
    return made


@transaction.atomic
def take_back(extension: Extension, *, reason: str, by: Actor) -> Extension | None:
    """From today on, no more time than without it. What was given today is taken back as if it had not been."""
    if extension.valid_until is not None or extension.known_until is not None:
        return extension
    target = extension.target.target
    if not deciders.may_decide(by, extension.person, target, requirements=requirements_of(extension.person, target)):
        raise Refused(_("Your role does not let you decide on this."))
    if not reason.strip():
        raise Refused(_("Say why: the person reads it."))
    today = clock.today()
    if extension.valid_from >= today:
        ended = withdraw(extension, by=by, reason=reason)
    else:
        ended = close(extension, until=today, by=by, reason=reason)
    audit.record("more time taken back", extension.person, by=by, target=extension.target.key)
    return ended


def asked_now(person: Person, target: Target) -> Obligation | None:
    """What rules ask of the person for the target; None where none ever asked."""
    found = facts.load([person.pk], clock.today()).obligations_of(person.pk)
    return next((obligation for obligation in found if obligation.target == target), None)


def requirements_of(person: Person, target: Target) -> set[int]:
    """The rules that ask the person for the target today, whose owners may decide."""
    obligation = asked_now(person, target)
    asking = obligation.standings(clock.today()) if obligation else []
    return {standing.claim.rule.requirement for standing in asking}


def _stored(target: Target) -> DutyTarget:
    return DutyTarget.objects.get(pk=stories.target_ids({target})[target])


def _locked(request: ExtensionRequest) -> ExtensionRequest:
    return ExtensionRequest.objects.select_for_update().get(pk=request.pk)


def _check_decision(request: ExtensionRequest, by: Actor) -> None:
    if ExtensionDecision.objects.filter(request=request).exists():
        raise Refused(_("Somebody has decided on this already. Reload the page."))
    target = request.target.target
    if not deciders.may_decide(by, request.person, target, requirements=requirements_of(request.person, target)):
        raise Refused(_("Your role does not let you decide on this. Nobody decides for themselves."))


def _check_until(person: Person, target: Target, until: date) -> None:
    """More time than there is now, in sight, and for something that is to do or to renew."""
    today = clock.today()
    obligation = asked_now(person, target)
    standing = obligation.standing(today) if obligation else None
    if standing is None or standing.state == State.EXEMPT or standing.due_on == OPEN:
        raise Refused(_("This is not asked by any day now, so there is nothing to extend."))
    if until <= max(standing.due_on, today):
        later = max(standing.due_on, today)
        raise Refused(_("Choose a day after %(day)s: until then there is time already.") % {"day": day_in_words(later)})
    if until > today + timedelta(days=LONGEST_DUE_DAYS):
        raise Refused(_("Choose a day within the next ten years."))
    opens = standing.due_on - timedelta(days=obligation.opens_days(standing.claim)) if obligation else today
    if standing.state == State.IN_DATE and today < opens:
        raise Refused(_("It can be renewed from %(day)s on. Ask for more time then.") % {"day": day_in_words(opens)})
