"""The pages of this room, for the walk over all of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from shutil import copytree
from typing import Any

from courses import enrolling, entry_evidence, journal, nominating, reading
from courses.advice import keeping
from courses.models import (
    Course,
    CourseVersion,
    DocumentVersion,
    Enrolment,
    EntryEvidence,
    Feedback,
    LessonVersion,
    Nomination,
    Topic,
)
from lms.core import clock
from lms.organisation.models import Role, User
from tests.cast import BY, person
from tests.courses import event_pages, recognising
from tests.courses.entering import ask_course, ask_subject, by_nomination
from tests.courses.factories import TINY, document_version, load_tiny
from tests.courses.media import illustrate
from tests.duties.making import pass_course, publish_meaning
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase


def _advice(f: Fixtures) -> Mapping[str, Any]:
    """A note in effect and a newer draft of it, a route, and the adviser's hours."""
    f.getfixturevalue("office")
    words = keeping.Words("Gifts at the desk", "Refuse **politely**.", "all", date(2026, 1, 1), date(2026, 2, 1))
    made = keeping.write(Topic.GIFTS, words, by=BY)
    keeping.approve(made, by=f.getfixturevalue("hr"))
    keeping.write(Topic.GIFTS, replace(words, title="Gifts"), by=BY, note=made.note)
    keeping.keep_route(_ROUTE, by=BY)
    keeping.set_contact("Tuesdays, 9 to 12", "Room 3", "ext. 12", by=BY)
    return {"uuid": made.note.uuid}


def _with_advice(f: Fixtures) -> Mapping[str, Any]:
    _advice(f)
    return {}


def _advice_draft(f: Fixtures) -> Mapping[str, Any]:
    return {**_advice(f), "number": 2}


def _advice_route(f: Fixtures) -> Mapping[str, Any]:
    return {"uuid": keeping.keep_route(_ROUTE, by=BY).uuid}


_ROUTE = keeping.RouteWords("Integrity desk", "Bribes", "Room 3", "all", date(2026, 1, 1), date(2030, 1, 1))
_OFFICER = Role.INTEGRITY_OFFICER


def _officer(f: Fixtures) -> User:
    user: User = f.getfixturevalue("integrity_officer")
    return user


def _learner(f: Fixtures) -> User:
    user: User = f.getfixturevalue("learner")
    return user


def _version(f: Fixtures) -> CourseVersion:
    version: CourseVersion = f.getfixturevalue("tiny_course")
    return version


def _course(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _version(f).course.code}


def _one(f: Fixtures) -> Mapping[str, Any]:
    _version(f)
    return {}


def _enrolment(f: Fixtures) -> Enrolment:
    return enrolling.enrol(person(_learner(f)), _version(f).course, by=_learner(f))


def _under_way(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _enrolment(f).course_version.course.code}


def _lesson(*, completion: str, is_done: bool = False) -> Any:
    def lesson(f: Fixtures) -> Mapping[str, Any]:
        enrolment = _enrolment(f)
        shown = enrolment.course_version.lessons.filter(completion=completion)[0]
        if is_done:
            reading.complete(enrolment, shown, by=_learner(f))
        return {"code": enrolment.course_version.course.code, "key": shown.key}

    return lesson


def _lessons_done(f: Fixtures) -> Mapping[str, Any]:
    enrolment = _enrolment(f)
    for lesson in enrolment.course_version.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=_learner(f))
    return {"code": enrolment.course_version.course.code}


def _note(f: Fixtures) -> Mapping[str, Any]:
    enrolment = _enrolment(f)
    course = enrolment.course_version.course
    return {"code": course.code, "uuid": journal.write(enrolment.person, course, "Put the bench outside.").uuid}


def _with_note(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _note(f)["code"]}


def _with_feedback(f: Fixtures) -> Mapping[str, Any]:
    version = _version(f)
    for _one in range(12):
        answers = {"usefulness": 5, "clarity": 2, "words": "More cups, please.", "month": date(2026, 11, 1)}
        Feedback.objects.create(course_version=version, **answers)
    return {"code": version.course.code}


def _without_cards(f: Fixtures) -> Mapping[str, Any]:
    named = _under_way(f)
    LessonVersion.objects.update(blocks=[])
    return named


