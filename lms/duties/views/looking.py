"""What every page of figures begins with: which unit, as at which day, and whether its reader may know names."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest

from lms.core import clock
from lms.duties import coverage
from lms.duties.forms import CoverageForm
from lms.duties.scope import may_see_names, path_to, top_unit, units_seen
from lms.duties.seen import Seen
from lms.organisation.access import user_of
from lms.organisation.models import OrgUnit, User


@dataclass(frozen=True)
class Look:
    """A unit on a day, as somebody asked for it. `path` begins with the highest unit above that they may see.

    `target` is what the form makes of it: a course, or on the list of people what a target is called.
    """

    form: CoverageForm
    day: date
    target: Any
    path: list[OrgUnit]
    with_names: bool

    @property
    def unit(self) -> OrgUnit:
        """The unit, with its name of the day."""
        return self.path[-1]

    @property
    def above(self) -> list[OrgUnit]:
        """The units above it."""
        return self.path[:-1]

    @cached_property
    def seen(self) -> Seen:
        """Its figures, with the small ones hidden unless names may be known."""
        return self.figures(coverage.AT_MOST)

    def figures(self, work_off_at_most: int | None) -> Seen:
        """The same, after so many marks at most were worked off; None for all of them."""
        path = [self.unit] if self.with_names else self.path
        found = coverage.count_path(path, self.day, target=self.target, work_off_at_most=work_off_at_most)
        return Seen(found, self.with_names)

    @property
    def day_query(self) -> str:
        """What links to any page keep: the day, unless it is today."""
        return urlencode({"on": self.day.isoformat()}) if self.day != clock.today() else ""

    @property
    def query(self) -> str:
        """What links to other units keep: the day, and the course."""
        return "&".join(filter(None, [self.day_query, urlencode({"target": self.target.code}) if self.target else ""]))

    @property
    def link(self) -> str:
        """What links to other pages about this unit and day keep."""
        return "&".join(filter(None, [urlencode({"unit": str(self.unit.uuid)}), self.day_query]))

    @property
    def least(self) -> int:
        """Smaller groups are hidden where names may not be known."""
        return int(settings.SMALLEST_GROUP_SHOWN)


def look(request: HttpRequest, form_of: type[CoverageForm] = CoverageForm) -> Look | None:
    """What was asked for; None if there is no unit whose figures the user may see. A stranger's unit is not found."""
    form = form_of(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day, user = asked.get("on", clock.today()), user_of(request)
    path = _path(request.GET.get("unit"), user, day)
    return Look(form, day, asked.get("target"), path, may_see_names(user, path[-1], day)) if path else None


def _path(wanted: str | None, user: User, day: date) -> list[OrgUnit]:
    """The way down to the unit asked for, if it is within what the user may see; to the highest if none is named."""
    seen = units_seen(user)
    if not wanted:
        highest = top_unit(seen, clock.today())
        return path_to(highest.uuid, day, seen) if highest else []
    try:
        path = path_to(UUID(wanted), day, seen)
    except ValueError:
        path = []
    if not path:
        raise Http404
    return path
