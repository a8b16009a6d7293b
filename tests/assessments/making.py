"""A small published course made from plain rows: three criteria, a lesson, questions of every kind, a paper, a guide."""

from decimal import Decimal
from typing import Any

from assessments import answering, freezing
from assessments.models import AttemptQuestion, Kind, ObservationGuide, Paper, PaperDraw, Question
from courses.models import (
    CertifiedCriterion,
    Course,
    CourseVersion,
    Criterion,
    CriterionVersion,
    Enrolment,
    EvidenceKind,
    LessonCompletion,
    LessonVersion,
    StudyUnit,
)
from lms.core import clock
from lms.core.actors import MachineRule, columns
from lms.organisation.models import Person, User

BY = MachineRule("test")

BODIES: dict[str, dict[str, Any]] = {
    Kind.SINGLE_CHOICE: {
        "options": [
            {"text": "Hand it back", "right": True, "feedback": "Clear and polite."},
            {"text": "Keep it", "critical_error": True, "feedback": "The bribe is taken."},
            {"text": "Send him home", "feedback": "He still has a right to the service."},
        ]
    },
    Kind.MULTIPLE_RESPONSE: {
        "options": [
            {"text": "Tell the manager", "right": True},
            {"text": "Write it down", "right": True},
            {"text": "Tell the press"},
            {"text": "Forward it", "critical_error": True},
        ]
    },
    Kind.TRUE_FALSE_REASON: {
        "answer": False,
        "reasons": [
            {"text": "Sharing does not change the purpose", "supports": False, "right": True},
            {"text": "The giver must agree", "supports": False},
            {"text": "A team is no officer", "supports": True},
        ],
    },
    Kind.ORDERING: {"steps": ["Close the file", "Tell the supervisor", "Hand it over", "See it recorded"]},
    Kind.MATCHING: {
        "pairs": [
            {"left": "Your sister applies", "right": "Actual conflict"},
            {"left": "Your aunt may apply", "right": "Possible conflict"},
            {"left": "An old friend bids", "right": "Apparent conflict"},
        ],
        "distractors": ["No conflict"],
    },
    Kind.STEPPED_SCENARIO: {
        "steps": [
            {
                "question": "What do you say first?",
                "options": [
                    {"text": "Good morning", "right": True, "feedback": "A greeting opens ears."},
                    {"text": "Next", "feedback": "He feels like a number."},
                ],
            },
            {
                "scene": "He greets *back* and puts a note on the counter.",
                "question": "What do you do with the note?",
                "options": [
                    {"text": "Pocket it", "critical_error": True, "feedback": "That is a bribe taken."},
                    {"text": "Push it back", "right": True, "feedback": "Clear and polite."},
                    {"text": "Look away", "feedback": "It stays on the counter."},
                ],
            },
            {
                "scene": "He takes the note and is angry.",
                "question": "What do you do next?",
                "options": [
                    {"text": "Shout", "feedback": "It makes things worse."},
                    {"text": "Stay calm and serve him", "right": True, "feedback": "He still has a right to it."},
                ],
            },
        ]
    },
}


def right_answer(kind: str) -> Any:
    """The answer that earns everything, as stored."""
    return {
        Kind.SINGLE_CHOICE: [0],
        Kind.MULTIPLE_RESPONSE: [0, 1],
        Kind.TRUE_FALSE_REASON: {"answer": False, "reason": 0},
        Kind.ORDERING: [0, 1, 2, 3],
        Kind.MATCHING: [0, 1, 2],
        Kind.STEPPED_SCENARIO: [0, 3, 6],
    }[Kind(kind)]


def save_right(question: AttemptQuestion, *, client: str, sequence: int, by: User) -> None:
    """The right answer to one question, saved; a case scene by scene, as it opens."""
    version = question.question_version
    right = right_answer(version.kind)
    scenes = len(right) if version.kind == Kind.STEPPED_SCENARIO else 1
    for opens in range(2, scenes + 2):
        answering.save(question, right, client=client, sequence=sequence, by=by, opens=opens if scenes > 1 else 0)
        sequence += 1


