"""Remembering when somebody came in for the first time: rules may count their days from there."""

from lms.core import clock
from lms.core.dated import facts_changed
from lms.organisation.models import User


def remember(sender: object, user: User, **kwargs: object) -> None:
    """Receiver of Django's `user_logged_in`. The first time stays; from the second on this asks nothing."""
    if user.first_signed_in_at is not None:
        return
    now = clock.now()
    if User.objects.filter(pk=user.pk, first_signed_in_at=None).update(first_signed_in_at=now):
        user.first_signed_in_at = now
        facts_changed.send(User, keys=[user.pk], from_day=clock.day_of(now))
