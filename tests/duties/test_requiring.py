"""Making, changing and ending rules."""

from datetime import date, timedelta

import pytest

from courses.models import Course
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.duties import exempting, requiring
from lms.duties.duties import duties_of
from lms.duties.models import Exemption, RequirementVersion, TrainingRequirement
from lms.duties.requiring import Audience, Terms
from lms.organisation.models import PostHolding, User
from tests.cast import Office, person
from tests.duties.making import TODAY, make_course, make_rule
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(db: None) -> Course:
    return make_course("COC", is_integrity=True)


@pytest.fixture
def counter(db: None) -> Course:
    return make_course("COUNTER")


def test_hr_requires_any_course_and_it_is_recorded(office: Office, hr: User, learner: User, counter: Course) -> None:
    made = requiring.require("Counters", audience=Audience(office.root), terms=Terms([counter], 30), by=hr)
    assert (made.owner, made.version_on(TODAY).due_days) == (hr, 30)  # type: ignore[union-attr]
    assert [duty.why.title for duty in duties_of(person(learner), TODAY)] == ["Counters"]
    entry = AuditEntry.objects.get(action="training required")
    assert (entry.by_user, entry.details["courses"], entry.details["unit"]) == (hr, ["COUNTER"], "kopw")


def test_an_integrity_officer_requires_integrity_courses_only(
    office: Office, integrity_officer: User, coc: Course, counter: Course
) -> None:
    everywhere = Audience(office.root)
    requiring.require("The code", audience=everywhere, terms=Terms([coc], 30), by=integrity_officer)
    for courses in ([counter], [coc, counter]):
        with pytest.raises(Refused, match="integrity courses only"):
            requiring.require("More", audience=everywhere, terms=Terms(courses, 30), by=integrity_officer)
    assert TrainingRequirement.objects.count() == 1


def test_nobody_else_requires_anything(office: Office, her_manager: User, learner: User, coc: Course) -> None:
    for user in (her_manager, learner):
        with pytest.raises(Refused, match="Your role does not"):
            requiring.require("Mine", audience=Audience(office.units["brook"]), terms=Terms([coc], 30), by=user)


@pytest.mark.parametrize("terms", [{"due_days": -1}, {"due_days": 4000}, {"courses": []}, {"counts_months": 0}])
def test_terms_without_sense_are_refused(office: Office, hr: User, coc: Course, terms: dict[str, object]) -> None:
    wanted = {"courses": [coc], "due_days": 30} | terms
    with pytest.raises(Refused):
        requiring.require("X", audience=Audience(office.root), terms=Terms(**wanted), by=hr)  # type: ignore[arg-type]


def test_the_same_rule_twice_changes_nothing(office: Office, hr: User, coc: Course) -> None:
    made = [requiring.require("A", audience=Audience(office.root), terms=Terms([coc], 30), by=hr) for _ in range(2)]
    assert made[0] == made[1]
    recorded = AuditEntry.objects.filter(action="training required")
    assert (RequirementVersion.objects.count(), recorded.count()) == (1, 1)


def test_a_change_from_a_day_on_leaves_the_days_before_as_they_were(
    office: Office, hr: User, learner: User, coc: Course
) -> None:
    rule = make_rule(office, coc, due_days=30, from_day=date(2026, 3, 1))
    requiring.change(
        rule, audience=Audience(office.root), terms=Terms([coc], 60), from_day=TODAY, by=hr, reason="More time."
    )
    assert duties_of(person(learner), TODAY - timedelta(days=1))[0].due_on == date(2026, 3, 31)
    assert duties_of(person(learner), TODAY)[0].due_on == date(2026, 4, 30)
    old, new = RequirementVersion.objects.held().order_by("valid_from")
    assert (old.valid_until, old.end_reason, new.reason, new.replaces) == (TODAY, "More time.", "More time.", None)


