"""What courses ask and who may take them, for tests, in as few words as possible."""

from courses.models import Course, CourseVersion, EntryRequirement, EntrySubject


def ask_subject(
    version: CourseVersion, name: str = "English", level: int = 3, *, is_conditional: bool = False
) -> EntryRequirement:
    """The version asks for a subject."""
    subject = EntrySubject.objects.get_or_create(name=name)[0]
    return EntryRequirement.objects.create(
        course_version=version, subject=subject, level=level, is_conditional=is_conditional
    )


def ask_course(version: CourseVersion, course: Course, *, is_conditional: bool = False) -> EntryRequirement:
    """The version asks for another course."""
    return EntryRequirement.objects.create(
        course_version=version, required_course=course, is_conditional=is_conditional
    )


def by_nomination(course: Course) -> Course:
    """The course is advanced, so without a rule of its own it is taken by nomination."""
    course.track = Course.Track.ADVANCED
    course.save()
    return course
