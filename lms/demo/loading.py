"""Loading the demo: the rooms' own steps, in order, in one transaction, with dates relative to the day of loading.

A room that adds facts to the demo adds a function to `STEPS`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import clock, statistics
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.demo import advice, history, issuing, learnt, ministry, people, requirements, sign_ins
from lms.duties import upkeep
from lms.organisation import grants, hiring, logins, posts, reporting, setup, units
from lms.organisation.models import Employer, Organisation, OrgUnit, Person, Post, User

BY = MachineRule("demo")
_YEARS_OPEN = 10 * 365


@dataclass
class Demo:
    """What the steps have made so far, by code, and the day that all dates are relative to."""

    day: date
    organisation: Organisation
    units: dict[str, OrgUnit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by the code of the post that they hold
    users: dict[str, User] = field(default_factory=dict)  # likewise; the auditor's has the key "auditor"
    by: MachineRule = BY
    has_history: bool = False
    days: dict[str, int] = field(default_factory=dict)  # in post, by the code of the post

    @property
    def opened_on(self) -> date:
        """The day on which the ministry and all its seats opened."""
        return self.day - timedelta(days=_YEARS_OPEN)

    def ago(self, days: int) -> date:
        """So many days before the demo's day."""
        return self.day - timedelta(days=days)


def load(as_at: date | None = None, *, with_history: bool = False) -> tuple[Organisation, bool]:
    """Load the ministry unless it is there. Returns it, and whether it was made now.

    With its history it has two years of people who came, left and learnt; without, its rules have just begun.

    Raises Refused under production settings, for a day to come, and where another organisation is at home.
    """
    if not settings.DEMO_SIGN_INS:
        raise Refused(_("The demo has known passwords, so it is not loaded here. Use development settings."))
    standing = Organisation.objects.select_related("root").first()
    if standing is not None and standing.root.code == ministry.ROOT:
        return standing, False
    if as_at is not None and as_at > clock.today():
        raise Refused(_("%(day)s is still to come. Choose today or an earlier day.") % {"day": day_in_words(as_at)})
    with _morning_of(as_at), transaction.atomic():
        organisation = _load(clock.today(), with_history=with_history)
    # All at once, lest the first page waits for it.
    upkeep.work_off()
    return organisation, True


def _load(day: date, *, with_history: bool) -> Organisation:
    opened_on = day - timedelta(days=_YEARS_OPEN)
    organisation = setup.make_organisation(
        ministry.NAME,
        short_name=ministry.SHORT_NAME,
        code=ministry.ROOT,
        since=opened_on,
        loaded_on=day,
        by=BY,
    )
    demo = Demo(day, organisation, has_history=with_history)
    for step in STEPS:
        step(demo)
    statistics.refresh()
    return organisation


def adopt_jurisdictions(demo: Demo) -> None:
    """Meridale teaches by the South African code and the Nigerian model of an integrity unit."""
    for jurisdiction in ministry.JURISDICTIONS:
        setup.adopt(jurisdiction, from_day=demo.opened_on, by=BY)


def open_units(demo: Demo) -> None:
    """Head office with its sections, regions with their offices."""
    plans = [units.NewUnit(unit.code, unit.kind, unit.name, unit.parent, demo.opened_on) for unit in ministry.units()]
    demo.units = {unit.code: unit for unit in units.open_units(plans, by=BY)}
    demo.units[ministry.ROOT] = demo.organisation.root


def make_posts(demo: Demo) -> None:
    """538 seats in 15 categories, with their tags, and the lines between them."""
    categories = {code: posts.category(code, name=name) for code, name in ministry.CATEGORIES.items()}
    tags = {code: posts.tag(code, name=name) for code, name in ministry.TAGS.items()}
    seats = list(ministry.seats())
    plans = [
        posts.NewPost(
            seat.code,
            demo.units[seat.unit],
            categories[seat.category],
            demo.opened_on,
            seat.title,
            tuple(tags[tag] for tag in ministry.TAGS_OF.get(seat.category, ())),
        )
        for seat in seats
    ]
    demo.posts = {post.code: post for post in posts.make_posts(plans, by=BY)}
    lines = [(demo.posts[seat.code], demo.posts[seat.reports_to]) for seat in seats if seat.reports_to]
    reporting.report_all([reporting.NewLine(post, up, demo.opened_on) for post, up in lines], by=BY)


