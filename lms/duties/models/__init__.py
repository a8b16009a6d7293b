"""Who must know what by when, who need not, and what is kept computed of it."""

from lms.duties.models.exemptions import Exemption
from lms.duties.models.extensions import Extension, ExtensionDecision, ExtensionRequest
from lms.duties.models.periods import ClosedPeriod, FiledFigure
from lms.duties.models.requirements import Refresher, RequirementVersion, TrainingRequirement
from lms.duties.models.stored import DutySpan, DutyTarget, SpanCalendar, SpanState, StaleMark, UnitMonth

__all__ = [
    "ClosedPeriod",
    "DutySpan",
    "DutyTarget",
    "Exemption",
    "Extension",
    "ExtensionDecision",
    "ExtensionRequest",
    "FiledFigure",
    "Refresher",
    "RequirementVersion",
    "SpanCalendar",
    "SpanState",
    "StaleMark",
    "TrainingRequirement",
    "UnitMonth",
]
