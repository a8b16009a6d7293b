"""The report on a course's words and questions: what is a finding, what is none, and where it is said to be."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from courses.curriculum import yaml_lines
from courses.curriculum.problems import Problem, Spot
from courses.models import Course
from courses.quality import chance, findings, keys, prose, records
from courses.quality.likeness import asked_twice
from courses.quality.limits import Limits, limits
from courses.quality.nodes import Node
from courses.quality.reporting import report
from tests.courses.factories import edit

pytestmark = pytest.mark.once
HERE = Spot("file.yaml")


def node(text: str) -> Node:
    """Parsed YAML."""
    return Node(yaml_lines.parse(text, "file.yaml"), HERE)


def choice(right: int, lengths: tuple[int, ...] = (5, 5, 5, 5)) -> records.Choice:
    """A choice whose options have these lengths."""
    options = [records.Option(records.Said("x" * size, HERE), place == right) for place, size in enumerate(lengths)]
    return records.Choice(options, right, HERE)


def question(**given: Any) -> records.Question:
    """A sound question."""
    content = {
        "code": "Q1",
        "kind": "single_choice",
        "stem": "Who makes the tea today?",
        "options": [{"text": "She", "right": True}, {"text": "He", "feedback": "He is away."}],
        "feedback": "The list says so.",
        **given,
    }
    return records.question(Node(content, HERE), "T1.C1")


def lesson(*blocks: dict[str, Any]) -> records.Lesson:
    """A lesson of these blocks."""
    return records.lesson(Node({"title": "Tea", "blocks": list(blocks)}, HERE))


def said(problems: Any) -> list[str]:
    """The words of findings."""
    return [problem.reason for problem in problems]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("**Bold** and [a link](https://example.org/a-b).", 4),
        ("# A heading\n\nDon’t re-use it.", 5),
        ("| a | b |\n|---|---|\n| one | two |", 4),
        ("1. First\n2. Second", 2),
        ("On 2026-11-22 at 9.30.", 4),
        ("", 0),
    ],
)
def test_marks_are_no_words(text: str, count: int) -> None:
    assert len(prose.words(text)) == count


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("One two. Three four five!", [2, 3]),
        ("“Stop!” he said. “I will not.”", [3, 3]),
        ("Mr. Obi came at 9.30 to No. 4.", [8]),
        ("# A heading without an end\n\nHere it is.", [3]),
        ("You need:\n\n- a card\n- Bring the form too.", [2, 4]),
        ("One line\nthat goes on here.", [6]),
        ("Is it so? [Yes.] (No.)", [3, 1, 1]),
    ],
)
def test_a_sentence_ends_like_one_and_fragments_are_left_out(text: str, lengths: list[int]) -> None:
    assert prose.sentence_lengths([text]) == lengths


def test_chance_is_exact_for_items_alike_and_unlike() -> None:
    assert chance.at_least(4, [0.25] * 12) == pytest.approx(0.3512, abs=1e-4)
    assert chance.at_most(0, [0.25] * 12) == pytest.approx(0.75**12)
    assert chance.at_least(2, [0.5, 0.25]) == pytest.approx(0.125)
    assert chance.at_least(0, []) == 1


@pytest.mark.parametrize(("hits", "is_finding"), [(3, False), (4, False), (5, False), (6, False), (7, True)])
def test_the_longest_is_right_more_often_than_chance(hits: int, is_finding: bool) -> None:
    asked = [choice(0, (9, 5, 5, 5)) for _ in range(hits)] + [choice(0, (5, 9, 5, 5)) for _ in range(12 - hits)]
    assert bool(list(keys.longest_is_right(asked, HERE, limits()))) is is_finding


def test_a_tie_for_the_longest_tells_nobody_anything() -> None:
    assert not list(keys.longest_is_right([choice(0, (9, 9, 5, 5))] * 12, HERE, limits()))


def test_right_answers_at_one_place_are_a_finding() -> None:
    [finding] = said(keys.uneven_places([choice(1)] * 10 + [choice(0), choice(2), choice(3)] * 2, HERE, limits()))
    assert finding.startswith("The right option stands at place 2 in 10 of 16")
    assert not list(keys.uneven_places([choice(place) for place in (0, 1, 2, 3)] * 4, HERE, limits()))
    assert not list(keys.uneven_places([choice(0)] * 3, HERE, limits()))


def test_statements_that_are_nearly_all_false_are_a_finding() -> None:
    def ask(true: int, false: int) -> list[records.Question]:
        return [question(answer=True)] * true + [question(answer=False)] * false

    assert said(keys.uneven_truth(ask(1, 9), HERE, limits())) == ["1 of 10 statements are true; about half should be."]
    assert not list(keys.uneven_truth(ask(3, 5), HERE, limits()))
    assert not list(keys.uneven_truth(ask(0, 4), HERE, limits()))


def test_wrong_choices_and_questions_without_a_reason_are_found_where_they_stand() -> None:
    asked = records.question(
        node(
            "kind: stepped_scenario\nstem: s\nsteps:\n- question: q\n  options:\n  - {text: a, right: true}\n"
            "  - {text: b, feedback: He is away}\n  - {text: c}\n"
        ),
        "T1.C1",
    )
    assert [spot.line for spot in asked.unexplained] == [1, 8]
    assert question().unexplained == []


def test_an_activity_needs_a_reason_for_each_part_or_one_for_all() -> None:
    match: dict[str, Any] = {"kind": "match", "prompt": "p", "pairs": [{"left": "a", "right": "b"}]}
    assert len(lesson(match).blocks[0].unexplained) == 1
    assert lesson({**match, "feedback": "So."}).blocks[0].unexplained == []
    assert len(lesson({"kind": "order", "prompt": "p", "steps": ["a", "b"]}).blocks[0].unexplained) == 1


def course(*questions: records.Question, is_critical: bool = False, evidence: str = "paper") -> records.CourseContent:
    """A course that certifies one criterion."""
    certified = [records.Certified("T1.C1", evidence, is_critical, HERE)]
    return records.CourseContent("TINY", HERE, certified, [], list(questions))


def test_a_criterion_with_few_questions_or_few_kinds_is_thin() -> None:
    kinds = ["single_choice", "multiple_response", "ordering"]
    nine = [question(kind=kinds[n % 3], jurisdiction="ZA" if n else "all") for n in range(9)]
    assert not list(findings.thin_criteria(course(*nine), limits()))
    assert said(findings.thin_criteria(course(*nine[1:]), limits())) == [
        "T1.C1 has 8 questions (0 for all jurisdictions); 9 are expected."
    ]
    assert said(findings.thin_criteria(course(*nine, is_critical=True), limits())) == [
        "T1.C1 is critical and has 9 questions (1 for all jurisdictions); 15 are expected."
    ]
    assert said(findings.thin_criteria(course(*[question()] * 9), limits())) == [
        "T1.C1 is asked in 1 kinds (single_choice); 3 are expected."
    ]
    assert not list(findings.thin_criteria(course(evidence="observation"), limits()))


def read(count: int, **more: Any) -> dict[str, Any]:
    """A block that is only read."""
    return {"kind": "text", "body": "word " * count, **more}


DO = {"kind": "choice", "question": "q", "options": []}


@pytest.mark.parametrize(
    ("blocks", "longest"),
    [
        ([read(200), DO, read(200)], 200),
        ([read(200), {"kind": "situation", "title": "", "body": "word " * 150}, DO], 350),
        ([read(200), {**DO, "jurisdiction": "ZA"}, read(150)], 350),
        ([read(200), read(150, jurisdiction="ZA"), DO], 350),
        ([read(100), read(150, jurisdiction="ZA"), read(160, jurisdiction="NG"), DO], 410),
        ([read(200), {"kind": "stepped_scenario", "title": "", "body": "word " * 120, "steps": []}], 320),
        ([DO], 0),
    ],
)
def test_a_wall_is_what_somebody_reads_before_there_is_something_to_do(
    blocks: list[dict[str, Any]], longest: int
) -> None:
    assert findings.longest_wall(lesson(*blocks)) == longest
    assert bool(list(findings.walls_of_text(lesson(*blocks), limits()))) is (longest > 300)


def test_a_sentence_over_the_limit_is_quoted_by_its_beginning() -> None:
    long = records.Said("Short one. This " + "goes on " * 20 + "here.", HERE)
    assert said(findings.long_sentences([long], limits())) == [
        "A sentence of 42 words: “This goes on goes on goes …”. Make two of it."
    ]


@pytest.mark.parametrize(("words", "is_finding"), [(14, True), (15, False), (18, False), (19, True)])
def test_the_median_sentence_has_15_to_18_words(words: int, is_finding: bool) -> None:
    text = lesson({"kind": "text", "body": ("W" + " w" * (words - 1) + ". ") * 3, "points": ["Short. One."]})
    whole = records.CourseContent("TINY", HERE, lessons=[text])
    assert bool(list(findings.sentence_middle(whole, limits()))) is is_finding


def asked_in(code: str, *stems: str) -> records.CourseContent:
    """A course with questions of these stems."""
    questions = [
        records.question(Node({"stem": stem}, Spot(f"{code}.yaml", n)), "T1.C1") for n, stem in enumerate(stems)
    ]
    return records.CourseContent(code, HERE, questions=questions)


def test_a_question_asked_twice_is_found_in_one_course_and_between_two() -> None:
    stem = "A man slides a passport with two banknotes across the counter. What comes first?"
    like = "A man slides *a passport* with three banknotes across the counter. What comes first?"
    one, two = asked_in("ONE", stem, "Which of these is a gift?"), asked_in("TWO", like)
    expected = [Problem("TWO.yaml", 0, "This asks nearly the same as ONE.yaml:0.")]
    assert list(asked_twice([one, two], limits())) == expected
    assert list(asked_twice([two], limits(), [one])) == expected
    assert not list(asked_twice([one], limits()))


def test_a_pack_is_reported_on_by_file_and_line_without_a_database(pack: Path) -> None:
    edit(pack / "courses/TINY/lessons/01-water.yaml", blocks=[{"kind": "text", "body": "Word " * 301 + "end."}])
    found = [str(problem) for problem in report(pack)]
    assert "tiny/courses/TINY/course.yaml:15: T1.C1 has" in " ".join(found)
    [wall] = [line for line in found if "something to do" in line]
    assert wall.startswith("tiny/courses/TINY/lessons/01-water.yaml:")
    assert found == sorted(found, key=lambda line: line.split(":")[0])


def test_what_cannot_be_read_is_left_to_the_loader(pack: Path) -> None:
    (pack / "courses/TINY/lessons/01-water.yaml").write_text("blocks: [")
    (pack / "courses/TINY/questions/T1.C1.yaml").write_text("- just a list")
    assert report(pack)


@pytest.mark.django_db
def test_report_only_loads_nothing_and_says_what_would_be_refused(pack: Path) -> None:
    edit(pack / "courses/TINY/lessons/01-water.yaml", minutes="soon")
    out = StringIO()
    call_command("load_curriculum", str(pack), "--report-only", stdout=out)
    assert "This would be refused:\ntiny/courses/TINY/lessons/01-water.yaml:" in out.getvalue()
    assert "T1.C1 has" in out.getvalue()
    assert not Course.objects.exists()


def test_the_numbers_are_settings(settings: Any) -> None:
    settings.QUESTIONS_PER_CRITERION = 2
    assert isinstance(limits(), Limits)
    assert not [
        line
        for line in said(findings.thin_criteria(course(question(), question()), limits()))
        if "expected." in line and "has" in line
    ]
