"""What attendance does: it finishes lessons that are done by attending. Never a criterion, never a result by itself.

Before: signing_in, and enrolling, for whoever attended first and began the course afterwards.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from courses import reading
from courses.models import Attendance, Enrolment, LessonCompletion, LessonVersion, Result, TrainingSession
from lms.core.errors import Refused


def count_all(session: TrainingSession) -> None:
    """Finish lessons for everybody who was at a session."""
    for attendance in Attendance.objects.counting().present().filter(session=session).select_related("session"):
        count(attendance)


def count(attendance: Attendance) -> None:
    """Finish the lessons that one attendance does, in enrolments under way. Harmless the second time."""
    if attendance.state != Attendance.State.PRESENT or attendance.session.course_id is None:
        return
    enrolments = Enrolment.objects.under_way().filter(
        person=attendance.person_id,
        course_version__course=attendance.session.course_id,
        evidence_from__lte=attendance.valid_from,
    )
    for enrolment in enrolments:
        _finish(enrolment, attendance)


@transaction.atomic
def catch_up(enrolment: Enrolment) -> None:
    """Count what somebody attended before beginning the course, as far back as evidence counts."""
    attended = (
        Attendance.objects.counting()
        .present()
        .filter(
            person=enrolment.person_id,
            session__course=enrolment.course_version.course_id,
            valid_from__gte=enrolment.evidence_from,
        )
    )
    for attendance in attended.select_related("session").order_by("valid_from", "pk"):
        _finish(enrolment, attendance)


def refuse_where_a_result_rests_on(attendance: Attendance) -> None:
    """Raise Refused where a result came of a course in which this attendance finished a lesson."""
    finished = LessonCompletion.objects.filter(attendance=attendance).values("enrolment")
    if Result.objects.held().filter(enrolment__in=finished).exists():
        raise Refused(_("A result rests on this attendance. Revoke its certificate first, then correct the list."))


def lessons_done_by(session: TrainingSession, version: int) -> Iterable[LessonVersion]:
    """The lessons of a course version that are done by being at this session."""
    lessons = LessonVersion.objects.newest_edition().filter(
        course_version=version, completion=LessonVersion.Completion.ATTENDED
    )
    return lessons.filter(key=session.lesson_key) if session.lesson_key else lessons


def _finish(enrolment: Enrolment, attendance: Attendance) -> None:
    for lesson in lessons_done_by(attendance.session, enrolment.course_version_id):
        reading.attend(enrolment, lesson, attendance)
