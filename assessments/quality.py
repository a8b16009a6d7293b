"""Questions as courses' report on content and the editor's panels look at them, through the port of courses."""

from assessments.models import Question
from courses.curriculum.problems import PackError, Spot
from courses.models import Course
from courses.ports import PackFolder
from courses.quality import records
from courses.quality.nodes import Node
from lms.core import clock


class Questions:
    """See courses.ports.QuestionSource."""

    def in_folder(self, folder: PackFolder) -> list[records.Question]:
        """From `questions/<criterion>.yaml`."""
        return [question for name in folder.names("questions/*.yaml") for question in _in_file(folder, name)]

    def of(self, course: Course) -> list[records.Question]:
        """From the drafts. One query."""
        drafts = Question.objects.filter(course=course).in_use_on(clock.today()).select_related("criterion")
        return [_as_record(draft) for draft in drafts]


def _in_file(folder: PackFolder, name: str) -> list[records.Question]:
    try:
        file = Node(folder.read(name), folder.spot(name))
    except PackError:
        return []
    return [records.question(node, file["criterion"].text) for node in file["questions"].each()]


def _as_record(draft: Question) -> records.Question:
    content = {"code": draft.code, **draft.content(), **draft.body}
    return records.question(Node(content, Spot(draft.code)), draft.criterion.code)
