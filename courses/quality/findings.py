"""What to look at again in a course: pure, over records; a finding each, with its file and line.

A finding refuses nothing: it is a reason to read that place again. What must hold before learners meet a course is in
`courses.readiness`.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from courses.curriculum.problems import Problem
from courses.quality import keys, prose
from courses.quality.keys import finding
from courses.quality.likeness import asked_twice
from courses.quality.limits import Limits
from courses.quality.records import EVERYWHERE, Certified, Choice, CourseContent, Lesson, Question, Said


def all_of(courses: Sequence[CourseContent], limits: Limits, others: Sequence[CourseContent] = ()) -> list[Problem]:
    """Every finding about the courses; `others` are known courses in which nothing may be asked again."""
    found = [problem for course in courses for problem in of_course(course, limits)]
    return found + list(asked_twice(courses, limits, others))


def of_course(course: CourseContent, limits: Limits) -> Iterator[Problem]:
    """Every finding about one course by itself."""
    for group in _files(course.questions):
        yield from keys.patterns(_choices(group), group, group[0].spot.at(1), limits)
    yield from keys.patterns(_all_choices(course), course.questions, course.spot, limits)
    yield from thin_criteria(course, limits)
    yield from missing_feedback(course)
    for lesson in course.lessons:
        yield from walls_of_text(lesson, limits)
    yield from long_sentences(_all_texts(course), limits)
    yield from sentence_middle(course, limits)


def thin_criteria(course: CourseContent, limits: Limits) -> Iterator[Problem]:
    """Criteria shown by a paper that have too few questions, or of too few kinds."""
    for row in course.certified:
        if row.evidence != "paper":
            continue
        there = [question for question in course.questions if question.criterion == row.criterion]
        yield from _thin(row, there, limits)


def _thin(row: Certified, there: list[Question], limits: Limits) -> Iterator[Problem]:
    least = limits.questions_for(is_critical=row.is_critical)
    kinds = sorted({question.kind for question in there})
    names = {
        "criterion": row.criterion,
        "there": len(there),
        "everywhere": sum(question.jurisdiction == EVERYWHERE for question in there),
        "least": least,
        "kinds": len(kinds),
        "least_kinds": limits.kinds,
        "which": ", ".join(kinds),
    }
    if len(there) < least:
        said = _(
            "%(criterion)s has %(there)s questions (%(everywhere)s for all jurisdictions); %(least)s are expected."
        )
        if row.is_critical:
            said = _(
                "%(criterion)s is critical and has %(there)s questions (%(everywhere)s for all jurisdictions); "
                "%(least)s are expected."
            )
        yield finding(row.spot, said % names)
    if there and len(kinds) < limits.kinds:
        yield finding(
            row.spot,
            _("%(criterion)s is asked in %(kinds)s kinds (%(which)s); %(least_kinds)s are expected.") % names,
        )


def missing_feedback(course: CourseContent) -> Iterator[Problem]:
    """Wrong choices without a reason, and questions without one for everybody."""
    for spot in [spot for part in course.parts for spot in part.unexplained]:
        yield finding(spot, _("There is no feedback here that says why."))


def walls_of_text(lesson: Lesson, limits: Limits) -> Iterator[Problem]:
    """Stretches of a lesson that are only read, for whoever has the most of them to read."""
    walls = [wall for adopted in _adoptions(lesson) for wall in stretches(lesson, adopted)]
    worst: dict[str, tuple[int, Said]] = {}
    for count, said in walls:
        key = str(said.spot.line)
        worst[key] = max(worst.get(key, (0, said)), (count, said), key=lambda pair: pair[0])
    for count, said in worst.values():
        if count > limits.words_to_read:
            names = {"words": count, "most": limits.words_to_read}
            yield finding(
                said.spot, _("From here %(words)s words are read before there is something to do (%(most)s).") % names
            )


def longest_wall(lesson: Lesson) -> int:
    """Words of the longest stretch that somebody reads without something to do."""
    return max((count for adopted in _adoptions(lesson) for count, _said in stretches(lesson, adopted)), default=0)


def stretches(lesson: Lesson, adopted: frozenset[str]) -> Iterator[tuple[int, Said]]:
    """Words of each stretch without something to do, with its beginning, for who has adopted these jurisdictions."""
    count, begin = 0, None
    for block in lesson.blocks:
        if block.jurisdiction not in adopted:
            continue
        for said in block.reading:
            begin = begin or said
            count += len(prose.words(said.text))
        if block.is_active and begin:
            yield count, begin
            count, begin = 0, None
    if begin:
        yield count, begin


def long_sentences(texts: Iterable[Said], limits: Limits) -> Iterator[Problem]:
    """Sentences that nobody follows to the end."""
    for said in texts:
        for sentence in prose.sentences(said.text):
            count = len(prose.words(sentence))
            if count > limits.sentence_longest:
                names = {"words": count, "begin": " ".join(sentence.split()[:6])}
                yield finding(said.spot, _("A sentence of %(words)s words: “%(begin)s …”. Make two of it.") % names)


def sentence_middle(course: CourseContent, limits: Limits) -> Iterator[Problem]:
    """The median length of the lessons' sentences is outside what reads well."""
    lengths = running_sentences(course.lessons)
    least, most = limits.sentence_middle
    middle = prose.middle(lengths)
    if lengths and not least <= middle <= most:
        names = {"middle": f"{middle:g}", "least": f"{least:g}", "most": f"{most:g}", "all": len(lengths)}
        yield finding(
            course.spot,
            _("Half of the lessons’ %(all)s sentences have up to %(middle)s words; %(least)s to %(most)s read well.")
            % names,
        )


def running_sentences(lessons: Iterable[Lesson]) -> list[int]:
    """Lengths of the sentences in running text (explanation, situations, scenes, a colleague's answer).

    Options, short points and feedback are left out: they are short on purpose and would pull the median down.
    """
    texts = [said.text for lesson in lessons for block in lesson.blocks for said in block.running]
    return prose.sentence_lengths(texts)


def _adoptions(lesson: Lesson) -> list[frozenset[str]]:
    """None of the lesson's jurisdictions, each alone, all of them."""
    own = sorted({block.jurisdiction for block in lesson.blocks} - {EVERYWHERE})
    sets = [set(), *({one} for one in own), set(own)]
    return [frozenset({EVERYWHERE, *some}) for some in sets]


def _files(questions: Sequence[Question]) -> list[list[Question]]:
    by_file: dict[str, list[Question]] = {}
    for question in questions:
        by_file.setdefault(question.spot.file, []).append(question)
    return list(by_file.values())


def _choices(questions: Iterable[Question]) -> list[Choice]:
    return [choice for question in questions for choice in question.choices]


def _all_choices(course: CourseContent) -> list[Choice]:
    return [choice for part in course.parts for choice in part.choices]


def _all_texts(course: CourseContent) -> list[Said]:
    return [said for part in course.parts for said in part.texts]
