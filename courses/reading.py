"""Taking a course: opening lessons, practising, finishing and acknowledging them.

Before: `enrolling.enrol`. After: `results.settle`, once every lesson is done and every criterion decided.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import results, signing, standing
from courses.models import (
    Acknowledgement,
    ActivityAnswer,
    Attendance,
    Enrolment,
    EnrolmentEnd,
    LessonCompletion,
    LessonOpening,
    LessonVersion,
    ReadingPlace,
)
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused

Completion = LessonVersion.Completion


def remember_place(enrolment: Enrolment, lesson: LessonVersion, *, block_id: str = "") -> None:
    """Keep where the learner is, so that she can go on from there. One upsert."""
    place = ReadingPlace(enrolment=enrolment, lesson_key=lesson.key, block_id=block_id, left_at=clock.now())
    ReadingPlace.objects.bulk_create(
        [place],
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["lesson_key", "block_id", "left_at"],
    )


def open_lesson(enrolment: Enrolment, lesson: LessonVersion, *, by: Actor) -> None:
    """Note that the learner is at this lesson now; the first time also that she opened it. Two statements."""
    remember_place(enrolment, lesson)
    opening = LessonOpening(enrolment=enrolment, lesson_key=lesson.key, lesson_version=lesson, **columns(by))
    LessonOpening.objects.bulk_create([opening], ignore_conflicts=True)


def answer_activity(
    enrolment: Enrolment, lesson: LessonVersion, block_id: str, answer: Any, *, by: Actor
) -> ActivityAnswer:
    """Keep what a learner chose in an activity. The same answer again is kept once; the newest is shown."""
    _must_be_of(enrolment, lesson)
    newest = enrolment.activity_answers.filter(lesson_version=lesson, block_id=block_id).order_by("-pk").first()
    if newest is not None and newest.answer == answer:
        return newest
    return ActivityAnswer.objects.create(
        enrolment=enrolment, lesson_version=lesson, block_id=block_id, answer=answer, **columns(by)
    )


@transaction.atomic
def complete(enrolment: Enrolment, lesson: LessonVersion, *, by: Actor) -> LessonCompletion:
    """Finish a lesson by having seen it; with the last one a result may follow. Harmless the second time."""
    if lesson.completion != Completion.SEEN:
        raise Refused(_("This lesson is not done by reading alone. Do what stands at its end."))
    return _finish(enrolment, lesson, by=by)


@transaction.atomic
def acknowledge(enrolment: Enrolment, lesson: LessonVersion, *, by: Actor) -> Acknowledgement:
    """Put the learner's name to the lesson's document, and finish the lesson. Harmless the second time."""
    document = lesson.document_version
    if lesson.completion != Completion.ACKNOWLEDGED or document is None:
        raise Refused(_("This lesson has no document to acknowledge."))
    _must_be_of(enrolment, lesson)
    made = signing.sign(enrolment.person, document, by=by)
    _finish(enrolment, lesson, by=by)
    return made


@transaction.atomic
def attend(enrolment: Enrolment, lesson: LessonVersion, attendance: Attendance) -> LessonCompletion:
    """Finish a lesson by having been at a session, as of the session. Harmless the second time.

    It counts for as long as the attendance is held true.
    """
    if lesson.completion != Completion.ATTENDED:
        raise Refused(_("This lesson is not done by attending."))
    _must_be_of(enrolment, lesson)
    finished = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=lesson.key).first()
    if finished is not None:
        return finished
    made = LessonCompletion.objects.create(
        enrolment=enrolment,
        lesson_key=lesson.key,
        lesson_version=lesson,
        attendance=attendance,
        on=_noon(attendance.valid_until - timedelta(days=1)) if attendance.valid_until else clock.now(),
        **columns(attendance.by),
    )
    _settle(enrolment)
    return made


def _finish(enrolment: Enrolment, lesson: LessonVersion, *, by: Actor) -> LessonCompletion:
    _must_be_of(enrolment, lesson)
    if EnrolmentEnd.objects.filter(enrolment=enrolment).exists():
        raise Refused(_("You are no longer enrolled in this course. What you have done stays on your record."))
    completion, is_new = LessonCompletion.objects.get_or_create(
        enrolment=enrolment, lesson_key=lesson.key, defaults={"lesson_version": lesson, **columns(by)}
    )
    if is_new:
        _settle(enrolment)
    return completion


def _settle(enrolment: Enrolment) -> None:
    if not standing.lessons_missing(enrolment):
        results.settle(enrolment)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)), timezone.get_default_timezone())


def _must_be_of(enrolment: Enrolment, lesson: LessonVersion) -> None:
    if lesson.course_version_id != enrolment.course_version_id:
        raise Refused(_("This lesson is not part of the version of the course that you are taking."))
