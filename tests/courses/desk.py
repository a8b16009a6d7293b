"""The author's desk: drafts, edits and the editor's forms of the tiny course."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.models import CoursePage, CourseVersion, LessonPage
from lms.organisation.models import User


def in_group(user: User, name: str) -> User:
    """The user with what the group may do."""
    user.groups.add(Group.objects.get(name=name))
    return user


def edit(page: Page, *, user: User | None = None, **changes: Any) -> None:
    """A new draft of a course or lesson."""
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=user, clean=False)


def lesson(key: str = "water") -> LessonPage:
    """A lesson's page."""
    found: LessonPage = LessonPage.objects.get(slug=key)
    return found


def form_of(page: Any, **changes: Any) -> Any:
    """The editor's form of a course, filled in."""
    rows = [
        {"id": row.pk, "criterion": row.criterion_id, "evidence": row.evidence, "weight": row.weight, "ORDER": index}
        for index, row in enumerate(page.certifies.all())
    ]
    names: tuple[str, ...] = (
        "title",
        "slug",
        "language",
        "track",
        "summary",
        "purpose",
        "outcomes",
        "audience",
        "change",
    )
    names += ("review_due", "holds_months", "author_name", "approver_name", "moderator_name", "what_changed")
    names += ("pass_percent", "met_percent", "met_critical_percent")
    fields = {name: "" if getattr(page, name) is None else getattr(page, name) for name in names}
    fields |= {"code": page.course.code, "holds_document": page.holds_document_id or ""}
    fields |= {name: "on" for name in ("is_integrity", "changes_must_be_read") if getattr(page, name)}
    fields |= {"changes_due_days": "" if page.changes_due_days is None else page.changes_due_days}
    fields |= {"comments": inline_formset([]), "entry": inline_formset([])}
    return nested_form_data({**fields, "certifies": inline_formset(rows, initial=len(rows)), **changes})


@pytest.fixture
def page(tiny_course: CourseVersion) -> CoursePage:
    """The draft of the tiny course."""
    found: CoursePage = CoursePage.objects.get(course=tiny_course.course)
    return found


@pytest.fixture
def boss(office: object) -> User:
    """A superuser."""
    return User.objects.create_superuser("boss", email="boss@kopw.example")
