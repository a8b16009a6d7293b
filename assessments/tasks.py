"""What beat starts in this room."""

from celery import shared_task

from assessments import submitting


@shared_task(name="assessments.submit_overdue")
def submit_overdue() -> int:
    """Hand in papers whose time is over."""
    return submitting.submit_overdue()
