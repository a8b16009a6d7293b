"""`manage.py demo_sign_ins`"""

from typing import Any

from lms.core.commands import StepCommand
from lms.demo import sign_ins


class Command(StepCommand):
    """Prints who may sign in to the demo and how. Nothing where no demo is loaded."""

    help = "List the demo's sign-ins with their state."

    def step(self, **options: Any) -> None:
        """One line for each."""
        for line in sign_ins.listed():
            state = f" ({line.state})" if line.state else ""
            self.stdout.write(f"{line.name:<16} {line.part:<38} {line.sign_in_name:<28} {line.secret}{state}")
