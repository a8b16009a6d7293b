"""Which rules ask for a course: for refusing its deletion in the admin."""

from django.db import models
from django.utils.translation import ngettext

from courses.models import CoursePage
from lms.core import clock
from lms.duties.models import RequirementVersion


def of(thing: models.Model) -> list[str]:
    """Sentences about `thing`; none where no rule asks for it."""
    if not isinstance(thing, CoursePage):
        return []
    rules = RequirementVersion.objects.on(clock.today()).filter(courses=thing.course).count()
    words = ngettext("%s requirement asks for it.", "%s requirements ask for it.", rules)
    return [words % rules] if rules else []
