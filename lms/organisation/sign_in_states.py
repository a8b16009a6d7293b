"""How far somebody's way in has come, for whoever helps them sign in. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.organisation.models import CodeState, OneTimeCode, User


@dataclass(frozen=True, slots=True)
class SignInState:
    """A word for the list, the colour of its tag, and whether a one-time code is the next thing to do."""

    label: Promise
    colour: str
    needs_code: bool


NONE = SignInState(_("no sign-in yet"), "grey", True)
CLOSED = SignInState(_("closed"), "red", False)
READY = SignInState(_("has a password"), "green", False)
MUST_SET_PASSWORD = SignInState(_("code used, no password set"), "yellow", True)
CODE_WAITS = SignInState(_("code issued, not used"), "blue", False)
CODE_EXPIRED = SignInState(_("code expired"), "orange", True)


def state_of(user: User | None, code: OneTimeCode | None) -> SignInState:
    """The state of a person's login, given their newest one-time code."""
    if user is None:
        return NONE
    if not user.is_active:
        return CLOSED
    if code is not None and code.state == CodeState.UNUSED:
        return CODE_WAITS
    if user.has_usable_password():
        return READY
    if user.must_set_password:
        return MUST_SET_PASSWORD
    return CODE_EXPIRED if code is not None and code.state == CodeState.EXPIRED else NONE
