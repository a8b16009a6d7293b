"""Our fields and HR's columns: which is which, guessed by name, told once and remembered by the heading row. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lms.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Field:
    """One of our fields: its label, and headings that mean it, as letters alone."""

    label: Promise
    headings: tuple[str, ...] = ()


FIELDS: Final[dict[str, Field]] = {
    "number": Field(lazy("Staff number"), ("number", "staffno", "employeenumber", "employeeid", "personnelnumber")),
    "former_number": Field(lazy("Former staff number"), ("oldnumber", "previousnumber", "oldstaffnumber")),
    "employer": Field(lazy("Employer"), ("employercode", "company", "agency")),
    "given_names": Field(lazy("Given names"), ("firstname", "firstnames", "givenname", "forename", "forenames")),
    "surname": Field(lazy("Surname"), ("lastname", "familyname", "name")),
    "email": Field(lazy("E-mail address"), ("email", "mail", "workemail")),
    "person_kind": Field(lazy("Employee or contractor"), ("personkind", "persontype", "employeetype")),
    "post": Field(lazy("Post code"), ("post", "position", "positioncode", "positionid", "postnumber", "seat")),
    "holding": Field(lazy("Substantive, acting or seconded"), ("holding", "holdingkind", "appointmenttype")),
    "post_title": Field(lazy("Post title"), ("title", "jobtitle", "positiontitle", "job")),
    "category": Field(lazy("Post category"), ("category", "jobfamily", "occupation", "grade")),
    "manager": Field(lazy("Reports to (post code)"), ("reportsto", "manager", "managerpost", "managerposition")),
    "unit": Field(lazy("Unit code"), ("unit", "office", "officecode", "department", "departmentcode", "orgunit")),
    "unit_name": Field(lazy("Unit name"), ("officename", "departmentname")),
    "unit_kind": Field(lazy("Unit kind"), ("unittype", "officetype")),
    "parent": Field(lazy("Unit above (code)"), ("parent", "parentunit", "parentcode", "above", "unitabove")),
    "day": Field(
        lazy("Effective from"), ("date", "from", "effective", "effectivedate", "validfrom", "start", "startdate")
    ),
    "last_day": Field(
        lazy("Last day of service"), ("lastday", "enddate", "leavingdate", "terminationdate", "leftdate")
    ),
}
CHARACTERS: Final = {
    "number": 40,
    "former_number": 40,
    "given_names": 150,
    "surname": 150,
    "email": 254,
    "post": 40,
    "post_title": 150,
    "category": 150,
    "manager": 40,
    "unit": 40,
    "unit_name": 200,
    "parent": 40,
}
# What makes a file speak of something: without at least one of these sets it says nothing we could use.
SPEAKS_OF: Final[dict[str, frozenset[str]]] = {
    "people": frozenset({"number"}),
    "lines": frozenset({"post", "manager"}),
    "posts": frozenset({"post", "unit"}),
    "units": frozenset({"unit", "unit_name"}),
}


def spoken_of(fields: Iterable[str]) -> frozenset[str]:
    """What a file with these fields speaks of: people, lines, posts, units."""
    there = set(fields)
    return frozenset(subject for subject, needed in SPEAKS_OF.items() if needed <= there)


def guessed(head: Sequence[str]) -> dict[str, str]:
    """Our field → HR's column, for headings that say clearly what they hold."""
    columns: dict[str, str] = {}
    for key, field in FIELDS.items():
        wanted = [_letters(key), _letters(str(field.label)), *field.headings]
        found = (title for word in wanted for title in head if _letters(title) == word)
        column = next((title for title in found if title not in columns.values()), None)
        if column is not None:
            columns[key] = column
    return columns


def checked(columns: Mapping[str, str], head: Sequence[str]) -> dict[str, str]:
    """The mapping, if a file with this head can be read by it. Raises Refused with what is missing."""
    kept = {field: title for field, title in columns.items() if title}
    unknown = [title for title in kept.values() if title not in head]
    if unknown:
        raise Refused(_("The file has no column “%(column)s”.") % {"column": unknown[0]})
    if len(set(kept.values())) < len(kept):
        raise Refused(_("One column of the file stands for two of ours. Choose each column once."))
    if not spoken_of(kept):
        raise Refused(
            _(
                "The heading row names none of the columns that are needed: a staff number, or post and unit, or unit "
                "and unit name. It has: %(head)s."
            )
            % {"head": ", ".join(head)[:300]}
        )
    return kept


def checked_head(head: Sequence[str]) -> list[str]:
    """The heading row, if it can be one. Raises Refused where it is empty or names a column twice."""
    titles = [title for title in head if title]
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if not titles:
        raise Refused(_("The file has no heading row. Its first row must name the columns."))
    if twice is not None:
        raise Refused(_("The heading row names the column “%(column)s” twice.") % {"column": twice})
    return list(head)


def digest_of(head: Sequence[str]) -> str:
    """What the mapping of a heading row is remembered by."""
    return hashlib.sha256("\n".join(title.casefold() for title in head).encode()).hexdigest()


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
