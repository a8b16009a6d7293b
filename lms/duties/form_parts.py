"""The parts of the form of a rule, in the order in which one decides them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form of a rule. A folded one is opened by who wants something other than usual."""

    title: Promise
    names: Sequence[str]
    is_folded: bool = True


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with its fields; open where something in it is wrong."""

    part: Part
    fields: Sequence[BoundField]

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen at once."""
        return any(field.errors for field in self.fields)


PARTS = [
    Part(
        _("What must be known, and by whom"),
        ["title", "courses", "document", "unit", "categories", "tags"],
        is_folded=False,
    ),
    Part(_("Only some people"), ["people", "appointed_within_days"]),
    Part(
        _("By when"), ["from_day", "due_days", "counts_from", "after_course", "due_day", "due_month"], is_folded=False
    ),
    Part(_("Working days, and time for newcomers"), ["in_working_days", "least_days"]),
    Part(
        _("How long a result counts"),
        ["counts_months", "expiry_basis", "expiry_day", "expiry_month", "least_months"],
    ),
    Part(_("What a renewal asks, and when"), ["renewal_opens_days", "renewal_asks", "refreshers"]),
    Part(
        _("Reminders"),
        [
            *("reminders", "told_assigned", "told_before_due", "before_due", "told_after_due", "after_due_every"),
            *("after_due_times", "told_window_open", "told_before_expiry", "before_expiry"),
        ],
    ),
    Part(_("On what ground"), ["instrument", "note"]),
    Part(_("Why it changes"), ["reason"], is_folded=False),
]
