"""The first sign-in with a one-time code, and the password that must follow it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lms.core.errors import Refused
from lms.core.gates import public
from lms.organisation import codes
from lms.organisation.access import signed_in, user_of
from lms.organisation.forms import FirstSignInForm
from lms.organisation.models import User

_LONGEST_NAME = 254
BACKEND = "lms.organisation.sign_in.StaffNumberOrEmailBackend"


@public
@never_cache
@sensitive_post_parameters("code")
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Staff number and one-time code, then a password of one's own."""
    if request.user.is_authenticated:
        return redirect("home")
    # The card's QR code brings the staff number, never the code.
    form = FirstSignInForm(typed_in(request), initial={"login": request.GET.get("login", "")[:_LONGEST_NAME]})
    user = _redeemed(request, form) if form.is_valid() else None
    if user is None:
        return render(request, "organisation/first_sign_in.html", {"form": form})
    login(request, user, backend=BACKEND)
    return redirect("set_password")


@signed_in
@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest) -> HttpResponse:
    """The password that whoever came in by a one-time code sets before anything else."""
    user = user_of(request)
    if not user.must_set_password:
        return redirect("account_change_password")
    form = SetPasswordForm(user, typed_in(request))
    if not form.is_valid():
        return render(request, "organisation/set_password.html", {"form": form})
    codes.set_own_password(user, form.cleaned_data["new_password1"])
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is set. Use it with your staff number from now on."))
    return redirect("home")


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What was sent, if something was, be it nothing: an empty form is answered, too."""
    return request.POST if request.method == "POST" else None


def _redeemed(request: HttpRequest, form: FirstSignInForm) -> User | None:
    user, key = form.the_one()
    if not ratelimit.consume(request, action="one_time_code", key=key):
        form.add_error(None, _("Too many tries. Wait five minutes, then try again. Your code was not used up."))
        return None
    try:
        return codes.redeem(user, form.cleaned_data["code"])
    except Refused as error:
        form.add_error(None, str(error))
        return None
