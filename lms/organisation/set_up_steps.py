"""Setting an installation up step by step: which are done, and which comes next. Each can be changed later."""

from dataclasses import dataclass

from lms.organisation.models import JurisdictionAdoption, Organisation, WorkingWeek

# By the names of their pages.
STEPS = ["first_run", "first_run_organisation", "organisation_rules", "organisation_week"]


@dataclass(frozen=True, slots=True)
class Progress:
    """The step at hand, counted from 1, out of how many."""

    number: int
    total: int = len(STEPS)

    @property
    def before(self) -> int:
        """How many steps lie behind."""
        return self.number - 1


def next_page() -> str:
    """The name of the page of the first step that is not done; the organisation's own page when all are."""
    if not Organisation.objects.exists():
        return "first_run_organisation"
    if not JurisdictionAdoption.objects.held().exists():
        return "organisation_rules"
    if not WorkingWeek.objects.held().exists():
        return "organisation_week"
    return "organisation"


def progress(page: str) -> Progress | None:
    """How far one is on this page, while the site is being set up."""
    return None if next_page() == "organisation" else Progress(STEPS.index(page) + 1)
