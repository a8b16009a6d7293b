"""The curriculum as authors keep it in Wagtail."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import CoursePage, Criterion, CriterionVersion, Document, DocumentVersion, StudyUnit
from lms.core.errors import Refused
from lms.organisation.models import User
from tests.courses.desk import in_group

ClientFor = Callable[[User], Client]

SNIPPETS = [
    "studyunit",
    "learningoutcome",
    "criterion",
    "criterionversion",
    "instrument",
    "document",
    "documentversion",
]


@pytest.mark.parametrize("model", SNIPPETS)
def test_authors_keep_the_framework(page: CoursePage, author: User, client_for: ClientFor, model: str) -> None:
    browser = client_for(in_group(author, "Course authors"))
    assert browser.get(reverse(f"wagtailsnippets_courses_{model}:list")).status_code == 200
    assert browser.get(reverse(f"wagtailsnippets_courses_{model}:add")).status_code == 200


def test_a_criterion_is_worded_anew_and_never_changed(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    old = CriterionVersion.objects.get(criterion__code="T1.C1")
    browser = client_for(boss)
    changing = browser.get(reverse("wagtailsnippets_courses_criterionversion:edit", args=[old.pk]))
    assert changing.status_code in {302, 403}
    form = {"criterion": old.criterion_id, "text": "Better", "evidence": ["paper"], "jurisdiction": "all"}
    answer = browser.post(reverse("wagtailsnippets_courses_criterionversion:add"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert (old.criterion.current.number, old.criterion.current.evidence) == (2, ["paper"])


def test_the_same_wording_is_no_new_version(page: CoursePage, author: User, client_for: ClientFor) -> None:
    old = CriterionVersion.objects.get(criterion__code="T1.C1")
    url = reverse("wagtailsnippets_courses_criterionversion:copy", args=[old.pk])
    shown = client_for(author).get(url).context["form"]
    assert shown["text"].value() == old.text
    form = {"criterion": old.criterion_id, "text": old.text, "evidence": old.evidence, "jurisdiction": "all"}
    answer = client_for(author).post(url, form | ({"is_critical": "on"} if old.is_critical else {}))
    assert "worded already" in answer.content.decode()
    assert CriterionVersion.objects.filter(criterion=old.criterion).count() == 1


def test_the_next_version_of_a_document_begins_with_the_last(
    page: CoursePage, author: User, client_for: ClientFor
) -> None:
    old = DocumentVersion.objects.get()
    browser = client_for(author)
    listed = browser.get(reverse("wagtailsnippets_courses_document:list")).content.decode()
    url = reverse("wagtailsnippets_courses_documentversion:copy", args=[old.pk])
    assert url in listed
    shown = browser.get(url).context["form"]
    assert (shown["body"].value(), shown["version"].value()) == (old.body, "")
    form = {"document": old.document_id, "version": "2", "body": "New.", "acknowledgement": "I will."}
    form |= {"effective_on": "2025-01-01", "review_due": "2030-01-01"}
    assert "begin no earlier" in browser.post(url, form).content.decode()
    answer = browser.post(url, form | {"effective_on": "2027-01-01"})
    assert answer.status_code == 302, answer.context["form"].errors
    new = DocumentVersion.objects.get(version="2")
    assert (new.effective_on, new.uuid == old.uuid) == (date(2027, 1, 1), False)
    old.refresh_from_db()
    assert old.version == "1"


def test_lists_show_what_uses_a_row_and_find_it(page: CoursePage, author: User, client_for: ClientFor) -> None:
    url = reverse("wagtailsnippets_courses_criterion:list")
    shown = client_for(author).get(url).content.decode()
    assert "Courses that certify it" in shown
    text = CriterionVersion.objects.get(criterion__code="T1.C1").text
    assert text in shown
    found = client_for(author).get(url, {"q": text[:12]}).content.decode()
    assert "T1.C1" in found


@pytest.mark.parametrize(
    ("model", "name"), [(StudyUnit, "studyunit"), (Criterion, "criterion"), (Document, "document")]
)
def test_a_code_stays(
    page: CoursePage, author: User, client_for: ClientFor, model: type[StudyUnit | Criterion | Document], name: str
) -> None:
    row = model._default_manager.all()[0]
    url = reverse(f"wagtailsnippets_courses_{name}:edit", args=[row.pk])
    form = client_for(author).get(url).context["form"]
    fields = {key: value for key, value in form.initial.items() if value is not None}
    client_for(author).post(url, fields | {"code": "other"})
    assert model._default_manager.get(pk=row.pk).code == row.code
    assert form.fields["code"].disabled


@pytest.mark.parametrize("model", [CriterionVersion, DocumentVersion])
def test_a_version_is_never_changed(
    page: CoursePage, author: User, client_for: ClientFor, model: type[CriterionVersion | DocumentVersion]
) -> None:
    version = model._default_manager.all()[0]
    with pytest.raises(Refused, match="kept as it is"):
        version.save()
    url = reverse(f"wagtailsnippets_courses_{model._meta.model_name}:edit", args=[version.pk])
    assert client_for(author).post(url, {"text": "Other", "body": "Other"}).status_code in {302, 403}
    assert model._default_manager.get(pk=version.pk) == version
