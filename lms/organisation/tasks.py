"""What beat starts for this room."""

from celery import shared_task

from lms.organisation import grants


@shared_task(name="lms.organisation.sync_groups")
def sync_groups() -> int:
    """Roles begin and end with the calendar; the groups of Wagtail's admin follow within the hour."""
    return grants.sync_all_groups()
