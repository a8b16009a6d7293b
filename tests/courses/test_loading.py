"""Loading packs: all or nothing, again and again, and what is refused with file, line and reason."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
import yaml
from django.core.management import CommandError, call_command

from assessments.models import Question
from courses import publishing
from courses.curriculum import drafting
from courses.curriculum.loading import BY_COMMAND, load
from courses.curriculum.problems import PackError
from courses.models import (
    Course,
    CoursePage,
    CourseVersion,
    Criterion,
    CriterionVersion,
    DocumentVersion,
    Instrument,
    LessonPage,
    LessonVersion,
    Pack,
    StudyUnit,
)
from lms.core.models import AuditEntry
from tests.courses.factories import edit

pytestmark = pytest.mark.django_db
COURSE = "courses/TINY/course.yaml"
WATER = "courses/TINY/lessons/01-water.yaml"
PROMISE = "courses/TINY/lessons/02-promise.yaml"


def replace(file: Path, old: str, new: str) -> None:
    """Change words in a file."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def refusal(pack: Path, **options: Any) -> list[str]:
    """What loading is refused with; nothing may have been loaded."""
    before = [model.objects.count() for model in (StudyUnit, Course, CoursePage, LessonVersion, CriterionVersion, Pack)]
    with pytest.raises(PackError) as refused:
        load(pack, **options)
    after = [model.objects.count() for model in (StudyUnit, Course, CoursePage, LessonVersion, CriterionVersion, Pack)]
    assert before == after
    return [str(problem) for problem in refused.value.problems]


def test_loading_publishes_a_version(tiny_course: CourseVersion) -> None:
    assert (tiny_course.number, tiny_course.edition, tiny_course.title) == (1, 1, "Tea for guests")
    assert tiny_course.by_rule == "load_curriculum"
    assert tiny_course.planned_minutes >= 9
    assert [str(row.criterion_version) for row in tiny_course.certified.all()] == ["T1.C1", "T1.C2*", "T1.C3"]
    lessons = LessonVersion.objects.filter(course_version=tiny_course)
    assert [(lesson.key, lesson.minutes, lesson.completion) for lesson in lessons] == [
        ("water", 5, "seen"),
        ("promise", 4, "acknowledged"),
    ]
    assert [block["kind"] for block in lessons[0].blocks][:3] == ["situation", "text", "text"]
    assert str(lessons[1].document_version) == "Code of tea 1"


def test_loading_is_the_commands_own_act_and_names_people_as_text(tiny_course: CourseVersion) -> None:
    names = (tiny_course.author_name, tiny_course.approver_name, tiny_course.moderator_name)
    assert names == ("Test author", "Test approver", "Test moderator")
    entry = AuditEntry.objects.get(action="course published")
    assert (entry.by_rule, entry.details) == ("load_curriculum", {"version": 1, "edition": 1, "change": "wording"})


def test_the_same_pack_again_changes_nothing(pack: Path) -> None:
    assert load(pack).lines
    revisions = CoursePage.objects.get().revisions.count()
    assert load(pack).lines == []
    assert CourseVersion.objects.get().edition == 1
    assert CoursePage.objects.get().revisions.count() == revisions


def test_the_same_pack_gives_the_same_block_ids_everywhere(pack: Path) -> None:
    load(pack)
    ids = [block["id"] for block in LessonVersion.objects.get(key="water").blocks]
    assert len(set(ids)) == len(ids)
    assert ids[0] == str(uuid5(drafting._NAMESPACE, "TINY/water/0/situation"))


def test_changed_words_make_an_edition(pack: Path) -> None:
    load(pack)
    replace(pack / WATER, "Too cold.", "Far too cold.")
    assert len(load(pack).lines) == 1
    version = CourseVersion.objects.get()
    assert (version.number, version.edition) == (1, 2)
    newest = LessonVersion.objects.newest_edition().get(key="water")
    assert "Far too cold." in str(newest.blocks)
    assert "Far too cold." not in str(LessonVersion.objects.get(key="water", edition=1).blocks)


def test_a_new_sentence_on_what_changed_makes_a_version_once(pack: Path) -> None:
    load(pack)
    edit(pack / COURSE, what_changed="The pot is warmed first.", holds={"months": 6})
    load(pack)
    load(pack)
    assert list(CourseVersion.objects.values_list("number", "edition", "holds_months")) == [(1, 1, 12), (2, 1, 6)]
    replace(pack / WATER, "Too cold.", "Far too cold.")
    load(pack)
    assert list(CourseVersion.objects.values_list("number", "edition")) == [(1, 1), (2, 2)]


def test_a_change_of_meaning_without_a_sentence_is_refused(pack: Path) -> None:
    load(pack)
    edit(pack / COURSE, holds={"months": 6})
    assert any("that is a change of meaning" in problem for problem in refusal(pack))


