"""Dated facts: read as at any day and as known at any instant; closed once, else superseded, never overwritten."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.dated import DatedFact, close, supersede, withdraw
from lms.core.errors import Refused
from lms.organisation.models import JurisdictionAdoption, User
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db
RULE = MachineRule("test")
FIRST = date(2026, 1, 1)
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def adopted(day: date = FIRST, until: date | None = None, name: str = "ZA") -> JurisdictionAdoption:
    return JurisdictionAdoption.objects.create(jurisdiction=name, valid_from=day, valid_until=until, by_rule="test")


def test_a_row_is_valid_from_its_first_day_until_the_day_before_its_end() -> None:
    adopted(FIRST, FIRST + timedelta(days=2))
    found = [JurisdictionAdoption.objects.on(FIRST + timedelta(days=n)).count() for n in (-1, 0, 1, 2)]
    assert found == [0, 1, 1, 0]


def test_an_open_end_is_closed_once_and_says_who_and_why(at: SetClock) -> None:
    moment = at("2026-03-05T09:00")
    row = close(adopted(), until=date(2026, 4, 1), by=RULE, reason="Law repealed")
    assert (row.valid_until, row.closed_at, row.closed_by_rule, row.end_reason) == (
        date(2026, 4, 1), moment, "test", "Law repealed",
    )  # fmt: skip
    assert row.known_until is None


def test_closing_with_the_same_day_again_changes_nothing(at: SetClock) -> None:
    first = at("2026-03-05T09:00")
    row = close(adopted(), until=date(2026, 4, 1), by=RULE)
    at("2026-03-06T09:00")
    assert close(row, until=date(2026, 4, 1), by=MachineRule("other")).closed_at == first
    assert JurisdictionAdoption.objects.get().closed_by_rule == "test"


def test_another_end_needs_a_correction() -> None:
    row = close(adopted(), until=date(2026, 4, 1), by=RULE)
    with pytest.raises(Refused, match="already has an end"):
        close(row, until=date(2026, 5, 1), by=RULE)


@pytest.mark.parametrize("until", [FIRST, FIRST - timedelta(days=1)])
def test_an_end_before_the_first_day_is_over_is_refused_in_words(until: date) -> None:
    row = adopted()
    with pytest.raises(Refused, match="later than the start, 1 January 2026"):
        close(row, until=until, by=RULE)
    with pytest.raises(Refused, match="later than the start, 1 January 2026"):
        supersede(row, by=RULE, reason="typo", valid_until=until)
    assert JurisdictionAdoption.objects.held().get().valid_until is None


def test_a_correction_keeps_both_rows_and_their_reasons() -> None:
    old = adopted()
    new = supersede(old, by=RULE, reason="Wrong country", jurisdiction="NG")
    old.refresh_from_db()
    assert (new.replaces, new.reason, new.jurisdiction, new.valid_from) == (old, "Wrong country", "NG", FIRST)
    assert (old.superseded_by_rule, old.end_reason, old.jurisdiction) == ("test", "Wrong country", "ZA")
    assert [row.pk for row in JurisdictionAdoption.objects.held()] == [new.pk]


def test_at_every_instant_exactly_one_of_a_row_and_its_correction_is_held() -> None:
    # With the real clock: two readings of it would leave a gap.
    new = supersede(adopted(), by=RULE, reason="typo")
    old = replaced(new)
    assert old.known_until == new.known_from


def test_a_closed_row_can_be_corrected_and_the_new_one_closed_again() -> None:
    row = close(adopted(), until=date(2026, 4, 1), by=RULE, reason="early")
    reopened = supersede(row, by=RULE, reason="Not repealed after all", valid_until=None)
    assert (reopened.closed_at, reopened.closed_by_rule, reopened.end_reason) == (None, "", "")
    assert close(reopened, until=date(2026, 9, 1), by=RULE).valid_until == date(2026, 9, 1)


def test_what_was_superseded_is_neither_closed_nor_corrected_again() -> None:
    row = adopted()
    withdraw(row, by=RULE, reason="Never adopted")
    steps: list[Callable[[], object]] = [
        lambda: close(row, until=date(2026, 4, 1), by=RULE),
        lambda: supersede(row, by=RULE, reason="again"),
        lambda: withdraw(row, by=RULE, reason="again"),
    ]
    for step in steps:
        with pytest.raises(Refused, match="somebody else in the meantime"):
            step()
    assert JurisdictionAdoption.objects.count() == 1


def test_a_correction_by_a_person_names_the_person(db: None) -> None:
    clerk = User.objects.create(username="clerk")
    new = supersede(adopted(), by=clerk, reason="typo")
    assert new.by == clerk
    assert replaced(new).superseded_by_user == clerk


@pytest.mark.parametrize(
    ("valid_from", "until", "found"),
    [(1, 5, 0), (1, 11, 1), (10, 20, 1), (19, None, 1), (20, None, 0), (20, 30, 0), (1, None, 1)],
)
def test_overlapping_finds_spans_that_share_a_day(valid_from: int, until: int | None, found: int) -> None:
    adopted(date(2026, 1, 10), date(2026, 1, 20))
    end = date(2026, 1, until) if until else None
    assert JurisdictionAdoption.objects.overlapping(date(2026, 1, valid_from), end).count() == found


def test_overlapping_looks_only_at_rows_still_held_true() -> None:
    withdraw(adopted(), by=RULE, reason="typo")
    assert not JurisdictionAdoption.objects.overlapping(FIRST, None).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": FIRST},
        {"by_rule": ""},
        {"closed_at": START},
    ],
)
def test_the_database_itself_refuses_impossible_rows(wrong: dict[str, object]) -> None:
    values = {"jurisdiction": "ZA", "valid_from": FIRST, "by_rule": "test"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        JurisdictionAdoption.objects.create(**values)


def test_every_dated_table_of_the_site_keeps_the_rules_of_its_base() -> None:
    for model in dated_models():
        names = {constraint.name for constraint in model._meta.constraints}
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        missing = {f"{label}_{rule}" for rule in ("ends_after_start", "closed_has_end", "by_one_actor")} - names
        assert not missing, f"{model.__name__} needs Meta(DatedFact.Meta) and its constraints: {missing}"


def replaced(row: JurisdictionAdoption) -> JurisdictionAdoption:
    assert row.replaces is not None
    return JurisdictionAdoption.objects.get(pk=row.replaces.pk)


def dated_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, DatedFact)]


# What happened, step by step, kept twice: as rows, and as plain spans remembered after every step.

_days = st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n))
_ends = st.one_of(st.none(), _days)
_steps = st.lists(
    st.tuples(st.sampled_from(["add", "close", "supersede", "withdraw"]), st.sampled_from("ABC"), _days, _ends),
    max_size=12,
)


@dataclass
class Remembered:
    """What was held true after each step."""

    now: dict[str, tuple[date, date | None]] = field(default_factory=dict)
    past: list[tuple[datetime, dict[str, tuple[date, date | None]]]] = field(default_factory=list)

    def note(self) -> None:
        self.past.append((clock.now(), dict(self.now)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps)
def test_any_day_as_known_at_any_instant_is_what_was_held_true_then(
    steps: list[tuple[str, str, date, date | None]],
) -> None:
    with transaction.atomic():
        remembered = Remembered()
        for hour, step in enumerate(steps):
            with clock.at(START + timedelta(hours=hour)):
                _take(step, remembered)
                remembered.note()
        for known_at, held in remembered.past:
            _compare(held, known_at)
            _compare(held, known_at + timedelta(minutes=59))
        _compare(remembered.now, None)
        transaction.set_rollback(True)


def _take(step: tuple[str, str, date, date | None], remembered: Remembered) -> None:
    kind, name, day, until = step
    row = JurisdictionAdoption.objects.held().filter(jurisdiction=name).first()
    try:
        if row is None:
            if kind == "add" and (until is None or until > day):
                adopted(day, until, name)
                remembered.now[name] = (day, until)
        elif kind == "close" and until is not None:
            close(row, until=until, by=RULE)
            remembered.now[name] = (row.valid_from, until)
        elif kind == "supersede":
            supersede(row, by=RULE, reason="test", valid_from=day, valid_until=until)
            remembered.now[name] = (day, until)
        elif kind == "withdraw":
            withdraw(row, by=RULE, reason="test")
            del remembered.now[name]
    except Refused:
        pass


def _compare(held: dict[str, tuple[date, date | None]], known_at: datetime | None) -> None:
    for number in range(-1, 22, 3):
        day = FIRST + timedelta(days=number)
        expected = {name for name, (start, end) in held.items() if start <= day and (end is None or day < end)}
        rows = JurisdictionAdoption.objects.on(day, known_at=known_at)
        assert set(rows.values_list("jurisdiction", flat=True)) == expected