def _illustrated(f: Fixtures) -> Mapping[str, Any]:
    pack = f.getfixturevalue("tmp_path") / "tiny"
    illustrate(copytree(TINY, pack))
    enrolment = enrolling.enrol(person(_learner(f)), load_tiny(pack).course, by=_learner(f))
    shown = enrolment.course_version.lessons.get(key="water")
    case = next(block["id"] for block in shown.blocks if block["kind"] == "stepped_scenario")
    reading.answer_activity(enrolment, shown, case, [1, 1], by=_learner(f))
    return {"code": "TINY", "key": "water"}


def _hr(f: Fixtures) -> User:
    user: User = f.getfixturevalue("hr")
    return user


def _somebody(f: Fixtures) -> Mapping[str, Any]:
    ask_subject(_version(f))
    return {"uuid": person(_learner(f)).uuid}


def _evidence(f: Fixtures) -> EntryEvidence:
    me, hr = person(_learner(f)), _hr(f)
    subject = ask_subject(_version(f)).subject
    assert subject is not None
    seen = {"evidence": "Grade 12, 2019", "seen_on": date(2020, 5, 4), "seen_by": "Odile Marchand"}
    return entry_evidence.record(me, subject, 3, by=hr, **seen)  # type: ignore[arg-type]


def _nomination(f: Fixtures) -> Nomination:
    course = by_nomination(_version(f).course)
    return nominating.nominate(person(_learner(f)), course, reason="She stands in for me.", by=_hr(f))


def _with_record(f: Fixtures) -> Mapping[str, Any]:
    _evidence(f)
    _nomination(f)
    (asked,) = entry_evidence.may_be_waived(person(_learner(f)))
    entry_evidence.waive(person(_learner(f)), asked, reason="Long practice", by=_hr(f))
    return {"uuid": person(_learner(f)).uuid}


def _without_nomination(f: Fixtures) -> Mapping[str, Any]:
    by_nomination(_version(f).course)
    return _somebody(f)


def _shut(f: Fixtures) -> Mapping[str, Any]:
    ask_subject(_version(f), is_conditional=True)
    ask_course(_version(f), Course.objects.create(code="OTHER"))
    by_nomination(_version(f).course)
    return _course(f)


def _some_waiting(f: Fixtures) -> Mapping[str, Any]:
    _nomination(f)
    return {}


# Whoever is not on the course is shown what it is about.
_HERS: dict[str, Any] = {"user": _learner, "others": 302, "exceptions": {ACCOUNT: 403}}
_STRICTLY_HERS: dict[str, Any] = {"user": _learner, "others": 404, "exceptions": {ACCOUNT: 403}}


def _document(f: Fixtures) -> DocumentVersion:
    return _version(f).lessons.get(key="promise").document_version or DocumentVersion()


def _library(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _document(f).document.code}


def _replaced(f: Fixtures) -> Mapping[str, Any]:
    old = _document(f)
    document_version(old.document, "2")
    return {"code": old.document.code, "uuid": old.uuid}


def _to_sign(f: Fixtures) -> Mapping[str, Any]:
    version = _document(f)
    return {"code": version.document.code, "uuid": version.uuid}


def _changed(f: Fixtures) -> Mapping[str, Any]:
    course = _version(f).course
    pass_course(person(_learner(f)), course, clock.today())
    publish_meaning(course, on=clock.today())
    return {"code": course.code}


