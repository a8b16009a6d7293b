"""The first run of an empty installation: its first administrator, then the organisation. Once, and never again.

Where strangers may reach the site a token is asked for, which `manage.py first_run` prints to whoever runs it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.organisation import grants, hiring, logins, posts, setup
from lms.organisation.models import FirstRun, Organisation, Role, User

BY = MachineRule("first run")
_USERNAME = "administrator"
# Whoever sets a site up does HR's work, too, until they give that role to somebody.
_ROLES = (Role.ADMINISTRATOR, Role.TRAINING_COORDINATOR)


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    """Who sets the site up. The password has been found good."""

    given_names: str
    surname: str
    email: str
    password: str


def is_open() -> bool:
    """Whether nobody has begun: no organisation, and not a single login."""
    return not Organisation.objects.exists() and not User.objects.exists()


def new_token() -> str:
    """A token that opens the first run once; one printed before opens it no more. Refused when it is over."""
    _check_open()
    token = secrets.token_urlsafe(24)
    expires = clock.now() + timedelta(hours=settings.FIRST_RUN_TOKEN_HOURS)
    FirstRun.objects.update_or_create(only_one=True, defaults={"token_hash": _hash(token), "token_expires_at": expires})
    return token


def begin(plan: NewAdministrator, *, token: str = "") -> User:
    """Make the first administrator. Of two at once one is refused, as is everybody after; so is a wrong token."""
    try:
        with transaction.atomic():
            return _begin(plan, token)
    except IntegrityError as error:
        raise Refused(_over()) from error


def may_go_on(user: User) -> bool:
    """Whether it is for this user to name the organisation: whoever began, or a superuser made on the machine."""
    return user.is_superuser or FirstRun.objects.filter(user=user).exists()


@transaction.atomic
def name_organisation(user: User, *, name: str, short_name: str, code: str, since: date) -> Organisation:
    """Make the organisation with its own employer and usual tags, and give `user` the first roles in it.

    Harmless when repeated with the same code. Refused for anybody else, and where there is another organisation.
    """
    if not may_go_on(user):
        raise Refused(_over())
    made = setup.make_organisation(
        name, short_name=short_name, code=code, since=since, loaded_on=clock.today(), by=user
    )
    hiring.employer(code.lower(), name=name)
    posts.usual_tags()
    for role in _ROLES:
        grants.grant(user, role, made.root, by=BY)
    return made


def _begin(plan: NewAdministrator, token: str) -> User:
    # Two at once both want this row: the second waits for the first and then finds the door shut.
    FirstRun.objects.get_or_create(only_one=True)
    row = FirstRun.objects.select_for_update().get()
    _check_open()
    if settings.FIRST_RUN_NEEDS_TOKEN and not _opens(row, token):
        raise Refused(_("This token is not accepted. Run “manage.py first_run” on the server and use what it prints."))
    user = logins.open_account(_USERNAME, first_name=plan.given_names, last_name=plan.surname, email=plan.email, by=BY)
    user.set_password(plan.password)
    user.save(update_fields=["password"])
    row.user, row.done_at, row.token_hash = user, clock.now(), ""
    row.save()
    audit.record("first administrator made", user, by=BY)
    return user


def _opens(row: FirstRun, token: str) -> bool:
    if not row.token_hash or row.token_expires_at is None or row.token_expires_at <= clock.now():
        return False
    return constant_time_compare(row.token_hash, _hash(token.strip()))


def _hash(token: str) -> str:
    # 144 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _check_open() -> None:
    if not is_open():
        raise Refused(_over())


def _over() -> str:
    return _("This site has its first administrator already. Sign in, or ask for a one-time code.")
