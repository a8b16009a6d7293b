"""Result to certificate: once, whatever is repeated."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from certificates import awards, sequencing
from certificates.models import Certificate, FrozenText, Issuer, RegisterEntry
from certificates.setup import set_up_issuer
from courses import results
from courses.models import CourseVersion, Result
from courses.ports import result_changed
from lms.core.errors import Refused
from lms.core.models import OutboxJob
from lms.organisation.models import Person
from tests.certificates.fixtures import BY, MakePerson, MakeResult
from tests.plugins.time import SetClock

RULE = awards.AWARDING_RULE


def test_a_result_becomes_a_certificate_and_an_entry(issuer: Issuer, make_result: MakeResult, at: SetClock) -> None:
    at("2026-03-02")
    result = make_result()
    certificate = awards.award(result, by=RULE)
    assert certificate.number.startswith("MCS-2026-")
    assert (certificate.person, certificate.result) == (result.person, result)
    assert (certificate.issued_on, certificate.competent_on) == (date(2026, 3, 2), date(2026, 3, 2))
    assert certificate.holds_until == date(2027, 3, 1)
    assert certificate.personal["unit"] == "Brook office"
    assert certificate.personal["post_category"] == "CLERK"
    assert certificate.personal["staff_number"].startswith("K1")
    assert certificate.unit is not None
    entry = RegisterEntry.objects.get(certificate=certificate)
    assert (entry.kind, entry.number, entry.position) == ("award", certificate.number, None)


def test_marks_are_nowhere_in_what_is_frozen(issuer: Issuer, make_result: MakeResult) -> None:
    certificate = awards.award(make_result(), by=RULE)
    entry = RegisterEntry.objects.get(certificate=certificate)
    kept = f"{certificate.text} {certificate.personal} {certificate.record} {bytes(entry.private_part).decode()}"
    assert "91.5" not in kept
    assert "percent" not in kept


def test_a_second_award_changes_nothing(issuer: Issuer, make_result: MakeResult) -> None:
    result = make_result()
    first = awards.award(result, by=RULE)
    assert awards.award(result, by=RULE) == first
    assert awards.award_missing(by=RULE) == 0
    assert (Certificate.objects.count(), RegisterEntry.objects.count()) == (1, 1)


def test_the_database_refuses_a_second_certificate_of_a_result(certificate: Certificate) -> None:
    copy = Certificate.objects.get(pk=certificate.pk)
    copy.pk, copy.number, copy.code = None, "MCS-2026-00000-00000-0", "another"
    copy._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.bulk_create([copy])


def test_a_changed_result_leaves_a_job_in_the_same_transaction(issuer: Issuer, make_result: MakeResult) -> None:
    result = make_result()
    with transaction.atomic():
        result_changed.send(sender=Result, result=result)
        transaction.set_rollback(True)
    assert not OutboxJob.objects.exists()
    result_changed.send(sender=Result, result=result)
    assert OutboxJob.objects.get().kind == "certificates.award"


def test_from_result_to_issued_within_the_jobs(
    issuer: Issuer, make_result: MakeResult, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        result_changed.send(sender=Result, result=make_result())
    entry = RegisterEntry.objects.get()
    assert entry.position == 0
    assert not OutboxJob.objects.filter(done_at__isnull=True).exists()


def test_without_an_issuer_the_award_waits_and_then_comes_by_itself(
    make_result: MakeResult, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    result = make_result()
    with django_capture_on_commit_callbacks(execute=True):
        result_changed.send(sender=Result, result=result)
    assert not Certificate.objects.exists()
    with pytest.raises(Refused, match="No issuer"):
        awards.award(result, by=RULE)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_issuer("Ministry", code="MIN", place="Town", by=BY)
    assert Certificate.objects.get().result == result


def test_a_renewal_supersedes_and_says_so_in_the_log(
    issuer: Issuer, make_result: MakeResult, make_person: MakePerson
) -> None:
    person = make_person()
    awards.award(make_result(person), by=RULE)
    second = awards.award(make_result(person, competent_on=date(2027, 2, 1), holds_until=None), by=RULE)
    assert RegisterEntry.objects.get(certificate=second).kind == "renewal"


def test_imported_and_ended_results_get_none(issuer: Issuer, make_result: MakeResult) -> None:
    imported, ended = make_result(), make_result()
    Result.objects.filter(pk=imported.pk).update(source=Result.Source.IMPORTED)
    results.end(ended, on=date(2026, 6, 1), by=BY, reason="Replaced.")
    assert awards.award_missing(by=RULE) == 0
    with pytest.raises(Refused):
        awards.award(imported, by=RULE)


def test_holders_of_one_version_share_its_words(issuer: Issuer, make_result: MakeResult) -> None:
    for _one in range(3):
        awards.award(make_result(), by=RULE)
    assert FrozenText.objects.count() == 1
    issuer.place = "Elsewhere"
    issuer.save()
    old = Certificate.objects.earliest("pk")
    new = awards.award(make_result(), by=RULE)
    assert (old.text["issuer"]["place"], new.text["issuer"]["place"]) == ("Eastmarket", "Elsewhere")


def test_many_awards_cost_the_same_queries_as_few(
    issuer: Issuer,
    make_result: MakeResult,
    make_person: MakePerson,
    make_version: Callable[..., CourseVersion],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people: list[Person] = [make_person() for _one in range(12)]
    version = make_version()
    made = [make_result(person, version=version) for person in people]
    awards.award(made[0], by=RULE)
    with django_assert_max_num_queries(25):
        assert len(awards.award_all(made, by=RULE)) == 12
    assert [c.person for c in awards.award_all(made, by=RULE)] == people


def test_a_name_changed_by_hr_leaves_the_certificate_as_it_was(certificate: Certificate) -> None:
    Person.objects.filter(pk=certificate.person_id).update(surname="Dlamini")
    assert Certificate.objects.get().holder == "Thandi Mokoena"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_award_once_and_number_without_gaps(issuer: Issuer, make_result: MakeResult) -> None:
    made = [make_result() for _one in range(4)]
    failures: list[Exception] = []
    begin = threading.Barrier(3)

    def work() -> None:
        try:
            begin.wait()
            for result in made:
                awards.award(result, by=RULE)
                sequencing.number_entries()
        except Exception as error:  # noqa: BLE001  (a thread's failure must reach the test)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Certificate.objects.count() == 4
    assert list(RegisterEntry.objects.order_by("position").values_list("position", flat=True)) == [0, 1, 2, 3]