def make_question(
    course: Course, criterion: Criterion, number: int, kind: str = Kind.SINGLE_CHOICE, **more: Any
) -> Question:
    """A draft question."""
    return Question.objects.create(
        code=f"{course.code}-{criterion.code.replace('.', '')}-{number:02d}",
        course=course,
        criterion=criterion,
        position=number,
        **{
            "kind": kind,
            "stem": f"Case {number} of *{criterion.code}*",
            "body": BODIES[kind],
            "feedback": "Because of trust.",
            **more,
        },
    )


def make_course(
    code: str = "DUTY", *, lessons: int = 1, questions: int = 4, draw: int = 2, **terms: Any
) -> CourseVersion:
    """A published course: D1.C1 and D1.C2 (critical) by paper, D1.C3 by observation."""
    course = Course.objects.create(code=code)
    unit, _is_new = StudyUnit.objects.get_or_create(code="D1", defaults={"title": "Duty"})
    criteria = {name: _criterion(unit, name, is_critical=name == "D1.C2") for name in ("D1.C1", "D1.C2", "D1.C3")}
    _draft(course, criteria, questions, draw, terms)
    return publish(course, lessons=lessons)


def publish(course: Course, *, lessons: int = 1) -> CourseVersion:
    """Freeze the drafts into a new version, as publishing does."""
    version = CourseVersion.objects.create(
        course=course,
        number=course.versions.count() + 1,
        title=f"Course {course.code}",
        summary="A course.",
        purpose="To test.",
        review_due=clock.today(),
        moderator_name="M",
        planned_minutes=0,
        pass_percent=70,
        met_percent=Decimal("66.67"),
        met_critical_percent=80,
        content_hash="0" * 64,
        **columns(BY),
    )
    evidence = {"D1.C1": EvidenceKind.PAPER, "D1.C2": EvidenceKind.PAPER, "D1.C3": EvidenceKind.OBSERVATION}
    for name, kind in evidence.items():
        criterion_version = CriterionVersion.objects.get(criterion__code=name, number=1)
        CertifiedCriterion.objects.create(course_version=version, criterion_version=criterion_version, evidence=kind)
    for number in range(1, lessons + 1):
        _lesson(version, number)
    version.planned_minutes = freezing.freeze_paper(version) + freezing.freeze_guides(version)
    version.save()
    return version


def enrol(person: Person, version: CourseVersion, *, lessons_done: bool = True) -> Enrolment:
    """Somebody on the course, all lessons done unless said otherwise."""
    enrolment = Enrolment.objects.create(
        person=person, course_version=version, evidence_from=clock.today(), **columns(BY)
    )
    for lesson in version.lessons.all() if lessons_done else []:
        LessonCompletion.objects.create(
            enrolment=enrolment, lesson_key=lesson.key, lesson_version=lesson, **columns(BY)
        )
    return enrolment


def _criterion(unit: StudyUnit, code: str, *, is_critical: bool) -> Criterion:
    criterion, is_new = Criterion.objects.get_or_create(code=code, defaults={"unit": unit})
    if is_new:
        CriterionVersion.objects.create(
            criterion=criterion,
            number=1,
            text=f"Can do {code}.",
            is_critical=is_critical,
            evidence=["paper", "observation"],
        )
    return criterion


def _lesson(version: CourseVersion, number: int) -> None:
    LessonVersion.objects.create(
        course_version=version,
        edition=1,
        key=f"lesson-{number}",
        position=number,
        title=f"Lesson {number}",
        minutes=5,
        blocks=[],
        content_hash="0" * 64,
    )


def _draft(course: Course, criteria: dict[str, Criterion], questions: int, draw: int, terms: dict[str, Any]) -> None:
    wanted = {"minutes": 40, "planned_minutes": 30, "cooling_off_working_days": 3, "tries": 3, **terms}
    paper = Paper.objects.create(
        course=course, code=f"{course.code}-P1", title="The paper", introduction="Go.", **wanted
    )
    kinds = list(Kind)
    for place, name in enumerate(("D1.C1", "D1.C2")):
        PaperDraw.objects.create(paper=paper, criterion=criteria[name], questions=draw, position=place)
        for number in range(1, questions + 1):
            make_question(course, criteria[name], number, kinds[(number - 1) % len(kinds)])
    ObservationGuide.objects.create(
        course=course,
        criterion=criteria["D1.C3"],
        planned_minutes=20,
        guide="Sit and watch.",
        look_for=["Greets", "Asks"],
    )
