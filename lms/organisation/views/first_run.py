"""The first run: the administrator, then the organisation. The steps after it are pages of the organisation."""

from allauth.core import ratelimit
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lms.core import clock
from lms.core.errors import Refused
from lms.core.gates import public
from lms.organisation import first_run as step
from lms.organisation import set_up_steps
from lms.organisation.access import signed_in, user_of
from lms.organisation.models import Organisation, User
from lms.organisation.set_up_forms import AdministratorForm, NewOrganisationForm
from lms.organisation.views.accounts import BACKEND, typed_in

_YEARS_BACK = 10


@public
@never_cache
@sensitive_post_parameters()
def first_run(request: HttpRequest) -> HttpResponse:
    """The first administrator of an empty site. Refused once there is one."""
    if not step.is_open():
        return _shut(request)
    form = AdministratorForm(typed_in(request))
    user = _begun(request, form) if form.is_valid() else None
    if user is None:
        context = {"form": form, "progress": set_up_steps.progress("first_run")}
        return render(request, "organisation/first_run.html", context)
    login(request, user, backend=BACKEND)
    return redirect(set_up_steps.next_page())


@signed_in
def first_run_organisation(request: HttpRequest) -> HttpResponse:
    """The organisation, named by whoever began."""
    user = user_of(request)
    if Organisation.objects.exists():
        return redirect(set_up_steps.next_page())
    if not step.may_go_on(user):
        raise PermissionDenied(_("This site is being set up by its first administrator."))
    since = clock.today().replace(year=clock.today().year - _YEARS_BACK, month=1, day=1)
    form = NewOrganisationForm(typed_in(request), initial={"since": since})
    if form.is_valid():
        try:
            step.name_organisation(user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(set_up_steps.next_page())
    context = {"form": form, "progress": set_up_steps.progress("first_run_organisation")}
    return render(request, "organisation/first_run_organisation.html", context)


def _shut(request: HttpRequest) -> HttpResponse:
    """Whoever is at it goes on where they were; everybody else hears that it is over."""
    user = request.user
    if isinstance(user, User) and step.may_go_on(user) and set_up_steps.next_page() != "organisation":
        return redirect(set_up_steps.next_page())
    raise PermissionDenied(_("This site has its first administrator already. Sign in, or ask for a one-time code."))


def _begun(request: HttpRequest, form: AdministratorForm) -> User | None:
    if not ratelimit.consume(request, action="one_time_code", key="first run"):
        form.add_error(None, _("Too many tries. Wait five minutes, then try again. Nothing was lost."))
        return None
    try:
        return step.begin(form.administrator, token=form.cleaned_data.get("token", ""))
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
