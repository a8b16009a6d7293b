"""Findings about questions that are asked twice, in one course or in two."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.curriculum.problems import Problem
from courses.quality.keys import finding
from courses.quality.limits import Limits
from courses.quality.prose import words
from courses.quality.records import CourseContent, Said

# A lesson may ask “What should she say?” as often as it likes; what is longer is a question of its own.
_FEWEST_WORDS_IN_A_LESSON = 8


@dataclass(frozen=True, slots=True)
class _Stem:
    said: Said
    course: str
    words: list[str]
    known: frozenset[str]


def asked_twice(
    courses: Sequence[CourseContent], limits: Limits, others: Sequence[CourseContent] = ()
) -> Iterator[Problem]:
    """Stems that say the same, among the courses and against `others`: a finding at the later one."""
    mine = [stem for course in courses for stem in _stems(course)]
    known = [stem for course in others for stem in _stems(course)]
    for stem in mine:
        twin = next((other for other in known if _is_like(stem, other, limits.likeness)), None)
        if twin is not None:
            names = {"file": twin.said.spot.file, "line": twin.said.spot.line}
            yield finding(stem.said.spot, _("This asks nearly the same as %(file)s:%(line)s.") % names)
        known.append(stem)


def _stems(course: CourseContent) -> Iterator[_Stem]:
    for question in course.questions:
        yield _stem(question.stem, course.code)
    for lesson in course.lessons:
        for block in lesson.blocks:
            stem = _stem(block.stem, course.code)
            if len(stem.words) >= _FEWEST_WORDS_IN_A_LESSON:
                yield stem


def _stem(said: Said, course: str) -> _Stem:
    normal = [word.casefold() for word in words(said.text)]
    return _Stem(said, course, normal, frozenset(normal))


def _is_like(one: _Stem, other: _Stem, likeness: float) -> bool:
    """Words in common first, which is cheap and rules out nearly all pairs; then their order."""
    if not one.words or not other.words:
        return False
    shared = 2 * len(one.known & other.known) / (len(one.known) + len(other.known))
    if shared < likeness:
        return False
    return difflib.SequenceMatcher(None, one.words, other.words, autojunk=False).ratio() >= likeness
