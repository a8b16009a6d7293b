"""`manage.py access_matrix`"""

from typing import Any

from lms.core.commands import StepCommand
from lms.organisation.access import MATRIX, Capability
from lms.organisation.gate_walk import gates


class Command(StepCommand):
    """For auditors: the whole of who may do what, in one page."""

    help = "Print which role may do what, and the gate of every address."

    def step(self, **options: Any) -> None:
        """Two tables."""
        for number, role in enumerate(MATRIX, start=1):
            self.stdout.write(f"{number:>2}  {role.label}")
        self.stdout.write("")
        self.stdout.write(" " * 34 + "".join(f"{number:>4}" for number in range(1, len(MATRIX) + 1)))
        for capability in Capability:
            marks = "".join(f"{'x' if capability in can else '.':>4}" for can in MATRIX.values())
            self.stdout.write(f"{capability.value:<34}{marks}")
        self.stdout.write("")
        for address, gate in gates():
            self.stdout.write(f"/{address:<70} {gate or 'NO GATE'}")
