"""What Wagtail says of course pages: unpublished or deleted, a course is offered no more."""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import page_unpublished

from courses import publishing
from courses.models import CoursePage


def connect() -> None:
    """Listen, once."""
    page_unpublished.connect(_withdraw, sender=CoursePage, dispatch_uid="courses.unpublished")
    post_delete.connect(_withdraw, sender=CoursePage, dispatch_uid="courses.deleted")


def _withdraw(sender: object, instance: CoursePage, **kwargs: Any) -> None:
    publishing.withdraw_offer(instance.course)
