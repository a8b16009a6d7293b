"""The site. The Celery app is loaded with Django so that tasks find their broker from every process."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
