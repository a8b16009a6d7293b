"""One-time codes: a printed slip that opens a sign-in once, for those without a password or who forgot it.

Only a hash is kept. Whoever types a code in hears the same sentence whatever is wrong with it.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import OneTimeCode, User

# No letter or digit that a printed slip lets one take for another, and no vowels, so no words.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
_GROUPS, _LENGTH = 2, 4


def issue(user: User, *, by: Actor, chosen: str = "") -> tuple[OneTimeCode, str]:
    """Make a code for a login; returns its row and the code itself, which cannot be had again.

    Codes issued before are withdrawn. Refused for a closed login. `chosen` is for the demo, which prints its
    code at every start.
    """
    return issue_all([user], by=by, chosen=chosen)[0]


@transaction.atomic
def issue_all(users: Sequence[User], *, by: Actor, chosen: str = "") -> list[tuple[OneTimeCode, str]]:
    """The same for many logins, such as those of an office."""
    if any(not user.is_active for user in users):
        raise Refused(_("This login is closed, so a code would open nothing."))
    now = clock.now()
    OneTimeCode.objects.standing().filter(user__in=users).update(withdrawn_at=now)
    made = [(_row(user, code, by), code) for user, code in ((user, chosen or _new_code()) for user in users)]
    OneTimeCode.objects.bulk_create([row for row, _code in made])
    audit.record_all("one-time code issued", users, by=by)
    return made


@transaction.atomic
def withdraw(user: User, *, by: Actor) -> None:
    """Let a login's standing code open nothing any more."""
    if OneTimeCode.objects.standing().filter(user=user).update(withdrawn_at=clock.now()):
        audit.record("one-time code withdrawn", user, by=by)


@transaction.atomic
def redeem(user: User | None, typed: str) -> User:
    """Use a code. The login must then set a password; an old one no longer opens it.

    Raises Refused with one and the same sentence, after the same work, whatever is wrong: no such login,
    no such code, used, withdrawn or expired.
    """
    code = _usable_code(user)
    if not _opens(code, typed) or user is None or code is None:
        raise Refused(_not_accepted())
    # The row itself decides, should two slips of the same code be typed in at the same moment.
    if not OneTimeCode.objects.usable().filter(pk=code.pk).update(used_at=clock.now()):
        raise Refused(_not_accepted())
    user.set_unusable_password()
    user.must_set_password = True
    user.save(update_fields=["password", "must_set_password"])
    audit.record("signed in by one-time code", user, by=user)
    return user


def set_own_password(user: User, password: str) -> User:
    """Set the password that whoever came in by a code must set before anything else."""
    user.set_password(password)
    user.must_set_password = False
    user.save(update_fields=["password", "must_set_password"])
    return user


def fits(code: OneTimeCode, typed: str) -> bool:
    """Whether this row is of that code, whatever its state."""
    return check_password(_plain(typed), code.code_hash)


def code_from(pick: Sequence[int]) -> str:
    """The code that these numbers spell, in the printed form ABCD-EFGH."""
    letters = "".join(ALPHABET[number % len(ALPHABET)] for number in pick[: _GROUPS * _LENGTH])
    return "-".join(letters[start : start + _LENGTH] for start in range(0, len(letters), _LENGTH))


def _new_code() -> str:
    return code_from([secrets.randbelow(len(ALPHABET)) for _letter in range(_GROUPS * _LENGTH)])


def _row(user: User, code: str, by: Actor) -> OneTimeCode:
    now = clock.now()
    expires_at = now + timedelta(days=settings.ONE_TIME_CODE_DAYS)
    return OneTimeCode(
        user=user, code_hash=make_password(_plain(code)), issued_at=now, expires_at=expires_at, **columns(by)
    )


def _usable_code(user: User | None) -> OneTimeCode | None:
    return OneTimeCode.objects.usable().filter(user=user).first() if user is not None and user.is_active else None


def _opens(code: OneTimeCode | None, typed: str) -> bool:
    if code is None:
        # A hash is made all the same, so that the time taken tells nothing.
        make_password(_plain(typed))
        return False
    return fits(code, typed)


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _not_accepted() -> str:
    return _(
        "This staff number and code were not accepted. Check both for slips. A code works once and for a limited "
        "time: if yours was used or is old, ask your supervisor or HR for a new one."
    )
