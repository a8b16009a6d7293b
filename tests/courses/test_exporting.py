"""Exporting: files that load back to the same rows."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import drafts
from courses.blocks import from_pack
from courses.curriculum import formats, framework, yaml_lines
from courses.curriculum.exporting import _lesson, export
from courses.curriculum.loading import OWN_PACKS, load
from courses.curriculum.problems import Spot
from courses.models import CoursePage, CourseVersion, LessonPage, Pack
from tests.courses.factories import TINY, edit


def everything() -> dict[str, Any]:
    """All that packs hold, as the site has it."""
    pages = [page.get_latest_revision_as_object() for page in CoursePage.objects.order_by("course__code")]
    return {
        "packs": list(Pack.objects.values("code", "title", "language", "author", "approver", "moderator", "requires")),
        "framework": [framework.content_of(pack) for pack in Pack.objects.all()],
        "courses": [drafts.content(page) for page in pages],
    }


def loaded_elsewhere(path: Path) -> dict[str, Any]:
    """What a site that had nothing would hold after loading `path`."""
    with transaction.atomic():
        for model in (CourseVersion, CoursePage, Pack):
            assert not model.objects.exists()
        load(path)
        found = everything()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("packs", [TINY, OWN_PACKS])
@pytest.mark.django_db
def test_what_is_exported_loads_to_the_same(packs: Path, tmp_path: Path) -> None:
    with transaction.atomic():
        load(packs)
        before = everything()
        export(tmp_path / "out")
        transaction.set_rollback(True)
    assert loaded_elsewhere(tmp_path / "out") == before


@pytest.mark.django_db
def test_loading_an_export_into_its_own_site_changes_nothing(tiny_course: CourseVersion, tmp_path: Path) -> None:
    export(tmp_path / "out")
    assert load(tmp_path / "out").lines == []


@pytest.mark.django_db
def test_what_was_edited_here_is_exported(tiny_course: CourseVersion, tmp_path: Path) -> None:
    draft = LessonPage.objects.get(slug="water").get_latest_revision_as_object()
    draft.title = "Edited here"
    draft.save_revision()
    export(tmp_path)
    assert "title: Edited here" in (tmp_path / "tiny/courses/TINY/lessons/01-water.yaml").read_text()


@pytest.mark.django_db
def test_numbers_of_its_own_are_exported_and_the_houses_are_not(pack: Path, tmp_path: Path) -> None:
    edit(pack / "courses/TINY/course.yaml", passing={"overall": 75.5})
    load(pack)
    export(tmp_path / "out")
    course = yaml.safe_load((tmp_path / "out/tiny/courses/TINY/course.yaml").read_text())
    assert course["passing"] == {"overall": 75.5}
    assert CourseVersion.objects.get().pass_percent == 75.5
    assert CourseVersion.objects.get().met_critical_percent == 80


@pytest.mark.django_db
def test_a_folder_with_something_in_it_is_refused(tiny_course: CourseVersion, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty") as refused:
        call_command("export_curriculum", str(tmp_path))
    assert refused.value.returncode == 1
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.django_db
def test_the_command_names_the_packs(tiny_course: CourseVersion, tmp_path: Path) -> None:
    out = StringIO()
    call_command("export_curriculum", str(tmp_path / "out"), stdout=out)
    assert out.getvalue().strip() == "tiny"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
LINE = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
PROSE = st.lists(LINE, min_size=1, max_size=3).map("\n\n".join)
POINTS = st.lists(PROSE, min_size=2, max_size=3, unique=True)
JURISDICTION = st.sampled_from(["all", "ZA", "NG"])


def block(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A block as it stands in a file."""
    return st.fixed_dictionaries({"kind": st.just(kind), **fields}, optional={"jurisdiction": JURISDICTION})


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    texts = draw(POINTS)
    options = [{"text": text, "right": index == 0, "feedback": draw(PROSE)} for index, text in enumerate(texts)]
    return {"kind": "choice", "question": draw(PROSE), "several": draw(st.booleans()), "options": options}


@st.composite
def sorts(draw: st.DrawFn) -> dict[str, Any]:
    groups = draw(st.lists(LINE, min_size=2, max_size=3, unique=True))
    items = [{"text": text, "group": draw(st.sampled_from(groups))} for text in draw(POINTS)]
    return {"kind": "sort", "prompt": draw(PROSE), "groups": groups, "items": items}


def matches() -> st.SearchStrategy[dict[str, Any]]:
    pairs = POINTS.flatmap(lambda lefts: st.tuples(*(pair_of(left) for left in lefts)).map(list))
    return block("match", prompt=PROSE, pairs=pairs, feedback=PROSE)


def pair_of(left: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"left": st.just(left), "right": LINE}, optional={"feedback": PROSE})


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    options = [{"text": text, "feedback": draw(PROSE), "right": not index} for index, text in enumerate(draw(POINTS))]
    options[-1]["critical_error"] = draw(st.booleans())
    step = {"question": draw(PROSE), "options": options}
    return {**step, "scene": draw(PROSE)} if draw(st.booleans()) else step


BLOCK = st.one_of(
    matches(),
    block("stepped_scenario", title=LINE, body=PROSE, steps=st.lists(steps(), min_size=2, max_size=3)),
    block("text", body=PROSE),
    block("situation", title=LINE, body=PROSE),
    block("order", prompt=PROSE, steps=POINTS, feedback=PROSE),
    block("reflect", prompt=PROSE, expert=PROSE),
    block("quick_card", title=LINE, points=POINTS),
    block("checklist", title=LINE, points=POINTS),
    choices(),
    sorts(),
)
LESSON = st.fixed_dictionaries(
    {"key": st.just("water"), "title": LINE, "minutes": st.integers(1, 600), "blocks": st.lists(BLOCK, min_size=1)}
)


def cleaned(text: str) -> dict[str, Any]:
    """A lesson file's content."""
    spot = Spot("lesson.yaml")
    content = formats.LESSON.clean(yaml_lines.parse(text, "lesson.yaml"), spot)
    assert spot.problems == []
    return content


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(LESSON)
def test_any_lesson_survives_writing_and_reading(lesson: dict[str, Any]) -> None:
    content = cleaned(yaml_lines.write(lesson))
    assert cleaned(yaml_lines.write(_lesson(content))) == content


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(LESSON)
def test_any_lesson_is_the_same_on_the_site(lesson: dict[str, Any]) -> None:
    content = cleaned(yaml_lines.write(lesson))
    blocks = [{"id": str(index), **part} for index, part in enumerate(content["blocks"])]
    draft = LessonPage(slug="water", title=content["title"], minutes=content["minutes"])
    draft.body = json.dumps([from_pack(part) for part in blocks])
    on_site = [{name: value for name, value in part.items() if name != "id"} for part in drafts.blocks_of(draft)]
    assert on_site == content["blocks"]
