"""What Wagtail says of course pages (unpublished or deleted, a course is offered no more), and a result that others waited for."""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import page_unpublished

from courses import publishing, results
from courses.models import CoursePage, Result
from courses.ports import result_changed


def connect() -> None:
    """Listen, once."""
    page_unpublished.connect(_withdraw, sender=CoursePage, dispatch_uid="courses.unpublished")
    result_changed.connect(_settle_what_waited, dispatch_uid="courses.settle_what_waited")
    post_delete.connect(_withdraw, sender=CoursePage, dispatch_uid="courses.deleted")


def _withdraw(sender: object, instance: CoursePage, **kwargs: Any) -> None:
    publishing.withdraw_offer(instance.course)


def _settle_what_waited(sender: object, result: Result, **kwargs: Any) -> None:
    """Another course may have asked for this one on condition."""
    results.settle_what_waited(result.person)
