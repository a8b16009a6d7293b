"""The demo's ways in: known passwords, and one code that can be printed again at every start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.actors import Actor
from lms.core.errors import Refused
from lms.demo import ministry, people
from lms.organisation import codes
from lms.organisation.models import CodeState, OneTimeCode, Organisation, StaffNumber, User

PASSWORD = "seven-quiet-counters"  # printed at every start, and never used in production
AUDITOR_KEY = "auditor"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the list: who, as what, and how they come in."""

    name: str
    part: str
    sign_in_name: str
    secret: str
    state: str


def part_of(key: str) -> people.Part:
    """The part of a demo user: by post code, or the auditor's."""
    return people.AUDITOR if key == AUDITOR_KEY else people.PARTS[key]


def prepare(users: Mapping[str, User], *, by: Actor) -> None:
    """Give every demo user the known password, and Thandi a one-time code instead."""
    for key, user in users.items():
        if key == people.THANDI:
            codes.issue(user, by=by, chosen=demo_code(user))
        else:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])


def demo_code(user: User) -> str:
    """The same code for the same login at every start, unknown without this installation's secret."""
    return codes.code_from(list(salted_hmac("lms.demo.sign_ins", user.username, algorithm="sha256").digest()))


def listed() -> Iterator[SignIn]:
    """The demo's sign-ins with their state. Raises Refused under settings that have none."""
    if not settings.DEMO_SIGN_INS:
        raise Refused(_("There are no demo sign-ins under these settings."))
    if not Organisation.objects.filter(root__code=ministry.ROOT).exists():
        return
    for part in [part for part in people.PARTS.values() if part.signs_in_as] + [people.AUDITOR]:
        user = _user_of(part)
        if user is not None:
            yield _line(part, user)


def _user_of(part: people.Part) -> User | None:
    if part is people.AUDITOR:
        return User.objects.filter(username="auditor").first()
    named = User.objects.filter(person__given_names=part.given_names, person__surname=part.surname)
    return named.select_related("person").first()


def _line(part: people.Part, user: User) -> SignIn:
    number = StaffNumber.objects.on(clock.today()).filter(person=user.person).first() if user.person else None
    code = _demo_code_row(user) if part is people.PARTS[people.THANDI] else None
    secret, state = _by_code(user, code) if code else _by_password(user)
    return SignIn(str(user), part.signs_in_as, number.number if number else user.email, secret, state)


def _demo_code_row(user: User) -> OneTimeCode | None:
    rows = OneTimeCode.objects.filter(user=user).order_by("pk")
    return next((row for row in rows if codes.fits(row, demo_code(user))), None)


def _by_code(user: User, code: OneTimeCode) -> tuple[str, str]:
    hint = {
        CodeState.USED: _("used; she signs in with the password that she set"),
        CodeState.EXPIRED: _("expired; Devon Clarke can issue another on her staff page"),
        CodeState.WITHDRAWN: _("withdrawn; a newer one was issued"),
    }
    return _("one-time code %(code)s") % {"code": demo_code(user)}, hint.get(code.state, _("unused"))


def _by_password(user: User) -> tuple[str, str]:
    as_loaded = user.check_password(PASSWORD)
    return _("password %(password)s") % {"password": PASSWORD}, "" if as_loaded else _("changed since")
