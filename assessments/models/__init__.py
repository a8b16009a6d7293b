"""How it is shown that somebody can do it: questions, papers, attempts, sheets."""

from assessments.models.attempts import AnswerStep, Attempt, AttemptQuestion, Mark, Submission
from assessments.models.choices import Kind, Misconduct
from assessments.models.observations import AssessorSheet, ObservationGuide, ObservationGuideVersion
from assessments.models.papers import Paper, PaperDraw, PaperVersion, PaperVersionDraw
from assessments.models.questions import Question, QuestionVersion

__all__ = [
    "AnswerStep",
    "AssessorSheet",
    "Attempt",
    "AttemptQuestion",
    "Kind",
    "Mark",
    "Misconduct",
    "ObservationGuide",
    "ObservationGuideVersion",
    "Paper",
    "PaperDraw",
    "PaperVersion",
    "PaperVersionDraw",
    "Question",
    "QuestionVersion",
    "Submission",
]
