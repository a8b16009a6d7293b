"""Signing in: by staff number or e-mail address with a password, the first time by a one-time code."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.organisation.models import StaffNumber, User


class StaffNumberOrEmailBackend(ModelBackend):
    """Finds the one login behind a staff number or e-mail address, then checks the password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        for user in users_named(username):
            if user.check_password(password) and self.user_can_authenticate(user):
                return user
        return None


def users_named(name: str) -> list[User]:
    """Active logins that a typed staff number or e-mail address may mean. `EMPLOYER/NUMBER` names one employer's."""
    name = name.strip()
    if "@" in name:
        return list(User.objects.filter(email__iexact=name, is_active=True)[:1])
    employer, _slash, number = name.rpartition("/")
    numbers = StaffNumber.objects.on(clock.today()).filter(number__iexact=number)
    if employer:
        numbers = numbers.filter(employer__code__iexact=employer)
    return list(User.objects.filter(person__in=numbers.values("person"), is_active=True)[:5])


class AccountAdapter(DefaultAccountAdapter):
    """People are entered by their employer: there is no sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignInForm(LoginForm):
    """Allauth's form with our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number or e-mail address")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        # The page itself links to the way out of a forgotten password.
        self.fields["password"].help_text = ""
