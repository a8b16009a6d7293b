"""What is taught, judged and held."""

from courses.models.afterwards import Feedback, FeedbackGiven, JournalEntry, LessonOpening
from courses.models.entry import (
    CourseAudience,
    EntryEvidence,
    EntryRequirement,
    EntrySubject,
    EntryWaiver,
    Nomination,
    NominationDecision,
)
from courses.models.framework import (
    ALL_JURISDICTIONS,
    Criterion,
    CriterionVersion,
    Document,
    DocumentVersion,
    EvidenceKind,
    Instrument,
    LearningOutcome,
    Pack,
    StudyUnit,
)
from courses.models.judging import CriterionDecision, Result
from courses.models.learning import (
    Acknowledgement,
    ActivityAnswer,
    ChangesRead,
    Enrolment,
    EnrolmentEnd,
    LessonCompletion,
    ReadingPlace,
)
from courses.models.media import MediaFile
from courses.models.pages import CertifiedDraft, CourseIndexPage, CoursePage, EntryDraft, LessonPage, LoadedCourse
from courses.models.series import SeriesPlan, SessionKind, SessionSeries
from courses.models.sessions import (
    Arrangement,
    Attendance,
    Booking,
    CalendarAddress,
    ListSigned,
    PlaceGivenUp,
    SessionCancelled,
    TrainingSession,
)
from courses.models.supports import Support
from courses.models.versions import CertifiedCriterion, Course, CourseVersion, LessonVersion
from courses.models.workflow import ApprovalTask, SupportTask

__all__ = [
    "ALL_JURISDICTIONS",
    "Acknowledgement",
    "ActivityAnswer",
    "ApprovalTask",
    "Arrangement",
    "Attendance",
    "Booking",
    "CalendarAddress",
    "CertifiedCriterion",
    "CertifiedDraft",
    "ChangesRead",
    "Course",
    "CourseAudience",
    "CourseIndexPage",
    "CoursePage",
    "CourseVersion",
    "Criterion",
    "CriterionDecision",
    "CriterionVersion",
    "Document",
    "DocumentVersion",
    "Enrolment",
    "EnrolmentEnd",
    "EntryDraft",
    "EntryEvidence",
    "EntryRequirement",
    "EntrySubject",
    "EntryWaiver",
    "EvidenceKind",
    "Feedback",
    "FeedbackGiven",
    "Instrument",
    "JournalEntry",
    "LearningOutcome",
    "LessonCompletion",
    "LessonOpening",
    "LessonPage",
    "LessonVersion",
    "ListSigned",
    "LoadedCourse",
    "MediaFile",
    "Nomination",
    "NominationDecision",
    "Pack",
    "PlaceGivenUp",
    "ReadingPlace",
    "Result",
    "SeriesPlan",
    "SessionCancelled",
    "SessionKind",
    "SessionSeries",
    "StudyUnit",
    "Support",
    "SupportTask",
    "TrainingSession",
]
