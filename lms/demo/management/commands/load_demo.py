"""`manage.py load_demo [--as-at DATE]`"""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from lms.core.commands import StepCommand
from lms.demo import loading, ministry
from lms.organisation.models import Post, PostHolding
from lms.organisation.setup import adopted_on


class Command(StepCommand):
    """Run twice, it changes nothing."""

    help = "Load the demo organisation. The first load keeps its day, and all its dates are relative to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-at", type=date.fromisoformat, metavar="DATE", help="the demo's day, such as 2026-03-02"
        )

        parser.add_argument("--without-history", action="store_true", help="nobody has learnt anything yet")

    def step(self, **options: Any) -> None:
        """Load, and say what stands."""
        organisation, is_new = loading.load(options["as_at"], with_history=not options["without_history"])
        day = organisation.loaded_on
        seats, holders = Post.objects.open_on(day).count(), PostHolding.objects.on(day).count()
        word = "loaded" if is_new else "was loaded before, nothing changed"
        self.stdout.write(f"{organisation}: {word}. Day {day}, {seats} posts, {holders} of them held.")
        self.stdout.write(f"It teaches the rules of {', '.join(adopted_on(day))}: {ministry.WHY_THESE}.")
