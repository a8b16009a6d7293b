"""People come, take posts, act, move and go; no two substantive holders at once, no number twice."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.organisation import grants, hiring, leaves, logins, posts, setup
from lms.organisation.models import Leave, Person, PostHolding, ReportingLine, Role, RoleGrant, StaffNumber, User
from tests.cast import BY, SINCE, Office, person
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def newcomer(office: Office) -> Person:
    return hiring.enter_person(hiring.NewPerson("Ada", "Nwosu", DAY, office.employer, "n 77"), by=BY)


def test_a_person_comes_with_a_staff_number_in_its_normal_form(newcomer: Person, office: Office) -> None:
    number = StaffNumber.objects.get(person=newcomer)
    assert (number.number, number.employer, number.valid_from, number.by) == ("N77", office.employer, DAY, BY)


def test_a_number_in_use_is_refused_and_nobody_is_entered(newcomer: Person, office: Office) -> None:
    plans = [
        hiring.NewPerson("Bo", "Berg", DAY, office.employer, "N78"),
        hiring.NewPerson("Cy", "Cruz", DAY, office.employer, "n77"),
    ]
    with pytest.raises(Refused, match="N77 is in use"), transaction.atomic():
        hiring.enter_people(plans, by=BY)
    assert Person.objects.count() == 1


def test_two_new_people_cannot_bring_the_same_number(office: Office) -> None:
    plans = [hiring.NewPerson(name, "Berg", DAY, office.employer, "N78") for name in ("Bo", "Bea")]
    with pytest.raises(Refused, match="N78 is in use"):
        hiring.enter_people(plans, by=BY)


def test_another_employer_and_a_later_time_may_use_the_same_number(newcomer: Person, office: Office) -> None:
    other = hiring.employer("contractor", name="Contractor")
    hiring.enter_person(hiring.NewPerson("Bo", "Berg", DAY, other, "N77"), by=BY)
    hiring.end_service(newcomer, on=DAY + timedelta(days=30), by=BY)
    later = hiring.NewPerson("Cy", "Cruz", DAY + timedelta(days=30), office.employer, "N77")
    hiring.enter_person(later, by=BY)
    assert StaffNumber.objects.filter(number="N77").count() == 3


def test_giving_the_same_number_again_changes_nothing(newcomer: Person, office: Office) -> None:
    given = hiring.give_number(newcomer, employer=office.employer, number="n77", from_day=DAY, by=BY)
    assert given == StaffNumber.objects.get()


def test_a_nameless_person_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="needs a name"):
        hiring.enter_person(hiring.NewPerson(" ", "", DAY, office.employer, "N1"), by=BY)


def test_one_substantive_holder_at_a_time(office: Office, learner: User, newcomer: Person) -> None:
    with pytest.raises(Refused, match="Lindiwe Okoro holds this post then"):
        hiring.appoint(newcomer, office.posts["brook-clerk"], from_day=DAY, by=BY)
    held = PostHolding.objects.get(person=learner.person)
    hiring.end_holding(held, until=DAY, by=BY, reason="Left")
    hiring.appoint(newcomer, office.posts["brook-clerk"], from_day=DAY, by=BY)
    assert PostHolding.objects.on(DAY).get(post=office.posts["brook-clerk"]).person == newcomer
    assert (
        PostHolding.objects.on(DAY - timedelta(days=1)).get(post=office.posts["brook-clerk"]).person == learner.person
    )


def test_two_plans_of_one_list_cannot_take_the_same_post(office: Office, newcomer: Person, learner: User) -> None:
    seat = office.posts["ridge-clerk"]
    both = [hiring.Appointment(newcomer, seat, DAY), hiring.Appointment(person(learner), seat, DAY)]
    with pytest.raises(Refused, match="Ada Nwosu holds this post then"):
        hiring.appoint_all(both, by=BY)
    assert not PostHolding.objects.filter(post=seat).exists()


def test_somebody_may_act_where_another_holds_the_post(office: Office, her_manager: User, learner: User) -> None:
    acting = hiring.act(person(learner), office.posts["brook-lead"], from_day=DAY, until=DAY + timedelta(days=5), by=BY)
    assert acting.kind == PostHolding.Kind.ACTING
    assert PostHolding.objects.on(DAY).filter(post=office.posts["brook-lead"]).count() == 2
    with pytest.raises(Refused, match="Bram Janssen holds this post already"):
        hiring.act(person(her_manager), office.posts["brook-lead"], from_day=DAY, by=BY)


def test_the_same_appointment_again_changes_nothing(office: Office, newcomer: Person) -> None:
    first = hiring.appoint(newcomer, office.posts["ridge-clerk"], from_day=DAY, by=BY)
    assert hiring.appoint(newcomer, office.posts["ridge-clerk"], from_day=DAY, by=BY) == first
    assert PostHolding.objects.count() == 1


def test_a_post_is_held_only_while_it_is_open(office: Office, newcomer: Person) -> None:
    seat = posts.close_post(office.posts["ridge-clerk"], on=date(2026, 6, 1), by=BY)
    for start, until in [(SINCE - timedelta(days=1), DAY), (DAY, None), (DAY, date(2026, 6, 2))]:
        with pytest.raises(Refused, match="not open on all those days"):
            hiring.appoint(newcomer, seat, from_day=start, until=until, by=BY)
    assert hiring.appoint(newcomer, seat, from_day=DAY, until=date(2026, 6, 1), by=BY)
    with pytest.raises(Refused, match="end must be later than the start, 2 March 2026"):
        hiring.appoint(newcomer, office.posts["quay-clerk"], from_day=DAY, until=DAY, by=BY)


def test_a_transfer_ends_the_old_post_on_the_day_the_new_one_begins(office: Office, learner: User) -> None:
    who = person(learner)
    first = hiring.transfer(who, to=office.posts["quay-clerk"], on=DAY, by=BY, reason="Own wish")
    assert hiring.transfer(who, to=office.posts["quay-clerk"], on=DAY, by=BY) == first
    held = list(PostHolding.objects.filter(person=who).order_by("valid_from"))
    assert [(h.post.code, h.valid_from, h.valid_until) for h in held] == [
        ("brook-clerk", SINCE, DAY),
        ("quay-clerk", DAY, None),
    ]
    assert held[0].end_reason == "Own wish"


def test_a_transfer_to_a_held_post_changes_nothing(office: Office, learner: User, stranger: User) -> None:
    with pytest.raises(Refused, match="Sione Latu holds this post then"):
        hiring.transfer(person(learner), to=office.posts["quay-clerk"], on=DAY, by=BY)
    assert PostHolding.objects.get(person=learner.person).valid_until is None


def test_an_end_far_ahead_is_taken_for_a_slip(office: Office, learner: User, at: SetClock) -> None:
    at(DAY)
    held = PostHolding.objects.get(person=learner.person)
    with pytest.raises(Refused, match="3 March 2062 is more than a year ahead"):
        hiring.end_holding(held, until=date(2062, 3, 3), by=BY)
    assert hiring.end_holding(held, until=date(2026, 12, 31), by=BY).valid_until == date(2026, 12, 31)


def test_whoever_leaves_holds_no_post_and_no_number(office: Office, learner: User) -> None:
    for _time in range(2):
        hiring.end_service(person(learner), on=DAY, by=BY, reason="Retired")
    assert not PostHolding.objects.on(DAY).filter(person=learner.person).exists()
    assert not StaffNumber.objects.on(DAY).filter(person=learner.person).exists()
    assert PostHolding.objects.on(DAY - timedelta(days=1)).filter(person=learner.person).exists()


def test_posts_are_made_once_and_not_in_closed_units(office: Office) -> None:
    plan = posts.NewPost("brook-clerk", office.units["brook"], office.categories["CLERK"], SINCE)
    assert posts.make_post(plan, by=BY) == office.posts["brook-clerk"]
    other = posts.NewPost("brook-clerk", office.units["quay"], office.categories["CLERK"], SINCE)
    with pytest.raises(Refused, match="code brook-clerk already"):
        posts.make_post(other, by=BY)
    early = posts.NewPost("x", office.units["brook"], office.categories["CLERK"], SINCE - timedelta(days=1))
    with pytest.raises(Refused, match="brook is not open"):
        posts.make_post(early, by=BY)


def test_a_post_closes_when_nobody_holds_it_and_its_lines_end(office: Office, learner: User) -> None:
    with pytest.raises(Refused, match="still holds this post"):
        posts.close_post(office.posts["brook-clerk"], on=DAY, by=BY)
    posts.close_post(office.posts["ridge-clerk"], on=DAY, by=BY)
    assert ReportingLine.objects.get(post=office.posts["ridge-clerk"]).valid_until == DAY
    assert posts.close_post(office.posts["ridge-clerk"], on=DAY, by=BY).closed_on == DAY


def test_leaves_do_not_overlap(office: Office, learner: User) -> None:
    who = person(learner)
    first = leaves.record_leave(who, from_day=DAY, by=BY)
    assert leaves.record_leave(who, from_day=DAY, by=BY) == first
    with pytest.raises(Refused, match="is on leave on some of these days"):
        leaves.record_leave(who, from_day=DAY + timedelta(days=3), until=DAY + timedelta(days=9), by=BY)
    leaves.end_leave(first, until=DAY + timedelta(days=3), by=BY)
    leaves.record_leave(who, from_day=DAY + timedelta(days=3), by=BY)
    assert Leave.objects.filter(person=who).count() == 2
    with pytest.raises(Refused, match="end must be later"):
        leaves.record_leave(who, from_day=date(2027, 1, 2), until=date(2027, 1, 1), by=BY)


def test_there_is_one_organisation(office: Office) -> None:
    again = {"short_name": "X", "since": SINCE, "loaded_on": SINCE, "by": BY}
    assert setup.make_organisation("Whatever", code="kopw", **again) == office.organisation  # type: ignore[arg-type]
    with pytest.raises(Refused, match="serves Office of Public Works, Kestrel already"):
        setup.make_organisation("Other", code="other", **again)  # type: ignore[arg-type]


def test_jurisdictions_are_adopted_and_given_up_by_date(office: Office) -> None:
    adoption = setup.adopt("ZA", from_day=SINCE, by=BY)
    assert setup.adopt("ZA", from_day=DAY, by=BY) == adoption
    setup.adopt("NG", from_day=DAY, by=BY)
    setup.give_up(adoption, until=DAY, by=BY)
    with pytest.raises(Refused, match="ZA is adopted on some of these days"):
        setup.adopt("ZA", from_day=SINCE, by=BY)
    assert (setup.adopted_on(DAY - timedelta(days=1)), setup.adopted_on(DAY)) == (["ZA"], ["NG"])


def test_a_login_is_opened_once_and_an_address_signs_in_one_only(office: Office) -> None:
    plans = [hiring.NewPerson(n, "Berg", DAY, office.employer, n, email="Shared@kopw.example") for n in ("Bo", "Bea")]
    people = hiring.enter_people(plans, by=BY)
    users = logins.open_logins(people, by=BY)
    assert logins.open_logins(people, by=BY) == users
    assert [user.email for user in users] == ["Shared@kopw.example", ""]
    assert not any(user.has_usable_password() for user in users)


def test_an_account_of_nobodys_is_opened_once_under_a_free_name(office: Office, learner: User) -> None:
    names = {"first_name": "Out", "last_name": "Side"}
    first = logins.open_account("auditor", email="a@x.example", by=BY, **names)
    assert logins.open_account("auditor", email="a@x.example", by=BY, **names) == first
    with pytest.raises(Refused, match="belongs to another"):
        logins.open_account("other", email=learner.email.upper(), by=BY, **names)


def test_a_closed_login_is_recorded_once(learner: User) -> None:
    for _time in range(2):
        logins.close_login(User.objects.get(pk=learner.pk), by=BY, reason="Left")
    assert AuditEntry.objects.filter(action="login closed").count() == 1


OVERLAPS: dict[str, Callable[[Office, User], object]] = {
    "post_one_substantive_holder": lambda office, user: PostHolding.objects.create(
        person=person(office.hire("X", "Y", "ridge-clerk")),
        post=office.posts["brook-clerk"],
        valid_from=DAY,
        by_rule="t",
    ),
    "person_once_in_a_post": lambda office, user: PostHolding.objects.create(
        person=person(user), post=office.posts["brook-clerk"], valid_from=DAY, kind="acting", by_rule="t"
    ),
    "number_once_per_employer": lambda office, user: StaffNumber.objects.create(
        person=person(user), employer=office.employer, number="K100", valid_from=DAY, by_rule="t"
    ),
    "post_one_line_up": lambda office, user: ReportingLine.objects.create(
        post=office.posts["brook-clerk"], manager=office.posts["director"], valid_from=DAY, by_rule="t"
    ),
    "unit_in_one_place": lambda office, user: office.units["brook"].placements.create(
        parent=office.root, name="x", valid_from=DAY, by_rule="t"
    ),
    "grant_once": lambda office, user: [
        RoleGrant.objects.create(user=user, role=Role.ASSESSOR, unit=office.root, valid_from=DAY, by_rule="t")
        for _time in range(2)
    ],
    "person_one_leave": lambda office, user: [
        Leave.objects.create(person=person(user), valid_from=DAY, by_rule="t") for _time in range(2)
    ],
}


@pytest.mark.postgres_only
@pytest.mark.parametrize("rule", OVERLAPS)
def test_postgresql_itself_refuses_two_at_once(rule: str, office: Office, learner: User) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        OVERLAPS[rule](office, learner)


@pytest.mark.postgres_only
def test_a_race_that_postgresql_decides_is_refused_in_words(
    office: Office, learner: User, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the other appointment had been committed after this step looked.
    monkeypatch.setattr(hiring, "_holdings_of", lambda posts: {pk: [] for pk in posts})
    with pytest.raises(Refused, match="has just been put into this post"):
        hiring.appoint(newcomer, office.posts["brook-clerk"], from_day=DAY, by=BY)


def test_grants_of_unknown_roles_are_refused_by_the_database(office: Office, learner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=learner, role="king", unit=office.root, valid_from=DAY, by_rule="t")
    assert grants.GROUPS[Role.APPROVER] == "Approvers"
