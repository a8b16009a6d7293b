"""Opening and closing a person's login. How they then come in: codes.py and sign_in.py."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import Actor
from lms.core.errors import Refused
from lms.organisation.models import Person, User
from lms.organisation.models.people import INTERNAL_NAME


def open_login(person: Person, *, by: Actor) -> User:
    """The person's login, opened if there is none. It has no password until a one-time code is used."""
    return open_logins([person], by=by)[0]


@transaction.atomic
def open_logins(people: Sequence[Person], *, by: Actor) -> list[User]:
    """The logins of many people, opened where there is none."""
    logins = {user.person_id: user for user in User.objects.filter(person__in=people)}
    used = _used_addresses([person.email for person in people if person.email])
    new = []
    for person in people:
        if person.pk in logins:
            continue
        # An address signs in one person only; whoever comes second has the staff number.
        email = "" if person.email.lower() in used else person.email
        used.add(email.lower())
        login = logins[person.pk] = User(username=f"{INTERNAL_NAME}{person.uuid}", person=person, email=email)
        login.set_unusable_password()
        new.append(login)
    User.objects.bulk_create(new, batch_size=500)
    audit.record_all("login opened", new, by=by)
    return [logins[person.pk] for person in people]


@transaction.atomic
def close_login(user: User, *, by: Actor, reason: str = "") -> User:
    """Let nobody in with this login any more; open pages of it end at their next click."""
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record("login closed", user, by=by, reason=reason)
    return user


@transaction.atomic
def open_account(username: str, *, first_name: str, last_name: str, email: str, by: Actor) -> User:
    """An account that belongs to no member of staff, such as an outside auditor's. Harmless the second time."""
    standing = User.objects.filter(username=username, person__isnull=True).first()
    if standing is not None:
        return standing
    if User.objects.filter(username=username).exists() or (email and User.objects.filter(email__iexact=email).exists()):
        raise Refused(_("This name or e-mail address belongs to another account."))
    account = User(username=username, first_name=first_name, last_name=last_name, email=email)
    account.set_unusable_password()
    account.save()
    audit.record("account opened", account, by=by)
    return account


def _used_addresses(addresses: Sequence[str]) -> set[str]:
    found = User.objects.filter(email__in=addresses).values_list("email", flat=True) if addresses else []
    return {address.lower() for address in found}
