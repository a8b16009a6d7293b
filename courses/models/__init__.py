"""What is taught, judged and held."""

from courses.models.framework import (
    ALL_JURISDICTIONS,
    Criterion,
    CriterionVersion,
    Document,
    DocumentVersion,
    EvidenceKind,
    Instrument,
    LearningOutcome,
    StudyUnit,
)
from courses.models.judging import CriterionDecision, Result
from courses.models.learning import (
    Acknowledgement,
    ActivityAnswer,
    Enrolment,
    EnrolmentEnd,
    LessonCompletion,
    ReadingPlace,
)
from courses.models.versions import CertifiedCriterion, Course, CourseVersion, LessonVersion

__all__ = [
    "ALL_JURISDICTIONS",
    "Acknowledgement",
    "ActivityAnswer",
    "CertifiedCriterion",
    "Course",
    "CourseVersion",
    "Criterion",
    "CriterionDecision",
    "CriterionVersion",
    "Document",
    "DocumentVersion",
    "Enrolment",
    "EnrolmentEnd",
    "EvidenceKind",
    "Instrument",
    "LearningOutcome",
    "LessonCompletion",
    "LessonVersion",
    "ReadingPlace",
    "Result",
    "StudyUnit",
]
