"""The job itself."""

import os
import time
from pathlib import Path
from typing import Any

from lms.core import outbox
from lms.organisation.models import Employer

KIND = "tests.slow"


def slow(payload: dict[str, Any]) -> None:
    """Add an employer, halfway through wait for the file `go`, then rename it."""
    folder = Path(payload["folder"])
    employer = Employer.objects.create(code=payload["code"], name="half done")
    (folder / f"begun-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)
    employer.name = "done"
    employer.save()


def offer() -> None:
    """Make it known to the outbox of this process."""
    outbox.handlers.register(KIND, slow)
