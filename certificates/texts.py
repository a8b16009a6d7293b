"""The words of a certificate, frozen once for all that share them: issuer, course version, criteria, signatories."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates import canonical
from certificates.models import Certificate, FrozenText, Issuer, Signatory
from courses.models import CertifiedCriterion, CourseVersion

# A new look or other wording gets a new name, and old certificates keep theirs.
TEMPLATES = {Certificate.Kind.COMPETENCE: "competence-1", Certificate.Kind.ATTENDANCE: "attendance-1"}


def freeze_all(
    versions: Iterable[CourseVersion], *, kind: Certificate.Kind, issuer: Issuer, on: date
) -> dict[int, FrozenText]:
    """The frozen text of each course version, by its id, as issued on a day. The same words are kept once."""
    signatories = list(Signatory.objects.signing_on(on))
    frozen = {}
    for version in versions:
        content = canonical.plain(_content(version, kind=kind, issuer=issuer, signatories=signatories))
        row, _is_new = FrozenText.objects.get_or_create(
            sha256=canonical.hash_of(content), defaults={"content": content}
        )
        frozen[version.pk] = row
    return frozen


def _content(
    version: CourseVersion, *, kind: Certificate.Kind, issuer: Issuer, signatories: list[Signatory]
) -> dict[str, Any]:
    with override(version.language):
        return {
            "template": TEMPLATES[kind],
            "language": version.language,
            "issuer": {"name": issuer.name, "place": issuer.place, "contact": issuer.contact},
            "statement": issuer.statement or _("This certificate does not replace a qualification."),
            "course": {"code": version.course.code, "title": version.title, "version": version.number},
            "course_content": version.content_hash,
            "hours": version.hours,
            "criteria": [_criterion(item) for item in _certified(version)],
            "signatories": [{"name": signatory.name, "post": signatory.post} for signatory in signatories],
        }


def _certified(version: CourseVersion) -> Iterable[CertifiedCriterion]:
    rows = CertifiedCriterion.objects.filter(course_version=version)
    return rows.select_related("criterion_version__criterion__unit")


def _criterion(certified: CertifiedCriterion) -> dict[str, Any]:
    worded = certified.criterion_version
    return {
        "code": worded.criterion.code,
        "unit": worded.criterion.unit.title,
        "text": worded.text.strip(),
        "version": worded.number,
        "is_critical": worded.is_critical,
        "evidence": certified.get_evidence_display(),
    }
