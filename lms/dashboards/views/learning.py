"""The way in, and a learner's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lms.core import clock, navigation
from lms.core.gates import public
from lms.dashboards import my_learning as learning
from lms.organisation import first_run, first_steps, set_up_steps
from lms.organisation.access import Capability, person_of, remembered_capabilities, signed_in, user_of
from lms.organisation.models import User


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page for strangers; whoever is signed in goes on to their first useful page."""
    if not request.user.is_authenticated:
        return redirect("first_run") if first_run.is_open() else render(request, "home.html")
    if user_of(request).person_id is not None:
        return redirect("my_learning")
    page = _setting_up(user_of(request))
    if page:
        return redirect(page)
    # These are for everybody; an account that is nobody's goes to where its role has something to do.
    for_all = {reverse("courses"), reverse("library")}
    pages = [link.url for link in navigation.links(request) if link.url not in for_all]
    return redirect(pages[0]) if pages else render(request, "home.html")


def _setting_up(user: User) -> str:
    """Where somebody without a record of their own goes on who sets the site up; empty when all is done."""
    page = set_up_steps.next_page()
    if page == "first_run_organisation":
        return page if first_run.may_go_on(user) else ""
    capabilities = remembered_capabilities(user)
    if Capability.SET_UP not in capabilities:
        return ""
    return page if page != "organisation" or first_steps.is_something_left(capabilities) else ""


@signed_in
@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    """The next ten minutes first, then what is required, done, and offered besides."""
    today = clock.today()
    context = {"learning": learning.of(person_of(request), today), "today": today}
    return render(request, "dashboards/my_learning.html", context)
