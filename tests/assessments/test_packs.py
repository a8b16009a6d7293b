"""Questions, papers and guides in packs: read, refused with file and line, written back."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.models import ObservationGuideVersion, Paper, PaperVersion, Question
from courses.curriculum.exporting import export
from courses.curriculum.loading import load
from courses.curriculum.problems import PackError
from courses.models import Course, CourseVersion

TINY = Path(__file__).parent.parent / "data" / "packs" / "tiny"


class _Plain(yaml.SafeDumper):
    """Writes out what stands there twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def pack(tmp_path: Path, db: None) -> Path:
    """A copy of the tiny pack that a test may edit."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def _edit(file: Path, change: Any) -> None:
    content = yaml.safe_load(file.read_text())
    change(content)
    file.write_text(yaml.dump(content, Dumper=_Plain, sort_keys=False))


def _rows() -> list[Any]:
    names = ("code", "criterion__code", "kind", "stem", "body", "feedback", "points", "misconduct", "position")
    questions = Question.objects.order_by("code").values(*names)
    draws = Paper.objects.values(
        "code", "title", "minutes", "tries", "draws__criterion__code", "draws__questions", "draws__at_least"
    )
    return [list(questions), sorted(map(str, draws))]


def test_a_pack_brings_paper_questions_and_guides(pack: Path) -> None:
    load(pack)
    frozen = PaperVersion.objects.get()
    assert (frozen.title, frozen.minutes, frozen.tries) == ("The tea paper", 20, 3)
    assert {draw.criterion_version.criterion.code: draw.questions for draw in frozen.draws.all()} == {
        "T1.C1": 3,
        "T1.C2": 5,
    }
    assert {draw.criterion_version.criterion.code: draw.at_least for draw in frozen.draws.all()} == {
        "T1.C1": {"ordering": 1},
        "T1.C2": {},
    }
    assert all(draw.pool.count() >= draw.questions for draw in frozen.draws.all())
    assert ObservationGuideVersion.objects.get().look_for == ["The pot is warm.", "The water boils."]
    version = CourseVersion.objects.get()
    assert version.planned_minutes == sum(lesson.minutes for lesson in version.lessons.all()) + 15 + 10


def test_what_is_exported_loads_to_the_same_rows(pack: Path, tmp_path: Path) -> None:
    load(pack)
    before = _rows()
    export(tmp_path / "out")
    report = load(tmp_path / "out" / "tiny")
    assert _rows() == before
    assert CourseVersion.objects.get().edition == 1
    assert not report.lines


def test_loading_twice_changes_nothing(pack: Path) -> None:
    load(pack)
    load(pack)
    assert PaperVersion.objects.count() == 1


def test_a_mended_question_makes_a_new_edition_and_a_new_version_of_it_alone(pack: Path) -> None:
    load(pack)
    _edit(pack / "courses/TINY/questions/T1.C1.yaml", lambda c: c["questions"][0].update(stem="Which one is right?"))
    load(pack)
    assert PaperVersion.objects.count() == 2
    assert Question.objects.get(code="TINY-C1-01").versions.count() == 2
    assert Question.objects.get(code="TINY-C1-02").versions.count() == 1


def test_a_question_that_a_pack_drops_is_retired_and_comes_back(pack: Path) -> None:
    load(pack)
    file = pack / "courses/TINY/questions/T1.C1.yaml"
    whole = file.read_text()
    _edit(file, lambda c: c["questions"].append({**c["questions"][1], "code": "TINY-C1-99", "stem": "Another?"}))
    load(pack)
    file.write_text(whole)
    load(pack)
    assert Question.objects.get(code="TINY-C1-99").retired_on is not None
    newest = PaperVersion.objects.latest("edition")
    assert "TINY-C1-99" not in newest.draws.values_list("pool__question__code", flat=True)


def _no_right(content: Any) -> None:
    content["questions"][0]["options"][0].pop("right")


def _two_right(content: Any) -> None:
    content["questions"][0]["options"][1]["right"] = True


def _unknown_kind(content: Any) -> None:
    content["questions"][0]["kind"] = "essay"


def _unknown_criterion(content: Any) -> None:
    content["criterion"] = "X9.C9"


def _unknown_word(content: Any) -> None:
    content["questions"][0]["options"][0]["correct"] = True


def _right_and_critical(content: Any) -> None:
    content["questions"][0]["options"][0]["critical_error"] = True


def _unknown_misconduct(content: Any) -> None:
    content["questions"][0]["misconduct"] = ["laziness"]


def _unknown_instrument(content: Any) -> None:
    content["questions"][0]["instruments"] = ["no-such-act"]


def _twice(content: Any) -> None:
    content["questions"].append(content["questions"][0])


def _list_for_text(content: Any) -> None:
    content["questions"][0]["stem"] = ["a", "b"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_no_right, "exactly one"),
        (_two_right, "exactly one"),
        (_unknown_kind, "essay"),
        (_unknown_criterion, "X9.C9"),
        (_unknown_word, "correct"),
        (_right_and_critical, "critical error"),
        (_unknown_misconduct, "laziness"),
        (_unknown_instrument, "no-such-act"),
        (_twice, "twice"),
        (_list_for_text, "Text is expected"),
    ],
)
def test_a_bad_question_is_refused_with_file_and_line(pack: Path, change: Any, words: str) -> None:
    _edit(pack / "courses/TINY/questions/T1.C1.yaml", change)
    with pytest.raises(PackError, match=words) as caught:
        load(pack)
    problem = next(problem for problem in caught.value.problems if words in problem.reason)
    assert problem.file.endswith("questions/T1.C1.yaml")
    assert problem.line >= 1
    assert not Question.objects.exists()
    assert not CourseVersion.objects.exists()


def test_the_line_is_that_of_the_mistake(pack: Path) -> None:
    file = pack / "courses/TINY/questions/T1.C1.yaml"
    lines = file.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if "right: true" in line)
    lines[place] = lines[place].replace("right: true", "right: perhaps")
    file.write_text("\n".join(lines))
    with pytest.raises(PackError) as caught:
        load(pack)
    assert [problem.line for problem in caught.value.problems] == [place + 1]


def _case(content: Any) -> Any:
    return next(question for question in content["questions"] if question["kind"] == "stepped_scenario")


def _no_feedback(content: Any) -> None:
    _case(content)["steps"][1]["options"][0].pop("feedback")


def _no_scene(content: Any) -> None:
    _case(content)["steps"][1].pop("scene")


def _two_right_in_a_step(content: Any) -> None:
    _case(content)["steps"][1]["options"][0]["right"] = True


def _one_step(content: Any) -> None:
    _case(content)["steps"].pop()


@pytest.mark.parametrize(
    ("change", "words", "near"),
    [
        (_no_feedback, "“feedback” is missing", "Milk alone"),
        (_no_scene, "Say what happens next", "What goes into the cup"),
        (_two_right_in_a_step, "exactly one option", "options:"),
        (_one_step, "at least 2", "steps:"),
    ],
)
def test_a_case_is_refused_at_its_line(pack: Path, change: Any, words: str, near: str) -> None:
    file = pack / "courses/TINY/questions/T1.C2.yaml"
    _edit(file, change)
    with pytest.raises(PackError) as caught:
        load(pack)
    (problem,) = caught.value.problems
    assert words in problem.reason
    assert near in file.read_text().splitlines()[problem.line - 1]


def _draw_too_few(content: Any) -> None:
    content["paper"]["draws"][1]["questions"] = 4


def _draw_too_many(content: Any) -> None:
    content["paper"]["draws"][0]["questions"] = 90


def _no_such_kind(content: Any) -> None:
    content["paper"]["draws"][0]["at_least"] = {"essay": 1}


def _more_of_a_kind_than_drawn(content: Any) -> None:
    content["paper"]["draws"][0]["at_least"] = {"ordering": 2, "single_choice": 2}


def _too_few_of_a_kind(content: Any) -> None:
    content["paper"]["draws"][0]["at_least"] = {"ordering": 2}


def _no_fresh_ones(content: Any) -> None:
    content["paper"]["draws"][0]["questions"] = 4


def _no_paper(content: Any) -> None:
    content.pop("paper")


def _no_guide(content: Any) -> None:
    content.pop("observations")


def _unknown_draw(content: Any) -> None:
    content["paper"]["draws"].append({"criterion": "X9.C9", "questions": 3})


def _no_tries(content: Any) -> None:
    content["paper"]["tries"] = 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_draw_too_few, "draws 4 questions for T1.C2; it needs at least 5"),
        (_draw_too_many, "draws 90"),
        (_no_such_kind, "essay"),
        (_more_of_a_kind_than_drawn, "more questions of some kinds than it draws"),
        (_too_few_of_a_kind, "1 of the 2 questions of the kind “Ordering”"),
        (_no_fresh_ones, "T1.C1 has 6 questions, and the paper draws 4: .* needs at least 8"),
        (_no_paper, "no paper to show T1.C1, T1.C2"),
        (_no_guide, "no guide for T1.C3"),
        (_unknown_draw, "X9.C9"),
        (_no_tries, "from 1 to 99"),
    ],
)
def test_a_paper_that_shows_too_little_is_not_published(pack: Path, change: Any, words: str) -> None:
    _edit(pack / "courses/TINY/course.yaml", change)
    with pytest.raises(PackError, match=words):
        load(pack)
    assert not CourseVersion.objects.exists()


def test_a_question_of_another_course_is_not_taken_over(pack: Path, tmp_path: Path) -> None:
    load(pack)
    Question.objects.filter(code="TINY-C1-01").update(course=_other_course())
    with pytest.raises(PackError, match="belongs to another course"):
        load(pack, replace=True)


def _other_course() -> Any:
    return Course.objects.create(code="OTHER")
