"""Wagtail's images and documents, where drafts have their files from: by bytes and name, not by Wagtail's numbers.

In drafts as packs write them a file is `{"name": …, "sha256": …}`, so that other bytes are another draft.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from courses.media import kinds

Block = dict[str, Any]
_FOLDERS = {kinds.PICTURE: "original_images", kinds.VIDEO: "documents", kinds.CAPTIONS: "documents"}


@dataclass(frozen=True, slots=True)
class Held:
    """A file that the library holds: Wagtail's row, its bytes' hash, and how packs call it."""

    row: Any
    kind: str
    name: str
    sha256: str
    # Empty where a lesson cannot show it.
    content_type: str

    @property
    def words(self) -> dict[str, str]:
        """The file as drafts name it."""
        return {"name": self.name, "sha256": self.sha256}

    def open(self) -> BinaryIO:
        """The file, to be closed by the caller."""
        opened: BinaryIO = self.row.file.storage.open(self.row.file.name)
        return opened


def held_by(blocks: list[Block]) -> dict[tuple[str, Any], Held]:
    """The files that blocks with Wagtail's numbers name, by kind and number. Two queries at most."""
    wanted = [(kind, block[field]) for block in blocks for field, kind in kinds.files_in(block) if block[field]]
    found: dict[tuple[str, Any], Held] = {}
    for kind in dict.fromkeys(kind for kind, pk in wanted):
        rows = _model(kind).objects.in_bulk([pk for of, pk in wanted if of == kind])
        found |= {(kind, pk): held for pk, row in rows.items() if (held := _held(kind, row)) is not None}
    return found


def in_words(blocks: list[Block]) -> list[Block]:
    """Blocks with names and hashes instead of Wagtail's numbers; None where the library has the file no more."""
    held = held_by(blocks)

    def words(kind: str, pk: Any) -> dict[str, str] | None:
        return held[kind, pk].words if (kind, pk) in held else None

    return [
        {**block, **{field: words(kind, block[field]) for field, kind in kinds.files_in(block)}} for block in blocks
    ]


def put(kind: str, name: str, content: bytes) -> int:
    """Wagtail's number of a file, which is added unless the library has these bytes under this name."""
    # The place follows from the bytes: a load that was rolled back leaves nothing behind that would be in the way.
    place = f"{_FOLDERS[kind]}/{hashlib.sha256(content).hexdigest()[:16]}/{name}"
    model = _model(kind)
    row = model.objects.filter(file=place).first()
    if row is None:
        _store(model, place, content)
        sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        title = PurePosixPath(name).stem.replace("-", " ").replace("_", " ")
        row = model(title=title, file=place, file_size=len(content), file_hash=sha1)
        row.save()
    number: int = row.pk
    return number


def reason_against(kind: str, row: Any) -> str:
    """Why a lesson cannot show a file, in words for the author; empty where it can."""
    try:
        with row.file.storage.open(row.file.name) as file:
            kinds.type_of(kind, file, file.size)
    except kinds.Unfit as unfit:
        return str(unfit)
    except FileNotFoundError:
        return _("The file is not there any more.")
    return ""


def in_draft(blocks: list[Block], raw: list[Block], *, language: str) -> list[Block]:
    """Blocks as a preview shows them: files straight from the library. `raw` are the same with Wagtail's numbers."""
    held = held_by(raw)

    def shown(block: Block, numbered: Block) -> Block:
        files = {field: held.get((kind, numbered[field])) for field, kind in kinds.files_in(block)}
        found = {field: _preview(file) for field, file in files.items() if file and file.content_type}
        return {**block, "shown": {**found, "language": language}} if files else block

    return [shown(block, numbered) for block, numbered in zip(blocks, raw, strict=True)]


def _preview(held: Held) -> Block:
    if held.kind == kinds.PICTURE:
        return {"url": held.row.file.url, "width": held.row.width, "height": held.row.height}
    return {"url": held.row.url, "type": held.content_type, "size": held.row.get_file_size()}


def _model(kind: str) -> Any:
    return get_image_model() if kind == kinds.PICTURE else get_document_model()


def _store(model: Any, place: str, content: bytes) -> None:
    storage = model._meta.get_field("file").storage
    if storage.exists(place):
        with storage.open(place) as file:
            if file.read() == content:
                return
        storage.delete(place)
    storage.save(place, ContentFile(content))


def _held(kind: str, row: Any) -> Held | None:
    try:
        facts = _facts(_Place(kind, row.file.name, row.get_file_hash(), row.file.storage))
    except FileNotFoundError:
        return None
    name = kinds.tidy_name(PurePosixPath(row.file.name).name, facts.content_type)
    return Held(row, kind, name, facts.sha256, facts.content_type)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the bytes say."""

    sha256: str
    content_type: str


@dataclass(frozen=True)
class _Place:
    """Where bytes are. A file that is replaced gets another name or another of Wagtail's own hashes."""

    kind: str
    name: str
    wagtail_hash: str
    storage: Any = field(compare=False, hash=False)


@lru_cache(maxsize=2000)
def _facts(place: _Place) -> _Facts:
    with place.storage.open(place.name) as file:
        sha256 = kinds.sha256_of(file)
        try:
            return _Facts(sha256, kinds.type_of(place.kind, file, file.size))
        except kinds.Unfit:
            return _Facts(sha256, "")
