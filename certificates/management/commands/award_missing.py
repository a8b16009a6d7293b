"""award_missing: certificates for results that have none. Harmless the second time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates import awards, sequencing
from lms.core.errors import Refused


class Command(BaseCommand):
    help = "Award every result that has no certificate, and number what waits in the register."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            awarded = awards.award_missing(by=awards.AWARDING_RULE)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        numbered = sequencing.number_entries()
        self.stdout.write(f"{awarded} awarded, {numbered} entries numbered")
