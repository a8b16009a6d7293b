"""Sessions as people meet them: mine, one of them, a place in it, the calendar."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Arrangement, Booking
from courses.sessions import calendars, keepers, mine, places
from courses.sessions.forms import NumberForm, TeamForm
from courses.sessions.signing_in import person_with
from lms.core import audit, clock
from lms.core.errors import Refused
from lms.core.gates import public
from lms.organisation.access import Capability, needs, person_of, remembered_capabilities, signed_in, user_of
from lms.organisation.models import User
from lms.organisation.models.people import PersonQuerySet

HOLDING = (Capability.HOLD_SESSIONS, Capability.HOLD_INTEGRITY_SESSIONS)
_CALENDAR = "text/calendar; charset=utf-8"
_SHOWN = 25


@signed_in
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Where one is expected, where one waits, what one may sign up for; and for officers what they hold."""
    user, today = user_of(request), clock.today()
    context: dict[str, object] = {"mine": mine.of(user.person, today) if user.person else None, "today": today}
    if remembered_capabilities(user) & set(HOLDING):
        kept = keepers.sessions_kept(user)
        unsigned = kept.filter(valid_until__lte=today, session__signed__isnull=True, session__cancelled__isnull=True)
        context |= {
            "may_hold": True,
            "to_hold": kept.with_taken().coming(today)[:_SHOWN],
            "to_sign": unsigned[:_SHOWN],
            "series": keepers.series_kept(user),
        }
    return render(request, "courses/events/mine.html", context)


@signed_in
@require_safe
def session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """When and where a session is, one's place in it; for the officer who has one."""
    user, arrangement = user_of(request), found(uuid)
    booking = _own_booking(user, arrangement)
    keeps = is_kept(user, arrangement)
    has_place = booking is not None and booking.rank <= arrangement.capacity
    context = {
        "arrangement": arrangement,
        "categories": arrangement.categories.all(),
        "place": mine.Place(arrangement, booking) if booking else None,
        "may_sign_up": user.person is not None and places.is_invited(arrangement, user.person),
        "keeps": keeps,
        "row": places.row_of(arrangement) if keeps else None,
        "sees_link": keeps or has_place,
        "may_send_team": not arrangement.has_begun and Capability.SIGN_UP in remembered_capabilities(user),
        "was": _before(arrangement),
        "today": clock.today(),
    }
    return render(request, "courses/events/session.html", context)


@signed_in
@require_POST
def session_sign_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a place, or the next one in the row."""
    arrangement, person = found(uuid), person_of(request)
    places.sign_up(arrangement, person, by=user_of(request))
    booking = places.standing_of(person, [arrangement.session_id])[arrangement.session_id]
    if booking.rank <= arrangement.capacity:
        messages.success(request, _("You have a place. It stands in your calendar file, too."))
    else:
        messages.success(request, _("All places are taken. You are on the waiting list, and move up by yourself."))
    return redirect("session", uuid=uuid)


@signed_in
@require_POST
def session_give_up(request: HttpRequest, uuid: UUID, booking: UUID) -> HttpResponse:
    """Give up a place: one's own, one's team's, or as the officer of the session."""
    user, arrangement = user_of(request), found(uuid)
    standing = Booking.objects.filter(uuid=booking, session=arrangement.session_id).select_related("session", "person")
    given_up = standing.first()
    if given_up is None or not (is_kept(user, arrangement) or keepers.may_sign_up(user, given_up.person)):
        raise Http404
    places.give_up(given_up, by=user)
    messages.success(request, _("The place is free again. Whoever waits first has it now."))
    return redirect("session", uuid=uuid)


