"""The way in, and a learner's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lms.core import clock, navigation
from lms.core.gates import public
from lms.dashboards import my_learning as learning
from lms.organisation.access import person_of, signed_in, user_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page for strangers; whoever is signed in goes on to their first useful page."""
    if not request.user.is_authenticated:
        return render(request, "home.html")
    if user_of(request).person_id is not None:
        return redirect("my_learning")
    # These are for everybody; an account that is nobody's goes to where its role has something to do.
    for_all = {reverse("courses"), reverse("library")}
    pages = [link.url for link in navigation.links(request) if link.url not in for_all]
    return redirect(pages[0]) if pages else render(request, "home.html")


@signed_in
@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    """The next ten minutes first, then what is required, done, and offered besides."""
    today = clock.today()
    context = {"learning": learning.of(person_of(request), today), "today": today}
    return render(request, "dashboards/my_learning.html", context)
