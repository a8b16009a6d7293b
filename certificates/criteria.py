"""What a certificate certifies: the criteria that its holder met, in the words of the course version.

A course can be passed with a criterion not yet met that is not critical; that one stands on no certificate.
"""

from typing import Any

from django.utils.translation import gettext as _

from certificates.models import Certificate
from courses.models import CriterionDecision

_MET = {CriterionDecision.Outcome.COMPETENT.value, CriterionDecision.Outcome.RECOGNISED.value}


def met(certificate: Certificate) -> list[dict[str, Any]]:
    """The frozen criteria that the holder met, each with how it was shown."""
    outcomes = {decision["criterion"]: decision["outcome"] for decision in certificate.record["decisions"]}
    return [
        {**criterion, "evidence": _shown_by(criterion, outcomes[criterion["code"]])}
        for criterion in certificate.text["criteria"]
        if outcomes.get(criterion["code"]) in _MET
    ]


def _shown_by(criterion: dict[str, Any], outcome: str) -> str:
    if outcome == CriterionDecision.Outcome.RECOGNISED:
        return _("Prior learning")
    return str(criterion["evidence"])