def hire_people(demo: Demo) -> None:
    """521 people with staff numbers, each in a seat."""
    employers = {code: hiring.employer(code, name=name) for code, name in ministry.EMPLOYERS.items()}
    filled = list(people.everybody())
    demo.days = {seat.code: part.days_in_post for seat, part in filled} | {people.RUTHS_SEAT: people.RUTHS_DAYS}
    if demo.has_history:
        demo.days |= learnt.came_lately((seat, seat.code in people.PARTS) for seat, _part in filled)
    plans = [_new_person(demo, seat, part, number, employers) for number, (seat, part) in enumerate(filled)]
    entered = hiring.enter_people(plans, by=BY)
    demo.people = {seat.code: person for (seat, _part), person in zip(filled, entered, strict=True)}
    appointments = [
        hiring.Appointment(demo.people[seat.code], demo.posts[seat.code], demo.ago(demo.days[seat.code]))
        for seat, _part in filled
        if seat.code != people.RUTHS_SEAT
    ]
    hiring.appoint_all(appointments, by=BY)


def move_ruth(demo: Demo) -> None:
    """Ruth Adeyemi came from Northgate to Metro West last month; her old seat is vacant."""
    ruth, moved_on = demo.people[people.RUTHS_SEAT], demo.ago(people.DAYS_SINCE_RUTH_MOVED)
    hiring.appoint(ruth, demo.posts[ministry.RUTHS_OLD_SEAT], from_day=demo.ago(people.RUTHS_DAYS), by=BY)
    hiring.transfer(ruth, to=demo.posts[people.RUTHS_SEAT], on=moved_on, by=BY, reason="Moved to Metro West")


def grant_roles(demo: Demo) -> None:
    """Logins for all who have a part, and the roles of those who have one."""
    seats = [code for code, part in people.PARTS.items() if part.signs_in_as]
    opened = logins.open_logins([demo.people[code] for code in seats], by=BY)
    demo.users = dict(zip(seats, opened, strict=True))
    auditor = people.AUDITOR
    demo.users[sign_ins.AUDITOR_KEY] = logins.open_account(
        "auditor", first_name=auditor.given_names, last_name=auditor.surname, email=auditor.email, by=BY
    )
    for key, user in demo.users.items():
        part = sign_ins.part_of(key)
        if part.role is not None:
            from_day = demo.ago(min(part.days_in_post, 365) or 90)
            grants.grant(user, part.role, demo.units[part.role_in], from_day=from_day, by=BY)


def let_them_in(demo: Demo) -> None:
    """A known password for each, a one-time code for Thandi."""
    sign_ins.prepare(demo.users, by=BY)


def require_training(demo: Demo) -> None:
    """Devon Clarke requires the code of conduct and ethics of everybody, and customer care of those who serve."""
    began_on = demo.ago(learnt.DAYS if demo.has_history else requirements.DAYS_SINCE_IT_BEGAN)
    requirements.require_training(demo.organisation.root, from_day=began_on, by=demo.users[people.HR])


def set_up_issuer(demo: Demo) -> None:
    """The ministry issues its certificates itself."""
    issuing.set_up(demo.people, since=demo.opened_on, by=BY)


def write_history(demo: Demo) -> None:
    """Two years of coming, leaving and learning, where they are asked for."""
    if demo.has_history:
        mcs = hiring.employer(ministry.EMPLOYER, name=ministry.EMPLOYERS[ministry.EMPLOYER])
        history.write(history.Stage(demo.day, demo.posts, demo.people, demo.users, demo.days, mcs))


def give_advice(demo: Demo) -> None:
    """The ethics adviser's routes, hours and notes, approved by Devon Clarke."""
    advice.offer(demo.day, by=BY, approver=demo.users[people.HR])


# Each is given the Demo and calls a room's own steps. Later rooms add theirs at the end.
STEPS: list[Callable[[Demo], None]] = [
    adopt_jurisdictions,
    open_units,
    make_posts,
    hire_people,
    move_ruth,
    grant_roles,
    let_them_in,
    require_training,
    set_up_issuer,
    give_advice,
    write_history,
]


def _new_person(
    demo: Demo, seat: ministry.Seat, part: people.Part, number: int, employers: dict[str, Employer]
) -> hiring.NewPerson:
    kind = Person.Kind.CONTRACTOR if part.is_contractor else Person.Kind.EMPLOYEE
    staff_number = "" if part.is_contractor else people.staff_number(number)
    return hiring.NewPerson(
        part.given_names,
        part.surname,
        demo.ago(demo.days[seat.code]),
        employers[ministry.CONTRACTOR if part.is_contractor else ministry.EMPLOYER],
        staff_number,
        kind,
        part.email,
    )


def _morning_of(day: date | None) -> AbstractContextManager[None]:
    if day is None or day == clock.today():
        return nullcontext()
    return clock.at(datetime.combine(day, time(8), tzinfo=UTC))
