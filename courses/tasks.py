"""What beat starts for this room."""

from celery import shared_task

from courses.sessions import nightly


@shared_task(name="courses.make_sessions")
def make_sessions() -> None:
    """Make the next sessions of every series. Harmless when it runs twice."""
    nightly.run()