def test_lessons_are_added_moved_and_taken_out(pack: Path) -> None:
    load(pack)
    lessons = pack / "courses/TINY/lessons"
    (lessons / "02-promise.yaml").rename(lessons / "00-promise.yaml")
    shutil.copy(lessons / "01-water.yaml", lessons / "03-milk.yaml")
    edit(lessons / "03-milk.yaml", key="milk", title="Milk")
    load(pack)
    assert [row.key for row in LessonVersion.objects.newest_edition()] == ["promise", "water", "milk"]
    (lessons / "01-water.yaml").unlink()
    load(pack)
    assert [row.key for row in LessonVersion.objects.newest_edition()] == ["promise", "milk"]
    assert [page.slug for page in CoursePage.objects.get().get_children()] == ["promise", "milk"]
    assert load(pack).lines == []


def test_a_criterion_worded_anew_gets_a_version(pack: Path) -> None:
    load(pack)
    replace(pack / "framework.yaml", "can say how tea is made", "can explain how tea is made")
    load(pack)
    criterion = Criterion.objects.get(code="T1.C1")
    assert list(criterion.versions.values_list("number", flat=True)) == [1, 2]
    assert (
        CourseVersion.objects.get().certified.get(criterion_version__criterion=criterion).criterion_version.number == 1
    )


def test_a_new_version_of_a_document_is_what_people_acknowledge_next(pack: Path) -> None:
    load(pack)
    replace(pack / "documents/tea-code.yaml", 'version: "1"', 'version: "2"')
    replace(pack / "documents/tea-code.yaml", "I warm the pot.", "I always warm the pot.")
    load(pack)
    assert str(LessonVersion.objects.newest_edition().get(key="promise").document_version) == "Code of tea 2"
    assert DocumentVersion.objects.count() == 2


def test_another_text_under_the_same_version_is_refused(pack: Path) -> None:
    load(pack)
    replace(pack / "documents/tea-code.yaml", "I warm the pot.", "I always warm the pot.")
    [problem] = refusal(pack)
    assert problem.startswith("tiny/documents/tea-code.yaml:3: Version 1 was loaded with another text")


def rename_lesson() -> None:
    """Edit a lesson on the site."""
    draft = LessonPage.objects.get(slug="water").get_latest_revision_as_object()
    draft.title = "Edited here"
    draft.save_revision()


def test_what_was_edited_on_the_site_is_not_written_over(pack: Path) -> None:
    load(pack)
    rename_lesson()
    replace(pack / WATER, "title: Water", "title: Edited there")
    [problem] = refusal(pack)
    assert "edited on this site since it was loaded" in problem
    assert "--- site: lessons/water.yaml\n+++ pack: lessons/water.yaml\n" in problem
    assert "-title: Edited here\n+title: Edited there" in problem
    assert "lessons/promise.yaml" not in problem
    load(pack, replace=True)
    assert LessonVersion.objects.newest_edition().get(key="water").title == "Edited there"
    assert load(pack).lines == []


def test_a_pack_that_has_not_changed_does_not_undo_what_was_edited_here(pack: Path) -> None:
    load(pack)
    rename_lesson()
    assert load(pack).lines == []
    publishing.publish(CoursePage.objects.get(), by=BY_COMMAND)
    assert load(pack).lines == []
    assert LessonVersion.objects.newest_edition().get(key="water").title == "Edited here"


def test_the_framework_edited_on_the_site_is_not_written_over(pack: Path) -> None:
    load(pack)
    Instrument.objects.update(title="Renamed here")
    assert load(pack).lines == []
    replace(pack / "instruments.yaml", "Tea Act", "Tea Act, amended")
    assert "Renamed here" in refusal(pack)[0]
    load(pack, replace=True)
    assert Instrument.objects.get().title == "Tea Act, amended"


def test_a_question_changed_on_both_sides_is_shown_and_refused(pack: Path) -> None:
    load(pack)
    Question.objects.filter(course__code="TINY", criterion__code="T1.C1").update(feedback="Changed here.")
    file = pack / "courses/TINY/questions/T1.C1.yaml"
    content = yaml.safe_load(file.read_text())
    content["questions"][0]["feedback"] = "Changed there."
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    [problem] = refusal(pack)
    assert problem.startswith(f"tiny/{COURSE}:1: ")
    assert "--- site: paper and questions" in problem
    assert "Changed here." in problem
    assert "Changed there." in problem


