"""Findings about right answers that give themselves away.

Whether a pattern is a finding is decided by an exact one-sided test against what a guesser would meet: the right one
is the longest of four in one item of four. Under `Limits.chance` (5 %) it is reported, so that 4 of 12 is none
(p = 0.35) and 7 of 12 is one (p = 0.01). For places each place is tested on both sides, and the level is divided by
the number of tests (Bonferroni), so that many places do not make a finding by themselves.

Why these: Haladyna, Downing and Rodriguez, A review of multiple-choice item-writing guidelines for classroom
assessment, Applied Measurement in Education 15 (2002): “keep the length of choices about equal”, “vary the location of
the right answer”; on places also Attali and Bar-Hillel, Guess where, Journal of Educational Measurement 40 (2003).
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from courses.curriculum.problems import Problem, Spot
from courses.quality import chance
from courses.quality.limits import Limits
from courses.quality.prose import parts
from courses.quality.records import Choice, Question


def finding(spot: Spot, words: str) -> Problem:
    """A finding at a spot."""
    return Problem(spot.file, spot.line, words)


def patterns(choices: Sequence[Choice], questions: Sequence[Question], spot: Spot, limits: Limits) -> list[Problem]:
    """Everything about the right answers of a file or a course."""
    return [
        *longest_is_right(choices, spot, limits),
        *uneven_places(choices, spot, limits),
        *uneven_truth(questions, spot, limits),
    ]


def longest_is_right(choices: Sequence[Choice], spot: Spot, limits: Limits) -> Iterator[Problem]:
    """The longest option is the right one more often than chance. A tie for the longest tells nobody anything."""
    asked = [choice for choice in choices if choice.place is not None]
    hits = sum(_is_longest(choice) for choice in asked)
    if chance.at_least(hits, [1 / len(choice.options) for choice in asked]) < limits.chance:
        names = {"hits": hits, "asked": len(asked), "expected": _expected(asked)}
        yield finding(
            spot,
            _(
                "The longest option is the right one in %(hits)s of %(asked)s; about %(expected)s would be chance. "
                "Make the others as long and as careful."
            )
            % names,
        )


def uneven_places(choices: Sequence[Choice], spot: Spot, limits: Limits) -> Iterator[Problem]:
    """The right option stands at one place too often, or hardly ever."""
    asked = [choice for choice in choices if choice.place is not None]
    places = max((len(choice.options) for choice in asked), default=0)
    for place in range(places):
        at = [choice for choice in asked if len(choice.options) > place]
        hits = sum(choice.place == place for choice in at)
        if chance.either_way(hits, [1 / len(choice.options) for choice in at]) * places < limits.chance:
            names = {"hits": hits, "asked": len(at), "place": place + 1, "expected": _expected(at)}
            yield finding(
                spot,
                _(
                    "The right option stands at place %(place)s in %(hits)s of %(asked)s; about %(expected)s would be even."
                )
                % names,
            )


def uneven_truth(questions: Sequence[Question], spot: Spot, limits: Limits) -> Iterator[Problem]:
    """Statements are nearly all true, or nearly all false."""
    answers = [question.answer for question in questions if question.answer is not None]
    if chance.either_way(sum(answers), [0.5] * len(answers)) < limits.chance:
        names = {"true": sum(answers), "all": len(answers)}
        yield finding(spot, _("%(true)s of %(all)s statements are true; about half should be.") % names)


def _is_longest(choice: Choice) -> bool:
    lengths = [len(" ".join(parts(option.said.text))) for option in choice.options]
    right = lengths.pop(choice.place or 0)
    return all(right > length for length in lengths)


def _expected(asked: Sequence[Choice]) -> int:
    return round(sum(1 / len(choice.options) for choice in asked))
