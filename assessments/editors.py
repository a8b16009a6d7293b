"""Who edited a course's questions, paper or guides in the editor: they do not publish it."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry

from assessments.models import ObservationGuide, Paper, Question
from courses.models import Course


def since(course: Course, moment: datetime | None) -> set[int]:
    """Ids of users who created, changed or deleted one of them since the instant, or ever."""
    ours = Q()
    for model in (Question, Paper, ObservationGuide):
        ids = [str(pk) for pk in model._default_manager.filter(course=course).values_list("pk", flat=True)]
        ours |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
    entries = ModelLogEntry.objects.filter(ours, user__isnull=False)
    if moment is not None:
        entries = entries.filter(timestamp__gt=moment)
    return set(entries.values_list("user_id", flat=True))