def test_what_fails_last_takes_everything_back(pack: Path, tmp_path: Path) -> None:
    basics = tmp_path / "basics"
    basics.mkdir()
    shutil.move(pack / "framework.yaml", basics / "framework.yaml")
    shutil.copy(pack / "pack.yaml", basics / "pack.yaml")
    edit(basics / "pack.yaml", pack="basics")
    edit(pack / "pack.yaml", requires=["basics"])
    # Only publishing, the last step, finds that the paper draws too few.
    content = yaml.safe_load((pack / COURSE).read_text())
    content["paper"]["draws"][0]["questions"] = 1
    edit(pack / COURSE, paper=content["paper"])
    assert any("The paper draws 1 questions" in problem for problem in refusal(tmp_path))
    assert not Pack.objects.exists()
    assert not Question.objects.exists()
    assert not AuditEntry.objects.filter(action="course published").exists()


WRONG: list[tuple[str, str, str, str]] = [
    (COURSE, "criterion: T1.C1", "criterion: T9.C9", f"{COURSE}:15: The criterion “T9.C9” is not known."),
    (WATER, "criteria: [T1.C2]", "criteria: [T9.C9]", f"{WATER}:4: The criterion “T9.C9” is not known."),
    (
        WATER,
        "instruments: [ng-tea-act]",
        "instruments: [nothing]",
        f"{WATER}:5: The instrument “nothing” is not known.",
    ),
    (WATER, "kind: situation", "kind: fable", f"{WATER}:7: Kind “fable” is not known."),
    (WATER, "minutes: 5", "minutes: soon", f"{WATER}:3: A number is expected, not text."),
    (WATER, "minutes: 5", "minutes: -1", f"{WATER}:3: A number from 1 to 600 is expected."),
    (WATER, "minutes: 5", "", f"{WATER}:1: “minutes” is missing."),
    (WATER, "key: water", "key: paper", f"{WATER}:1: “paper” cannot be a lesson’s key"),
    (WATER, "key: water", "key: promise", f"{PROMISE}:1: The key “promise” is taken by"),
    (WATER, "key: water", "key: Water Jug", f"{WATER}:1: “Water Jug” will not do"),
    (WATER, "title: Water\n", "title: Water\nmins: 4\n", f"{WATER}:3: “mins” is not known here."),
    (WATER, "jurisdiction: NG", "jurisdiction: XX", f"{WATER}:16: “XX” is not known here."),
    (WATER, "jurisdiction: NG", "jurisdiction: NO", f"{WATER}:16: “False” is not known here."),
    (WATER, "Boiling, right: true", "Boiling", f"{WATER}:18: Exactly one option must be right"),
    (WATER, "group: Hot, feedback", "group: Warm, feedback", f"{WATER}:35: The group “Warm” of an item is not one"),
    (WATER, "points: [Fill, Boil, Pour]", "points: Fill", f"{WATER}:46: A list is expected, not text."),
    (WATER, "body: The Tea Act says so.", "body: [a, list]", f"{WATER}:17: Text is expected, not a list."),
    (WATER, "body: The Tea Act says so.", "body: 7", f"{WATER}:17: Text is expected, not a number."),
    (WATER, "title: Water\n", "title: Water\ntitle: Tea\n", f"{WATER}:3: “title” stands here twice."),
    (WATER, "minutes: 5", "minutes: &five 5", f"{WATER}:3: Write it out: & and * are not read."),
    (WATER, "minutes: 5", "minutes: [5", f"{WATER}:4: "),
    (WATER, "minutes: 5", "minutes: !!python/object/apply:os.system ['true']", f"{WATER}:3: "),
    (WATER, "Keep it warm, right: true", "Keep it warm", f"{WATER}:61: Exactly one option of a step must be right"),
    (WATER, "Make tea, right: true", "Make tea, right: true, critical_error: true", f"{WATER}:65: Exactly one option"),
    (WATER, "Pour it away, feedback: Water is dear.", "Pour it away", f"{WATER}:63: “feedback” is missing."),
    (WATER, "left: A pot, right: To pour", "left: A pot", f"{WATER}:54: “right” is missing."),
    (WATER, "left: A pot,", "left: A cup,", f"{WATER}:55: “A cup” stands in this list twice."),
    (PROMISE, "document: tea-code", "document: milk-code", f"{PROMISE}:5: The document “milk-code” is not known."),
    (PROMISE, "document: tea-code", "", f"{PROMISE}:4: Say which document is acknowledged."),
    (COURSE, "track: basic", "track: expert", f"{COURSE}:3: “expert” is not known here."),
    (COURSE, "code: TINY", "code: HUGE", f"{COURSE}:1: The folder is called “TINY”"),
    (COURSE, "review_due: 2028-01-01", "review_due: 2028-13-01", f"{COURSE}:12: "),
    (COURSE, "review_due: 2028-01-01", "review_due: soon", f"{COURSE}:12: A date such as 2027-05-22 is expected"),
    (COURSE, "integrity: true", "integrity: perhaps", f"{COURSE}:4: true or false is expected, not text."),
    (COURSE, "evidence: observation", "evidence: paper", f"{COURSE}:17: T1.C3 cannot be shown by “paper”."),
    (COURSE, "evidence: observation", "evidence: hearsay", f"{COURSE}:17: “hearsay” is not known here."),
    (
        COURSE,
        "criterion: T1.C2, evidence: paper}\n  -",
        "criterion: T1.C1, evidence: paper}\n  -",
        f"{COURSE}:16: “T1.C1” stands in this list twice.",
    ),
    (COURSE, "months: 12", "months: 0", f"{COURSE}:13: A number from 1 to 600 is expected."),
    ("framework.yaml", "outcome: T1.O1", "outcome: T1.O9", "framework.yaml:7: T1.C1 names the outcome T1.O9"),
    ("framework.yaml", "evidence: [paper]", "evidence: []", "framework.yaml:10: At least 1 are needed here."),
    ("instruments.yaml", "kind: act", "kind: rumour", "instruments.yaml:4: “rumour” is not known here."),
    ("pack.yaml", "requires: []", "requires: [tea-basics]", "pack.yaml:7: The pack “tea-basics” is neither here"),
    ("pack.yaml", "moderator: Test moderator", "", "pack.yaml:1: “moderator” is missing."),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), WRONG)
