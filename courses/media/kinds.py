"""What a picture, a video, its captions and a scanned paper must be, told by what they hold and never by their name. Pure."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image

from lms.core.errors import Refused

Block = dict[str, Any]
PICTURE, VIDEO, CAPTIONS, PAPER = "picture", "video", "captions", "paper"

# Which fields of a block are files, and of which kind.
FILE_FIELDS: Mapping[str, Mapping[str, str]] = {
    "picture": {"file": PICTURE},
    "video": {"file": VIDEO, "captions": CAPTIONS},
}
EXTENSIONS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    "video/mp4": ("mp4",),
    "video/webm": ("webm",),
    "text/vtt": ("vtt",),
    "application/pdf": ("pdf",),
}
# No slash and no leading dot: a name never leads out of its folder.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}\.[a-z0-9]{3,4}")
# SVG may carry scripts, and animated pictures distract without a way to stop them: both stay out.
_PICTURES = ["PNG", "JPEG", "WEBP"]
# What a picture takes in memory goes by its pixels, not by its bytes.
_MOST_PIXELS = 40_000_000
_MOST_CAPTION_BYTES = 500_000


class Unfit(Refused):
    """A file that a lesson cannot show, with the reason for its author."""


def files_in(block: Block) -> list[tuple[str, str]]:
    """The fields of a block that are files: name and kind."""
    return list(FILE_FIELDS.get(block["kind"], {}).items())


def type_of(kind: str, file: BinaryIO, size: int) -> str:
    """The content type of a file. Raises Unfit where it is not what `kind` asks for."""
    _refuse_size(kind, size)
    if size == 0:
        raise Unfit(_("The file is empty."))
    return {PICTURE: _picture_type, VIDEO: _video_type, CAPTIONS: _captions_type, PAPER: _paper_type}[kind](file)


def refuse_name(name: str, content_type: str) -> None:
    """Raise Unfit where the name promises something else than the file holds."""
    ending = PurePosixPath(name).suffix[1:]
    if ending not in EXTENSIONS[content_type]:
        names = {"name": name, "type": content_type}
        raise Unfit(_("“%(name)s” holds %(type)s: give it that ending.") % names)


def tidy_name(name: str, content_type: str) -> str:
    """A file's name as packs may write it, however an author's computer called it."""
    path = PurePosixPath(name)
    ending = path.suffix[1:].lower()
    endings = EXTENSIONS.get(content_type, (ending,))
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:50]
    return f"{stem or slugify(content_type)}.{ending if ending in endings else endings[0]}"


def sha256_of(file: BinaryIO) -> str:
    """The hash of a file's bytes."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def lacking(block: Block) -> list[str]:
    """What a picture or a video lacks, in words for its author."""
    if block["kind"] == "picture":
        wanted = {"file": _("a picture has no file"), "alt": _("a picture has no words for those who cannot see it")}
    elif block["kind"] == "video":
        wanted = {
            "file": _("a video has no file"),
            "captions": _("a video has no captions"),
            "transcript": _("a video has no transcript"),
        }
    else:
        return []
    return [words for field, words in wanted.items() if not block[field]]


def _refuse_size(kind: str, size: int) -> None:
    megabyte = 1024 * 1024
    most = {
        PICTURE: settings.LESSON_PICTURE_MEGABYTES * megabyte,
        VIDEO: settings.LESSON_VIDEO_MEGABYTES * megabyte,
        CAPTIONS: _MOST_CAPTION_BYTES,
        PAPER: settings.EVIDENCE_MEGABYTES * megabyte,
    }[kind]
    if size > most:
        sizes = {"size": f"{size / megabyte:.1f}", "most": f"{most / megabyte:.1f}"}
        raise Unfit(_("The file is too large: %(size)s MB, at most %(most)s MB.") % sizes)


def _picture_type(file: BinaryIO) -> str:
    try:
        with Image.open(file, formats=_PICTURES) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Unfit(_("The picture has more than %s million pixels.") % (_MOST_PIXELS // 1_000_000))
            if getattr(picture, "is_animated", False):
                raise Unfit(_("The picture moves. Show a still one, or a video that can be stopped."))
            picture.load()
            return str(Image.MIME[picture.format or ""])
    # Pillow's words for broken files come as several kinds of error, and its warning of a bomb may be one too.
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Warning) as error:
        raise Unfit(_("This is no picture in PNG, JPEG or WebP, or it is broken.")) from error


def _paper_type(file: BinaryIO) -> str:
    if file.read(5) == b"%PDF-":
        return "application/pdf"
    file.seek(0)
    try:
        return _picture_type(file)
    except Unfit as error:
        raise Unfit(_("This is no PDF and no picture in PNG, JPEG or WebP, or it is broken.")) from error


def _video_type(file: BinaryIO) -> str:
    head = file.read(64)
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    raise Unfit(_("This is no video in MP4 or WebM."))


def _captions_type(file: BinaryIO) -> str:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unfit(_("These captions are not a text file in UTF-8.")) from error
    if not text.startswith("WEBVTT") or "-->" not in text:
        raise Unfit(_("These are no captions in WebVTT: the first line says WEBVTT, and times follow."))
    return "text/vtt"
