"""Who must know what by when, and who need not."""

from lms.duties.models.exemptions import Exemption
from lms.duties.models.requirements import RequirementVersion, TrainingRequirement

__all__ = ["Exemption", "RequirementVersion", "TrainingRequirement"]
