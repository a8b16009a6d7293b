"""Awarding: a result becomes a certificate and an entry of the register, once, in one transaction.

Before: `result_changed` of courses. After: `sequencing`, which gives the entry its position; then it is issued.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from certificates import entries, holders, numbers, revoking, texts
from certificates.models import Certificate, FrozenText, Issuer, RegisterEntry
from courses.models import CriterionDecision, Result
from lms.core import clock, outbox
from lms.core.actors import Actor, MachineRule, columns
from lms.core.errors import Refused
from lms.organisation.models import Person

logger = logging.getLogger(__name__)
AWARDING_RULE = MachineRule("award on a result")
BATCH = 500


def on_result_changed(*, result: Result, **_kwargs: Any) -> None:
    """Receiver of `result_changed`: leave a job in the transaction of the result."""
    outbox.enqueue("certificates.award", result=result.pk)


def follow_result(payload: dict[str, Any]) -> None:
    """The outbox job: award a result that holds, take back the certificate of one that was withdrawn.

    Without an issuer nothing is awarded and nothing is lost: setting one up awards all that waits.
    """
    result = Result.objects.get(pk=payload["result"])
    if not Issuer.objects.exists():
        logger.warning("A result waits for its certificate until an issuer is set up.")
    elif result.known_until is None:
        award_all([result], by=AWARDING_RULE)
    else:
        revoking.follow_withdrawal(result)


def award(result: Result, *, by: Actor) -> Certificate:
    """The certificate of a result, made now unless it is there. Raises Refused where the result no longer holds."""
    made = award_all([result], by=by)
    if not made:
        raise Refused(_("This result was ended or was not reached here, so it gets no certificate."))
    return made[0]


@transaction.atomic
def award_all(results: Iterable[Result], *, by: Actor) -> list[Certificate]:
    """The certificates of results, in their order. What is awarded already stays; the withdrawn are left out.

    Raises Refused while there is no issuer.
    """
    issuer = issuer_or_refuse()
    wanted = [result.pk for result in results]
    # The lock makes a second award of the same result wait here, and then find the first.
    rows = certifiable().select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    held = list(rows.select_related("person", "course_version__course"))
    first = Certificate.objects.filter(result__in=held, replaces__isnull=True)
    there = {certificate.result_id: certificate for certificate in first}
    new = _award_new([result for result in held if result.pk not in there], issuer=issuer, by=by)
    found = there | {certificate.result_id: certificate for certificate in new}
    return [found[pk] for pk in wanted if pk in found]


def issuer_or_refuse() -> Issuer:
    """The issuer, or Refused with what to do."""
    issuer = Issuer.objects.first()
    if issuer is None:
        raise Refused(_("No issuer is set up yet. Set one up, and certificates that wait are awarded at once."))
    return issuer


def certifiable() -> QuerySet[Result]:
    """Results of our own assessment that hold and were not ended: imported and recognised ones were shown elsewhere."""
    return Result.objects.held().filter(source=Result.Source.OWN, valid_until__isnull=True)


def missing() -> QuerySet[Result]:
    """Results that hold and have no certificate."""
    certified = Certificate.objects.filter(result=OuterRef("pk"))
    return certifiable().filter(~Exists(certified)).order_by("pk")


def award_missing(*, by: Actor) -> int:
    """Award every result that has no certificate, in batches. Returns how many; harmless the second time."""
    awarded = 0
    while batch := list(missing()[:BATCH]):
        awarded += len(award_all(batch, by=by))
    return awarded


def award_missing_job(_payload: dict[str, Any]) -> None:
    """The outbox job that setting up an issuer leaves."""
    award_missing(by=AWARDING_RULE)


def _award_new(results: list[Result], *, issuer: Issuer, by: Actor) -> list[Certificate]:
    if not results:
        return []
    renewed = _courses_certified(results)
    certificates = Certificate.objects.bulk_create(draft(results, issuer=issuer, by=by))
    kinds = RegisterEntry.Kind
    register(certificates, [kinds.RENEWAL if _about(c) in renewed else kinds.AWARD for c in certificates], by=by)
    return certificates


def register(certificates: list[Certificate], kinds: list[RegisterEntry.Kind], *, by: Actor) -> None:
    """Write the entries of new certificates and ask the sequencer to number them."""
    pairs = zip(certificates, kinds, strict=True)
    RegisterEntry.objects.bulk_create([entries.of_award(certificate, kind=kind, by=by) for certificate, kind in pairs])
    outbox.enqueue("certificates.number")


def draft(results: list[Result], *, issuer: Issuer, by: Actor) -> list[Certificate]:
    """Certificates for results as HR and the course stand now, not yet saved. A fixed number of queries."""
    now = clock.now()
    issued_on = clock.day_of(now)
    people: dict[int, Person] = {result.person_id: result.person for result in results}
    held = holders.as_on(issued_on, people)
    versions = {result.course_version_id: result.course_version for result in results}
    kind = Certificate.Kind.COMPETENCE
    words = texts.freeze_all(versions.values(), kind=kind, issuer=issuer, on=issued_on)
    fresh = _fresh_numbers(issuer, issued_on, len(results))
    records = _records(results)
    return [
        _certificate(
            result, held[result.person_id], words[result.course_version_id], number, records[result.pk], now, by
        )
        for result, number in zip(results, fresh, strict=True)
    ]


def _certificate(
    result: Result,
    holder: holders.Holder,
    words: FrozenText,
    number: str,
    record: dict[str, Any],
    now: datetime,
    by: Actor,
) -> Certificate:
    return Certificate(
        number=number,
        code=numbers.new_code(),
        kind=Certificate.Kind.COMPETENCE,
        person=result.person,
        result=result,
        course=result.course_version.course,
        course_version=result.course_version,
        unit_id=holder.unit_id,
        frozen_text=words,
        personal=holder.personal,
        record=record,
        name_key=holder.name_key,
        on=now,
        issued_on=clock.day_of(now),
        competent_on=result.competent_on,
        holds_until=result.holds_until,
        **columns(by),
    )


def _fresh_numbers(issuer: Issuer, day: date, count: int) -> list[str]:
    """Numbers that no certificate has; the constraint on the column catches what two transactions draw alike."""
    fresh: set[str] = set()
    while len(fresh) < count:
        drawn = {numbers.new(issuer.code, day.year) for _one in range(count - len(fresh))}
        used = Certificate.objects.filter(number__in=drawn).values_list("number", flat=True)
        fresh |= drawn - set(used)
    return list(fresh)


def _courses_certified(results: list[Result]) -> set[tuple[int, int]]:
    """Person and course of every certificate that these results may renew."""
    earlier = Certificate.objects.filter(
        person__in={result.person_id for result in results},
        course__in={result.course_version.course_id for result in results},
        kind=Certificate.Kind.COMPETENCE,
    )
    return set(earlier.values_list("person", "course"))


def _about(certificate: Certificate) -> tuple[int, int]:
    return certificate.person_id, certificate.course_id


def _records(results: list[Result]) -> dict[int, dict[str, Any]]:
    """How each result came about, for the register alone: never printed, never shown by a check."""
    by_result: dict[int, list[dict[str, Any]]] = {result.pk: [] for result in results}
    links = Result.decisions.through.objects.filter(result__in=by_result).order_by("result", "criteriondecision")
    decisions = CriterionDecision.objects.filter(pk__in=[link.criteriondecision_id for link in links]).select_related(
        "criterion_version__criterion"
    )
    found = {decision.pk: _decision(decision) for decision in decisions}
    for link in links:
        by_result[link.result_id].append(found[link.criteriondecision_id])
    return {result.pk: _record(result, by_result[result.pk]) for result in results}


def _record(result: Result, decisions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "result": str(result.uuid),
        "source": result.source,
        "hours": result.course_version.hours,
        "track": result.course_version.course.track,
        "decisions": decisions,
    }


def _decision(decision: CriterionDecision) -> dict[str, Any]:
    return {
        "criterion": decision.criterion_version.criterion.code,
        "outcome": decision.outcome,
        "evidence": decision.evidence_kind,
        "evidence_uuid": str(decision.evidence_uuid),
        "decision": str(decision.uuid),
        "on": decision.on.isoformat(),
        "by_user": decision.by_user_id,
        "by_rule": decision.by_rule,
    }