def test_a_change_on_the_first_day_corrects_what_was_asked(
    office: Office, hr: User, learner: User, stranger: User, coc: Course
) -> None:
    rule = make_rule(office, coc, from_day=date(2026, 3, 1), categories=("CLERK",))
    hill = Audience(office.units["hill"], [office.categories["CLERK"]])
    for _twice in range(2):
        requiring.change(
            rule, audience=hill, terms=Terms([coc], 30), from_day=date(2026, 3, 1), by=hr, reason="Hill only."
        )
    assert len(duties_of(person(learner), TODAY)) == 1
    assert duties_of(person(stranger), TODAY) == []
    version = RequirementVersion.objects.held().get()
    assert list(version.categories.all()) == [office.categories["CLERK"]]
    assert version.replaces is not None


@pytest.mark.parametrize(("from_day", "reason"), [(date(2026, 2, 28), "Earlier."), (TODAY, "  ")])
def test_a_change_needs_a_reason_and_a_later_day(
    office: Office, hr: User, coc: Course, from_day: date, reason: str
) -> None:
    rule = make_rule(office, coc, from_day=date(2026, 3, 1))
    with pytest.raises(Refused):
        requiring.change(
            rule, audience=Audience(office.root), terms=Terms([coc], 9), from_day=from_day, by=hr, reason=reason
        )
    assert RequirementVersion.objects.get().due_days == 30


def test_an_integrity_officer_changes_and_ends_no_other_rule(
    office: Office, integrity_officer: User, coc: Course, counter: Course
) -> None:
    rule = make_rule(office, counter)
    with pytest.raises(Refused, match="integrity courses only"):
        requiring.end(rule, until=TODAY, by=integrity_officer, reason="Not ours.")
    with pytest.raises(Refused, match="integrity courses only"):
        requiring.change(
            rule,
            audience=Audience(office.root),
            terms=Terms([coc], 30),
            from_day=TODAY,
            by=integrity_officer,
            reason="Ours now.",
        )


def test_an_ended_rule_asks_until_the_day_before_and_cannot_be_changed(
    office: Office, hr: User, learner: User, coc: Course
) -> None:
    rule = make_rule(office, coc, from_day=date(2026, 3, 1))
    for _twice in range(2):
        requiring.end(rule, until=TODAY, by=hr, reason="Taken over by another.")
    assert len(duties_of(person(learner), TODAY - timedelta(days=1))) == 1
    assert duties_of(person(learner), TODAY) == []
    assert rule.version_on(TODAY) is None
    with pytest.raises(Refused, match="has ended"):
        requiring.change(
            rule, audience=Audience(office.root), terms=Terms([coc], 5), from_day=TODAY, by=hr, reason="Again."
        )


def test_a_rule_that_has_not_begun_is_withdrawn(office: Office, hr: User, coc: Course) -> None:
    rule = make_rule(office, coc, from_day=TODAY + timedelta(days=20))
    for _twice in range(2):
        requiring.end(rule, until=TODAY, by=hr, reason="A slip.")
    assert not RequirementVersion.objects.held().exists()


def test_an_exemption_needs_a_reason_and_is_nobodys_own(
    office: Office, hr: User, learner: User, colleague: User, coc: Course
) -> None:
    def exempt(user: User, **more: object) -> Exemption:
        wanted: dict[str, object] = {"from_day": TODAY, "reason": "Same course abroad.", "approver": hr, "by": hr}
        wanted["review_on"] = TODAY + timedelta(days=90)
        return exempting.exempt(person(user), coc, **(wanted | more))  # type: ignore[arg-type]

    refused: list[tuple[User, dict[str, object]]] = [
        (learner, {"reason": " "}),
        (hr, {}),
        (learner, {"approver": learner}),
        (learner, {"by": colleague}),
        (learner, {"until": TODAY}),
        (learner, {"review_on": None}),
    ]
    for user, more in refused:
        with pytest.raises(Refused):
            exempt(user, **more)
    assert exempt(learner) == exempt(learner)
    with pytest.raises(Refused, match="exempt from this course"):
        exempt(learner, from_day=TODAY + timedelta(days=5))
    ended = exempting.end(Exemption.objects.get(), until=TODAY + timedelta(days=9), by=hr, reason="Back.")
    assert ended.valid_until == TODAY + timedelta(days=9)


def test_who_moves_out_of_the_audience_owes_nothing(office: Office, learner: User, coc: Course) -> None:
    make_rule(office, coc)
    PostHolding.objects.filter(person=person(learner)).update(valid_until=TODAY)
    assert duties_of(person(learner), TODAY) == []