@needs(Capability.SIGN_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def session_team(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A supervisor sends people of the team; an officer signs up whoever is named by number."""
    user, arrangement = user_of(request), found(uuid)
    people = _may_be_sent(user, arrangement)
    form = TeamForm(request.POST if "send" in request.POST else None, people=people)
    by_number = NumberForm(request.POST if "add" in request.POST else None)
    if form.is_valid() and _sent(form, arrangement, user):
        messages.success(request, _("They are signed up."))
        return redirect("session", uuid=uuid)
    if by_number.is_valid() and _added(by_number, arrangement, user):
        messages.success(request, _("They are signed up."))
        return redirect("session_team", uuid=uuid)
    context: dict[str, object] = {
        "arrangement": arrangement,
        "form": form if form.is_bound or not by_number.is_bound else by_number,
    }
    context["team"] = form if people else None
    context["by_number"] = by_number if is_kept(user, arrangement) else None
    return render(request, "courses/events/team.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The address under which one's calendar program finds one's sessions; and another one, if it got about."""
    person = person_of(request)
    if request.method == "POST":
        calendars.renew(person, by=user_of(request))
        messages.success(request, _("Your calendar has a new address. The old one leads nowhere from now on."))
        return redirect("my_calendar")
    return render(request, "courses/events/calendar.html", {"address": calendars.address_of(person)})


@public
@never_cache
@require_safe
def my_calendar_file(request: HttpRequest, key: UUID, signature: str) -> HttpResponse:
    """Somebody's sessions, for their calendar program: whoever has the address has the file."""
    person = calendars.person_at(key, signature)
    if person is None:
        raise Http404
    return _calendar(calendars.file_of(person), "sessions")


@signed_in
@require_safe
def session_calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One session as a calendar file."""
    user, arrangement = user_of(request), found(uuid)
    booking = _own_booking(user, arrangement)
    has_place = booking is not None and booking.rank <= arrangement.capacity
    content = calendars.file_for(arrangement, with_link=has_place or is_kept(user, arrangement))
    return _calendar(content, f"session-{arrangement.first_day.isoformat()}")


def found(uuid: UUID) -> Arrangement:
    """A session as it stands, by its address. 404 for none."""
    arrangement = Arrangement.objects.named().with_taken().filter(session__uuid=uuid).first()
    if arrangement is None:
        raise Http404
    return arrangement


def kept(request: HttpRequest, uuid: UUID) -> Arrangement:
    """The same for its officer; 403 for everybody else, since that it takes place is no secret."""
    arrangement = found(uuid)
    if not is_kept(user_of(request), arrangement):
        raise PermissionDenied(_("Somebody else holds this session."))
    return arrangement


def is_kept(user: User, arrangement: Arrangement) -> bool:
    """Whether `user` may change this session and sign its list."""
    if not remembered_capabilities(user) & set(HOLDING):
        return False
    return keepers.sessions_kept(user).filter(pk=arrangement.pk).exists()


def _own_booking(user: User, arrangement: Arrangement) -> Booking | None:
    if user.person is None:
        return None
    return places.standing_of(user.person, [arrangement.session_id]).get(arrangement.session_id)


def _before(arrangement: Arrangement) -> Arrangement | None:
    """What was arranged before it was changed last."""
    return Arrangement.objects.filter(pk=arrangement.replaces_id).first() if arrangement.replaces_id else None


def _may_be_sent(user: User, arrangement: Arrangement) -> PersonQuerySet:
    booked = Booking.objects.standing().filter(session=arrangement.session_id).values("person")
    return places.invited_of(arrangement, keepers.team_of(user).exclude(pk__in=booked)).by_name()


def _sent(form: TeamForm, arrangement: Arrangement, user: User) -> bool:
    try:
        places.sign_up_all(arrangement, form.cleaned_data["people"], by=user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _added(form: NumberForm, arrangement: Arrangement, user: User) -> bool:
    try:
        if not is_kept(user, arrangement):
            raise Refused(_("Only the officer who holds the session adds people by number."))
        person = person_with(form.cleaned_data["number"], arrangement)
        places.sign_up(arrangement, person, by=user, needs_invitation=False)
    except Refused as refused:
        form.add_error("number", str(refused))
        return False
    audit.record("signed up by number", person, by=user, session=str(arrangement.session.uuid))
    return True


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
