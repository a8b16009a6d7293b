"""The body of a lesson as HTML: made once for everybody who reads it in one language, with nothing personal in it.

Published lessons never change, so each process keeps what it has made; the oldest goes when there are too many.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from courses import activities
from courses.models.framework import ALL_JURISDICTIONS, DocumentVersion
from courses.models.versions import LessonVersion
from lms.core import clock
from lms.core.markdown import rendered
from lms.organisation.models import JurisdictionAdoption

Block = dict[str, Any]
_KEPT = 500
_PARAGRAPH = '<p class="govuk-body">'


class FieldsOf(Protocol):
    """How an activity's form looks before it is filled in."""

    def __call__(self, block: Block) -> list[str]:
        """HTML of the fields; of an activity in steps, of each step."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block ready to be shown: `html` for a passive one, `stages` and `words` (source → HTML) for an activity.

    A stage is the fields of a step; most activities have one.
    """

    block: Block
    html: SafeString = SafeString()
    stages: tuple[SafeString, ...] = ()
    words: dict[str, SafeString] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The block's id, in its anchor and its address."""
        return str(self.block["id"])

    @property
    def kind(self) -> str:
        """The block's kind."""
        return str(self.block["kind"])


def adopted() -> frozenset[str]:
    """The jurisdictions whose rules are taught here today."""
    today = JurisdictionAdoption.objects.on(clock.today())
    return frozenset({ALL_JURISDICTIONS, *today.values_list("jurisdiction", flat=True)})


def met_by_learners(blocks: list[Block], jurisdictions: frozenset[str]) -> list[Block]:
    """The blocks of a lesson that learners meet here."""
    return [block for block in blocks if block["jurisdiction"] in jurisdictions]


def inline(text: str) -> SafeString:
    """Markdown for a label: without the paragraph around it."""
    html = rendered(text).strip()
    is_one = html.startswith(_PARAGRAPH) and html.count("<p") == 1 and html.endswith("</p>")
    return mark_safe(html[len(_PARAGRAPH) : -len("</p>")]) if is_one else mark_safe(html)  # cleaned


@dataclass(frozen=True)
class _Body:
    """What a kept body is found by; the lesson itself comes along for the making."""

    lesson_uuid: UUID
    jurisdictions: frozenset[str]
    language: str
    lesson: LessonVersion = field(compare=False, hash=False)
    fields_of: FieldsOf = field(compare=False, hash=False)


def body(lesson: LessonVersion, jurisdictions: frozenset[str], fields_of: FieldsOf) -> tuple[Part, ...]:
    """The parts of a published lesson that learners meet here."""
    return _kept(_Body(lesson.uuid, jurisdictions, get_language() or "", lesson, fields_of))


@lru_cache(maxsize=_KEPT)
def _kept(key: _Body) -> tuple[Part, ...]:
    blocks = met_by_learners(key.lesson.blocks, key.jurisdictions)
    return parts(blocks, key.lesson.document_version, key.fields_of)


def parts(blocks: list[Block], document: DocumentVersion | None, fields_of: FieldsOf) -> tuple[Part, ...]:
    """Blocks made ready, kept nowhere: for drafts."""
    return tuple(_part(block, document, fields_of) for block in blocks)


def _part(block: Block, document: DocumentVersion | None, fields_of: FieldsOf) -> Part:
    if block["kind"] in activities.KINDS:
        stages = tuple(mark_safe(fields) for fields in fields_of(block))  # a form's own
        return Part(block, stages=stages, words={text: inline(text) for text in _texts(block) if text})
    return Part(block, html=render_to_string(f"blocks/{block['kind']}.html", {"block": block, "document": document}))


def _texts(value: Any) -> Iterator[str]:
    """All texts in a block, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
