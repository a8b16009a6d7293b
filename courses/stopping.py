"""Where people stop: per lesson how many opened it, how many finished it, and how long that took. For authors."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, QuerySet

from courses.models import CourseVersion, LessonCompletion, LessonOpening, LessonVersion

# Whoever takes longer has put the telephone away; the newest finishes suffice for a median.
_LONGEST = timedelta(hours=2)
_NEWEST = 5000


@dataclass(frozen=True, slots=True)
class LessonFlow:
    """A lesson of the newest edition. `minutes` is the median from first opening to finishing, None where unknown."""

    title: str
    planned: int
    opened: int
    finished: int
    minutes: float | None

    @property
    def stopped(self) -> int:
        """How many opened it and have not finished it."""
        return max(self.opened - self.finished, 0)

    @property
    def percent_finished(self) -> int | None:
        """Finished of opened, in whole per cent; None while nobody opened it."""
        return round(100 * self.finished / self.opened) if self.opened else None


def per_lesson(version: CourseVersion) -> list[LessonFlow]:
    """The lessons in reading order. Four queries, whatever the number of learners.

    Lessons keep their key from edition to edition, so figures of earlier editions of the version are counted in.
    """
    lessons = LessonVersion.objects.newest_edition().filter(course_version=version).defer("blocks")
    of_version = {"enrolment__course_version": version}
    opened = _counted(LessonOpening.objects.filter(**of_version))
    finished = _counted(LessonCompletion.objects.filter(**of_version, enrolment__openings__lesson_key=F("lesson_key")))
    minutes = _minutes(version)
    return [
        LessonFlow(
            lesson.title,
            lesson.minutes,
            opened.get(lesson.key, 0),
            finished.get(lesson.key, 0),
            minutes.get(lesson.key),
        )
        for lesson in lessons.order_by("position")
    ]


def _counted(rows: QuerySet[Any]) -> dict[str, int]:
    return dict(rows.order_by().values_list("lesson_key").annotate(how_many=Count("pk")))


def _minutes(version: CourseVersion) -> dict[str, float]:
    rows = LessonCompletion.objects.filter(
        enrolment__course_version=version, enrolment__openings__lesson_key=F("lesson_key")
    )
    pairs = rows.order_by("-pk").values_list("lesson_key", "on", "enrolment__openings__on")[:_NEWEST]
    taken: dict[str, list[float]] = defaultdict(list)
    for key, finished, opened in pairs:
        if timedelta() <= finished - opened <= _LONGEST:
            taken[key].append((finished - opened).total_seconds() / 60)
    return {key: round(median(minutes), 1) for key, minutes in taken.items()}
