"""Events are added and never changed, by whatever way one tries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from lms.core import audit
from lms.core.actors import Attributed, MachineRule, columns
from lms.core.events import Event, EventIsFinal
from lms.core.models import AuditEntry
from lms.organisation.models import Employer, User
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db
RULE = MachineRule("test")


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record("looked", Employer.objects.create(code="e", name="Employer"), by=RULE, purpose="why", page=3)


def test_an_entry_says_who_did_what_to_whom_when_and_why(at: SetClock) -> None:
    moment = at("2026-03-02T09:30")
    employer = Employer.objects.create(code="e", name="Employer")
    clerk = User.objects.create(username="clerk")
    made = audit.record("looked", employer, by=clerk, purpose="complaint 7", page=3)
    kept = AuditEntry.objects.get(pk=made.pk)
    assert (kept.on, kept.recorded_at, kept.by, kept.action, kept.purpose) == (
        moment,
        moment,
        clerk,
        "looked",
        "complaint 7",
    )
    assert (kept.subject_type, kept.subject_id, kept.subject_label) == (
        "organisation.Employer",
        str(employer.pk),
        "Employer",
    )
    assert kept.details == {"page": 3}


def test_many_entries_of_one_act_take_few_statements(django_assert_max_num_queries: Any) -> None:
    employers = Employer.objects.bulk_create(Employer(code=f"e{n}", name=f"E {n}") for n in range(300))
    with django_assert_max_num_queries(8):
        audit.record_all("entered", employers, by=RULE)
    assert AuditEntry.objects.filter(action="entered").count() == 300


def test_a_thing_with_a_uuid_is_named_by_it(entry: AuditEntry) -> None:
    from_uuid = audit.record("looked", _person(), by=RULE)
    assert len(from_uuid.subject_id) == 36


def test_an_event_is_neither_changed_nor_deleted(entry: AuditEntry) -> None:
    entry.action = "something else"
    attempts: list[Callable[[], object]] = [
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
        lambda: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"action": "x"}),
        lambda: AuditEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["id"], update_fields=["action"]
        ),
    ]
    for attempt in attempts:
        with pytest.raises(EventIsFinal), transaction.atomic():
            attempt()
    assert AuditEntry.objects.get().action == "looked"


def test_a_new_event_under_a_used_key_does_not_replace_the_old_one(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry(pk=entry.pk, action="x", subject_type="x", subject_id="1", by_rule="test").save()
    assert AuditEntry.objects.get().action == "looked"


def test_nothing_that_is_deleted_takes_an_event_with_it() -> None:
    for model in apps.get_models():
        if not issubclass(model, Event):
            continue
        for key in model._meta.get_fields():
            if isinstance(key, models.ForeignKey):
                assert key.remote_field.on_delete is models.PROTECT, f"{model.__name__}.{key.name} must be PROTECT"


def test_every_row_that_names_who_made_it_names_exactly_one() -> None:
    for model in apps.get_models():
        if issubclass(model, Attributed):
            names = {constraint.name for constraint in model._meta.constraints}
            assert f"{model._meta.app_label}_{model._meta.model_name}_by_one_actor" in names


def test_both_or_neither_actor_is_refused_by_the_database() -> None:
    clerk = User.objects.create(username="clerk")
    for wrong in ({"by_rule": ""}, {"by_rule": "r", "by_user": clerk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEntry.objects.create(action="x", subject_type="x", subject_id="1", **wrong)


def test_an_actor_is_a_user_or_a_named_rule() -> None:
    clerk = User.objects.create(username="clerk")
    assert columns(clerk) == {"by_user": clerk, "by_rule": ""}
    assert columns(RULE, prefix="closed_by") == {"closed_by_user": None, "closed_by_rule": "test"}
    with pytest.raises(ValueError, match="needs a name"):
        MachineRule(" ")


def _person() -> models.Model:
    person: models.Model = apps.get_model("organisation", "Person").objects.create(given_names="A", surname="B")
    return person
