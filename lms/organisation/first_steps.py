"""What comes after setting up, until somebody learns: a list that each room fills in, ticked when there is something."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.core.ports import Registry
from lms.organisation.access import Capability
from lms.organisation.models import OneTimeCode, Person, Post, User


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to do. `is_done` asks the database once; `links` are labels and names of pages."""

    label: str | Promise
    hint: str | Promise
    order: int
    capability: Capability
    is_done: Callable[[], bool]
    links: Sequence[tuple[str | Promise, str]] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as the card shows it."""

    step: FirstStep
    is_done: bool


entries: Registry[FirstStep] = Registry("first steps")


def shown(capabilities: Collection[Capability]) -> list[Shown]:
    """The steps that somebody with these capabilities may do, in order."""
    steps = sorted((step for _key, step in entries), key=lambda step: step.order)
    return [Shown(step, step.is_done()) for step in steps if step.capability in capabilities]


def is_something_left(capabilities: Collection[Capability]) -> bool:
    """Whether one of them is still to do."""
    return any(not item.is_done for item in shown(capabilities))


_OWN = {
    "units and posts": FirstStep(
        _("Enter your offices and the posts in them"),
        _("From HR’s list as a file, or one by one where you are few. A post is a seat, filled or not."),
        order=10,
        capability=Capability.MANAGE_STAFF,
        is_done=Post.objects.exists,
        links=[(_("Take over HR’s list"), "feeds"), (_("Enter offices and posts"), "units")],
    ),
    "people": FirstStep(
        _("Put people into the posts"),
        _("With their staff numbers, by which they sign in. HR’s list brings them, too."),
        order=20,
        capability=Capability.MANAGE_STAFF,
        is_done=Person.objects.exists,
        links=[(_("Offices and posts"), "units")],
    ),
    "codes": FirstStep(
        _("Print one-time codes, office by office"),
        _("A card for each person to cut out and hand over. No e-mail address is needed."),
        order=40,
        capability=Capability.ISSUE_CODES,
        is_done=OneTimeCode.objects.exists,
        links=[(_("Print one-time codes"), "staff_codes")],
    ),
    "sign-in": FirstStep(
        _("See the first person sign in"),
        _(
            "With staff number and code at this site’s address. They then choose a password and find what they must learn."
        ),
        order=50,
        capability=Capability.ISSUE_CODES,
        is_done=lambda: User.objects.filter(person__isnull=False, last_login__isnull=False).exists(),
        links=[(_("See who has signed in"), "staff")],
    ),
}


def register_own() -> None:
    """The steps of this room."""
    for key, step in _OWN.items():
        entries.register(key, step)
