"""Freezing files with a lesson: pictures small enough for a bad line, videos and captions byte for byte."""

import io
from typing import Any

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from courses.media import kinds, library
from courses.models.media import MediaFile

Block = dict[str, Any]
# Wide enough for a column of text, and sharp on a phone with twice the pixels.
_WIDEST = 720
_QUALITY = 80


def freeze(blocks: list[Block], raw: list[Block], *, language: str) -> list[Block]:
    """A lesson's blocks with what learners get of each file, as `shown`. `raw` are the same with Wagtail's numbers."""
    held = library.held_by(raw)

    def shown(block: Block, numbered: Block) -> Block:
        files = {field: _kept(held[kind, numbered[field]]) for field, kind in kinds.files_in(block)}
        if not files:
            return block
        return {**block, "shown": {**{field: _words(file) for field, file in files.items()}, "language": language}}

    return [shown(block, numbered) for block, numbered in zip(blocks, raw, strict=True)]


def _words(file: MediaFile) -> Block:
    return {
        "uuid": str(file.uuid),
        "sha256": file.sha256,
        "type": file.content_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
    }


def _kept(held: library.Held) -> MediaFile:
    """The same file again is kept once, and stays as it was made the first time."""
    known = MediaFile.objects.filter(source_sha256=held.sha256).first()
    if known is not None:
        return known
    with held.open() as file:
        return _keep_picture(held, file) if held.kind == kinds.PICTURE else _keep(held, File(file), held.sha256)


def _keep_picture(held: library.Held, file: Any) -> MediaFile:
    with Image.open(file) as opened:
        # A phone writes down how it was held, and where: the first is carried out, the second left behind.
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((_WIDEST, picture.height), Image.Resampling.LANCZOS)
        content = _smallest(picture)
    sha256 = kinds.sha256_of(io.BytesIO(content))
    size = {"width": picture.width, "height": picture.height}
    return _keep(held, ContentFile(content), sha256, "image/webp", **size)


def _smallest(picture: Image.Image) -> bytes:
    """Drawings are smaller without loss, photographs with it."""
    plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    made = []
    for options in ({"quality": _QUALITY}, {"lossless": True}):
        out = io.BytesIO()
        plain.save(out, "WEBP", method=4, **options)
        made.append(out.getvalue())
    return min(made, key=len)


def _keep(held: library.Held, content: File[bytes], sha256: str, content_type: str = "", **size: int) -> MediaFile:
    content_type = content_type or held.content_type
    content.name = f"{sha256}.{kinds.EXTENSIONS[content_type][0]}"
    fields = {"sha256": sha256, "content_type": content_type, "size": content.size, "file": content, **size}
    kept, _is_new = MediaFile.objects.get_or_create(source_sha256=held.sha256, defaults=fields)
    return kept