# Files, forms, and pages in Wagtail's frame, which have tests of their own.
_IN_WAGTAIL = {"edit_page", "courses_publish", "due_for_review", "due_for_review_results"}
NOT_PAGES = (
    {"learn_start", "lesson_activity", "lesson_media", "draft_media"}
    | _IN_WAGTAIL
    | {"route_end", "advice_note_approve"}
    | event_pages.NOT_PAGES
    | recognising.NOT_PAGES
)
# Somebody made up looks after nobody whom these pages are about.
_HRS: dict[str, Any] = {"user": _hr, "exceptions": {Role.TRAINING_COORDINATOR: 404}}
_OF_ALL: dict[str, Any] = {"user": _hr, "exceptions": {Role.TRAINING_COORDINATOR: 403}}
_NOMINATORS: dict[str, Any] = {
    "user": _hr,
    "exceptions": {Role.TRAINING_COORDINATOR: 404, Role.SUPERVISOR: 404},
}
_HR = Role.TRAINING_COORDINATOR
PAGES = [
    PageCase("course", LEARNER, "not yet", _shut, user=_learner),
    PageCase("entry_desk", _HR, "nothing yet"),
    PageCase("entry_desk", _HR, "somebody waits", _some_waiting, user=_hr),
    PageCase("entry_person", _HR, "nothing on record", _somebody, **_HRS),
    PageCase("entry_person", _HR, "with a record", _with_record, **_HRS),
    PageCase("entry_evidence", _HR, kwargs=_somebody, **_HRS),
    PageCase("entry_waiver", _HR, kwargs=_somebody, **_HRS),
    PageCase("entry_take_back", _HR, kwargs=lambda f: {"uuid": _evidence(f).uuid}, **_HRS),
    PageCase("nominate", _HR, kwargs=_without_nomination, **_NOMINATORS),
    PageCase("nominate", _HR, "nothing to nominate for", _somebody, **_NOMINATORS),
    PageCase("nomination", _HR, kwargs=lambda f: {"uuid": _nomination(f).uuid}, **_HRS),
    PageCase("course_audience", _HR, kwargs=_course, **_OF_ALL),
    PageCase("advanced_audience", _HR, **_OF_ALL),
    PageCase("library", LEARNER, kwargs=_one),
    PageCase("library", LEARNER, "nothing found", kwargs=_one, query="?q=coffee"),
    PageCase("library_document", LEARNER, kwargs=_library),
    PageCase("library_version", LEARNER, "replaced", kwargs=_replaced),
    PageCase("library_version", LEARNER, "to sign", kwargs=_to_sign),
    PageCase("courses", LEARNER, kwargs=_one),
    PageCase("courses", LEARNER, "none yet"),
    PageCase("course", LEARNER, kwargs=_course),
    PageCase("learn", LEARNER, "under way", _under_way, **_HERS),
    PageCase("course_changes", LEARNER, "nothing new", _course, exceptions={ACCOUNT: 403}),
    PageCase("course_changes", LEARNER, "to read", _changed, user=_learner, exceptions={ACCOUNT: 403}),
    PageCase("quick_cards", LEARNER, "", _under_way, **_HERS),
    PageCase("quick_cards", LEARNER, "none", _without_cards, **_HERS),
    PageCase("lesson", LEARNER, "with picture, video and a case under way", _illustrated, **_HERS),
    PageCase("lesson", LEARNER, "to read", _lesson(completion="seen"), **_HERS),
    PageCase("lesson", LEARNER, "done", _lesson(completion="seen", is_done=True), **_HERS),
    PageCase("lesson", LEARNER, "to acknowledge", _lesson(completion="acknowledged"), **_HERS),
    PageCase("learn", LEARNER, "lessons done", _lessons_done, **_HERS),
    PageCase("course_feedback", LEARNER, "to give", _lessons_done, **_STRICTLY_HERS),
    PageCase("course_feedback", LEARNER, "too early", _under_way, **_STRICTLY_HERS),
    PageCase("journal", LEARNER, "empty", _under_way, **_STRICTLY_HERS),
    PageCase("journal", LEARNER, "with a note", _with_note, **_STRICTLY_HERS),
    PageCase("journal_entry", LEARNER, kwargs=_note, **_STRICTLY_HERS),
    PageCase("course_insight", Role.COURSE_AUTHOR, "too few", _course),
    PageCase("course_insight", Role.TRAINING_COORDINATOR, "enough", _with_feedback),
    PageCase("ethics_advice", LEARNER, kwargs=_with_advice),
    PageCase("ethics_advice", LEARNER, "nothing yet"),
    PageCase("advice_note", LEARNER, kwargs=_advice),
    PageCase("advice_version", _OFFICER, "a draft", kwargs=_advice_draft, user=_officer, others=404),
    PageCase("advice_desk", _OFFICER, kwargs=_with_advice),
    PageCase("advice_note_new", _OFFICER, user=_officer),
    PageCase("advice_note_change", _OFFICER, kwargs=_advice, user=_officer),
    PageCase("route_new", _OFFICER, user=_officer),
    PageCase("route_change", _OFFICER, kwargs=_advice_route, user=_officer),
    PageCase("adviser_contact", _OFFICER, user=_officer),
    *event_pages.PAGES,
    *recognising.PAGES,
]
