"""What beat starts. Each is harmless when it runs twice."""

from celery import shared_task

from certificates import awards, sequencing
from certificates.models import Issuer


@shared_task(name="certificates.number_entries")
def number_entries() -> int:
    """Number entries whose own job was lost on the way."""
    return sequencing.number_entries()


@shared_task(name="certificates.take_head")
def take_head() -> None:
    """Note the log's head of the day."""
    sequencing.take_head()


@shared_task(name="certificates.award_missing")
def award_missing() -> int:
    """Award results that have no certificate, where somebody issues any."""
    return awards.award_missing(by=awards.AWARDING_RULE) if Issuer.objects.exists() else 0
