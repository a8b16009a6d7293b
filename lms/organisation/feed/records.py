"""Cells become a record: our fields, in the form in which they are kept. What cannot be is refused, with why. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lms.core.words import day_in_words
from lms.organisation.feed.columns import CHARACTERS, FIELDS
from lms.organisation.models import OrgUnit, Person, PostHolding
from lms.organisation.models.people import normal_number

DAY_FORMS: Final[dict[str, Promise]] = {
    "iso": lazy("year-month-day: 2026-03-09"),
    "dmy": lazy("day/month/year: 09/03/2026, 9.3.2026"),
    "mdy": lazy("month/day/year: 03/09/2026"),
    "compact": lazy("in one: 20260309"),
}
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_PATTERNS: Final = {
    "iso": _ISO,
    "dmy": re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})"),
    "mdy": re.compile(r"(?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})[/.\-](?P<y>\d{4})"),
    "compact": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
}
# Nearly every address; what is not that plain goes through Django's check, which costs ten times as much.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}")
_CHOICES: Final = {
    "person_kind": Person.Kind,
    "holding": PostHolding.Kind,
    "unit_kind": OrgUnit.Kind,
}
_DAYS: Final = ("day", "last_day")
_NAMED: Final = {"given_names", "surname", "email"}


class Unfit(Exception):
    """A row that cannot be a record; the text says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a row's days and employer are held against."""

    day_form: str
    latest: date
    employer: str
    # How employers may be written → their code.
    employers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One row in our words. An empty cell says nothing, so its field is not there."""

    line: int
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return date.fromisoformat(value) if value else None

    @property
    def who(self) -> str:
        """Employer and number, which together are somebody's. Empty without a number."""
        return f"{self.get('employer')}/{self.get('number')}" if self.get("number") else ""


def record(line: int, given: Mapping[str, str], limits: Limits, *, is_of_people: bool) -> Record:
    """The record of one row. Raises Unfit, in words for the account."""
    values = {name: _fitting(name, text, limits) for name, text in given.items() if text}
    if is_of_people and "number" not in values and (_NAMED & values.keys() or "post" not in values):
        # A row with a post and nobody in it is a vacant seat.
        raise Unfit(_("This row has no staff number."))
    if "number" in values:
        values.setdefault("employer", limits.employer)
    _check_days(values)
    return Record(line, values)


def until(last_day: date) -> date:
    """The first day that no longer counts."""
    return last_day + timedelta(days=1)


def parsed_day(text: str, form: str) -> date | None:
    """The day that a cell names in this form, or None. A workbook's own dates come as year-month-day in any form."""
    found = _PATTERNS[form].fullmatch(text) or _ISO.fullmatch(text)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


def likely_form(cells: list[str]) -> str:
    """The form in which all these cells are days; year-month-day where that cannot be told."""
    days = [cell for cell in cells if cell]
    fits = (form for form in DAY_FORMS if days and all(parsed_day(cell, form) for cell in days))
    return next(fits, "iso")


def _fitting(name: str, text: str, limits: Limits) -> str:
    label = FIELDS[name].label
    if name in CHARACTERS and len(text) > CHARACTERS[name]:
        raise Unfit(_("%(field)s: more than %(limit)d characters.") % {"field": label, "limit": CHARACTERS[name]})
    if name in _DAYS:
        return _day(name, text, limits)
    if name in _CHOICES:
        return _choice(name, text)
    if name == "employer":
        return _employer(text, limits)
    if name == "email":
        return _address(text)
    if name in {"number", "former_number"}:
        return normal_number(text)
    return " ".join(text.split())


def _day(name: str, text: str, limits: Limits) -> str:
    day = parsed_day(text, limits.day_form)
    if day is None:
        raise Unfit(
            _("%(field)s: “%(text)s” is no day of the form %(form)s.")
            % {"field": FIELDS[name].label, "text": text[:40], "form": DAY_FORMS[limits.day_form]}
        )
    if day > limits.latest or day.year < 1900:
        raise Unfit(_("%(day)s is too far away. Check the year.") % {"day": day_in_words(day)})
    return day.isoformat()


def _choice(name: str, text: str) -> str:
    wanted = text.casefold().replace("_", " ")
    for value, label in _CHOICES[name].choices:
        if wanted in {str(value).replace("_", " "), str(label).casefold()}:
            return str(value)
    known = ", ".join(str(value) for value in _CHOICES[name].values)
    raise Unfit(
        _("%(field)s: “%(text)s” is none of %(known)s.")
        % {"field": FIELDS[name].label, "text": text[:40], "known": known}
    )


def _employer(text: str, limits: Limits) -> str:
    try:
        return limits.employers[text.casefold()]
    except KeyError:
        raise Unfit(_("The employer “%(text)s” is not known here.") % {"text": text[:40]}) from None


def _address(text: str) -> str:
    if _PLAIN_ADDRESS.fullmatch(text):
        return text
    try:
        validate_email(text)
    except ValidationError:
        raise Unfit(_("“%(text)s” is no e-mail address.") % {"text": text[:60]}) from None
    return text


def _check_days(values: Mapping[str, str]) -> None:
    # ISO days sort as text.
    if "day" in values and "last_day" in values and values["last_day"] < values["day"]:
        raise Unfit(_("The dates cross: the last day of service comes before the day it begins."))