def test_a_wrong_pack_is_refused_with_file_line_and_reason(
    pack: Path, file: str, old: str, new: str, said: str
) -> None:
    replace(pack / file, old, new)
    problems = refusal(pack)
    assert any(problem.startswith(f"tiny/{said}") for problem in problems), problems


def test_everything_wrong_is_said_at_once(pack: Path) -> None:
    edit(pack / WATER, minutes="soon", title=None)
    edit(pack / COURSE, track="expert")
    edit(pack / "pack.yaml", moderator=None)
    assert len(refusal(pack)) == 4


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00\x01", b"- just\n- a list\n", b"", b"text"])
def test_a_file_that_is_no_pack_file_is_refused(pack: Path, content: bytes) -> None:
    (pack / WATER).write_bytes(content)
    assert all(problem.startswith(f"tiny/{WATER}:") for problem in refusal(pack))


def test_a_course_without_its_file_is_refused(pack: Path) -> None:
    (pack / COURSE).unlink()
    assert refusal(pack) == [f"tiny/{COURSE}:1: The file is missing or cannot be read."]


def test_a_course_without_lessons_is_refused(pack: Path) -> None:
    shutil.rmtree(pack / "courses/TINY/lessons")
    assert refusal(pack)[0] == f"tiny/{COURSE}:1: The course has no lessons."


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_a_place_without_a_pack_is_refused(tmp_path: Path, path: str) -> None:
    assert "There is no pack here" in refusal(tmp_path / path)[0]


def test_packs_are_loaded_after_those_that_they_require(pack: Path, tmp_path: Path) -> None:
    basics = tmp_path / "zz-basics"
    basics.mkdir()
    shutil.move(pack / "framework.yaml", basics / "framework.yaml")
    shutil.copy(pack / "pack.yaml", basics / "pack.yaml")
    edit(basics / "pack.yaml", pack="basics")
    edit(pack / "pack.yaml", requires=["basics"])
    load(tmp_path)
    assert CourseVersion.objects.get().course.code == "TINY"
    assert load(pack).lines == []
    edit(basics / "pack.yaml", requires=["tiny"])
    assert "require each other in a circle" in refusal(tmp_path)[0]


def test_two_packs_do_not_share_a_course_or_a_unit(pack: Path, tmp_path: Path) -> None:
    load(pack)
    edit(pack / "pack.yaml", pack="other")
    problems = " ".join(refusal(pack))
    assert "“T1” belongs to tiny already." in problems
    assert "“tea-code” belongs to tiny already." in problems


def test_the_command_says_what_it_did(pack: Path) -> None:
    out = StringIO()
    call_command("load_curriculum", str(pack), stdout=out)
    assert "TINY: version 1, edition 1 published" in out.getvalue()
    out = StringIO()
    call_command("load_curriculum", str(pack), stdout=out)
    assert out.getvalue().startswith("Nothing has changed.\n")


def test_the_command_refuses_with_exit_code_1(pack: Path) -> None:
    edit(pack / WATER, minutes="soon")
    with pytest.raises(CommandError) as refused:
        call_command("load_curriculum", str(pack))
    assert refused.value.returncode == 1
    assert f"tiny/{WATER}:" in str(refused.value)


def test_the_command_refuses_bad_arguments_with_exit_code_2() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load_curriculum", "one", "two")
    assert refused.value.returncode in {1, 2}
