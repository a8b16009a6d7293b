"""Offices, posts and people entered one by one, for those without a list from HR."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lms.core import clock
from lms.organisation import hiring, posts
from lms.organisation import units as tree
from lms.organisation.access import Capability, needs, units_for, user_of
from lms.organisation.by_hand_forms import HireForm, NewUnitForm, PostsForm
from lms.organisation.models import OrgUnit, Post, PostHolding, UnitAncestry, UnitPlacement
from lms.organisation.models.units import UnitQuerySet
from lms.organisation.views.accounts import typed_in
from lms.organisation.views.organisation import done

_MANAGING = needs(Capability.MANAGE_STAFF)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as the unit's page shows it, with who is in it today."""

    post: Post
    holders: list[PostHolding]


@_MANAGING
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The highest units that one sees to. Where it is one only, that one's page."""
    mine, today = _mine(request), clock.today()
    above = UnitAncestry.objects.on(today).filter(depth=1, ancestor__in=mine)
    tops = list(_counted(mine.exclude(pk__in=above.values("unit")), today))
    if len(tops) == 1:
        return redirect("unit", uuid=tops[0].uuid)
    return render(request, "organisation/units.html", {"units": tops})


@_MANAGING
@require_safe
def unit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A unit with its posts, who is in them, and the units below it."""
    found, today = _unit(request, uuid), clock.today()
    below = UnitAncestry.objects.on(today).filter(ancestor=found, depth=1).values("unit")
    above = UnitAncestry.objects.on(today).filter(unit=found, depth=1).values("ancestor")
    context = {
        "unit": found,
        "parent": _mine(request).filter(pk__in=above).named(today).first(),
        "units": _counted(OrgUnit.objects.filter(pk__in=below), today),
        "seats": _seats(found, today),
    }
    return render(request, "organisation/unit.html", context)


@_MANAGING
def unit_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open a unit below this one."""
    parent = _unit(request, uuid)
    form = NewUnitForm(typed_in(request), initial={"kind": OrgUnit.Kind.OFFICE, "opened_on": _opened_on(parent)})
    if form.is_valid():
        data = form.cleaned_data
        if done(
            form,
            lambda: tree.open_unit(
                data["code"],
                kind=OrgUnit.Kind(data["kind"]),
                name=data["name"],
                parent=parent,
                on=data["opened_on"],
                by=user_of(request),
            ),
        ):
            messages.success(request, _("%(name)s is open.") % {"name": data["name"]})
            return redirect("unit", uuid=OrgUnit.objects.get(code=data["code"]).uuid)
    return _form_page(request, form, _("Open a unit below %(name)s") % {"name": parent.name}, parent)


@_MANAGING
def unit_posts(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make posts in a unit."""
    found, today = _unit(request, uuid), clock.today()
    above = UnitAncestry.objects.on(today).filter(unit=found).values("ancestor")
    managers = Post.objects.open_on(today).filter(unit__in=above).order_by("title", "code")
    form = PostsForm(typed_in(request), managers=managers, initial={"opened_on": _opened_on(found)})
    if form.is_valid():
        how_many = form.cleaned_data["how_many"]
        if done(form, lambda: posts.make_seats(form.seats(found), how_many, by=user_of(request))):
            made = ngettext("%(number)s post is made.", "%(number)s posts are made.", how_many)
            messages.success(request, made % {"number": how_many})
            return redirect("unit", uuid=uuid)
    return _form_page(request, form, _("Make posts in %(name)s") % {"name": found.name}, found)


@_MANAGING
def post_hire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter somebody new and put them into a post."""
    post = get_object_or_404(Post.objects.select_related("category"), uuid=uuid, unit__in=_mine(request))
    found = _unit(request, post.unit.uuid)
    form = HireForm(typed_in(request), initial={"kind": "employee", "from_day": clock.today()})
    if form.is_valid() and done(form, lambda: hiring.hire(form.person, post, by=user_of(request))):
        data = form.cleaned_data
        messages.success(request, _("%(given_names)s %(surname)s is in the post.") % data)
        return redirect("unit", uuid=found.uuid)
    return _form_page(request, form, _("Put somebody into the post %(post)s") % {"post": post}, found)


def _mine(request: HttpRequest) -> UnitQuerySet:
    mine: UnitQuerySet = units_for(user_of(request), Capability.MANAGE_STAFF)  # type: ignore[assignment]
    return mine.open_on(clock.today())


def _unit(request: HttpRequest, uuid: UUID) -> OrgUnit:
    found: OrgUnit = get_object_or_404(_mine(request).named(clock.today()), uuid=uuid)
    return found


def _opened_on(unit: OrgUnit) -> date | None:
    placed = UnitPlacement.objects.held().filter(unit=unit).order_by("valid_from")
    return placed.values_list("valid_from", flat=True).first()


def _counted(units: QuerySet[OrgUnit], day: date) -> QuerySet[OrgUnit]:
    """With their names and how many posts of their own they have on a day."""
    is_open = Q(posts__opened_on__lte=day) & (Q(posts__closed_on__isnull=True) | Q(posts__closed_on__gt=day))
    named = units.named(day)  # type: ignore[attr-defined]
    counted: QuerySet[OrgUnit] = named.annotate(post_count=Count("posts", filter=is_open)).order_by("name", "pk")
    return counted


def _seats(unit: OrgUnit, day: date) -> list[Seat]:
    found = Post.objects.open_on(day).filter(unit=unit).select_related("category").order_by("code")
    held: dict[int, list[PostHolding]] = {}
    for holding in PostHolding.objects.on(day).filter(post__unit=unit).select_related("person"):
        held.setdefault(holding.post_id, []).append(holding)
    return [Seat(post, held.get(post.pk, [])) for post in found]


def _form_page(request: HttpRequest, form: object, heading: str, unit: OrgUnit) -> HttpResponse:
    return render(request, "organisation/by_hand_form.html", {"form": form, "heading": heading, "unit": unit})
