"""A second reader's word for a draft: the step between writing and approving."""

from django.db import models

from courses.models.versions import Course
from lms.core.events import Event


class Support(Event):
    """Somebody who did not write it read a course's draft and stands by it. `content_hash` says which draft.

    Written by `supporting.support` alone. A draft that is changed afterwards has another hash and needs a new reading.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="supports")
    content_hash = models.CharField(max_length=64)
    comment = models.TextField(blank=True)

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["course", "content_hash"], name="courses_support_of_draft")]

    def __str__(self) -> str:
        return f"{self.course} supported by {self.by}"
