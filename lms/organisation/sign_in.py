"""Signing in: by staff number or e-mail address with a password, the first time by a one-time code.

Nothing here tells a guesser whether a number or address exists: not the words, not the time taken.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.organisation.models import Employer, StaffNumber, User
from lms.organisation.models.people import INTERNAL_NAME, normal_number


class StaffNumberOrEmailBackend(ModelBackend):
    """Finds the one login behind a staff number or e-mail address, then checks the password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        user = the_one_named(username)
        if user is None:
            # One hash all the same, as Django does, so that the time taken tells nothing.
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, with the person in the same query: every page shows the name."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def users_named(name: str) -> list[User]:
    """Active logins that a typed name may mean.

    A staff number, `EMPLOYER/NUMBER` for one employer's, an e-mail address, or the login's internal name.
    """
    name = name.strip()
    if "\0" in name:
        return []  # PostgreSQL would not even look for it.
    active = User.objects.filter(is_active=True).select_related("person")
    if name.startswith(INTERNAL_NAME):
        return list(active.filter(username=name))
    if "@" in name:
        return list(active.filter(email__iexact=name)[:1])
    employer, _slash, number = name.rpartition("/")
    numbers = StaffNumber.objects.on(clock.today()).filter(number=normal_number(number))
    if employer:
        numbers = numbers.filter(employer__code__iexact=employer)
    found = list(active.filter(person__in=numbers.values("person")).order_by("pk")[:20])
    return found or list(active.filter(username=name))


def the_one_named(name: str) -> User | None:
    """The login that a typed name means, if it means one and no more."""
    users = users_named(name)
    return users[0] if len(users) == 1 else None


class AccountAdapter(DefaultAccountAdapter):
    """People are entered by their employer: there is no sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The staff number or e-mail address and the password do not belong together. Check both. "
            "If you have forgotten your password, ask your supervisor or HR for a one-time code."
        ),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again. Nothing was lost."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """A password chosen by way of a mailed link is the user's own, too."""
        user.must_set_password = False
        super().set_password(user, password)


class NameFields(forms.Form):
    """Asks who is there in the field `login`, and for which employer only where a number is borne at more than one."""

    employer = forms.ModelChoiceField(
        Employer.objects.order_by("name"), label=_("Employer"), required=False, to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named = users_named(str(self.data.get(self.add_prefix("login"), ""))) if self.is_bound else []
        if len(self._named) < 2:
            del self.fields["employer"]

    def the_one(self) -> tuple[User | None, str]:
        """The login that was named, if it is one and no more, and the name by which to count tries.

        Tries are counted by login, so that writing its name another way gives no more of them.
        """
        typed: str = self.cleaned_data["login"].strip()
        employer: Employer | None = self.cleaned_data.get("employer")
        named = users_named(f"{employer.code}/{typed}") if employer else self._named
        user = named[0] if len(named) == 1 else None
        return user, user.username if user else typed.upper()

    def ask_for_employer(self) -> None:
        """Refuse a number borne at several employers until one is chosen."""
        if "employer" in self.fields and not self.cleaned_data.get("employer"):
            self.add_error("employer", _("This number is in use at more than one employer. Choose yours."))


class SignInForm(LoginForm, NameFields):
    """Allauth's form with our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number or e-mail address")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        # The page itself links to the way out of a forgotten password.
        self.fields["password"].help_text = ""
        self.order_fields(["login", "employer", "password"])

    def user_credentials(self) -> dict[str, str]:
        """What allauth authenticates with and counts failures by: the login, however its name was written."""
        _user, name = self.the_one()
        return {"username": name, "password": self.cleaned_data["password"]}

    def clean(self) -> dict[str, Any]:
        self.ask_for_employer()
        return super().clean() or self.cleaned_data
