"""Tiny pictures and videos, made when a test needs them, and a pack that shows them."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from tests.courses.factories import edit_lesson

# Enough to be told for what they are; a browser would not play them.
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"".join(number.to_bytes(2, "big") for number in range(500))
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 100
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nThe water boils.\n"
PICTURE: dict[str, Any] = {
    "kind": "picture",
    "file": "kettle.png",
    "alt": "A kettle on the fire",
    "caption": "It whistles.",
}
VIDEO: dict[str, Any] = {
    "kind": "video",
    "title": "Boiling water",
    "file": "boiling.mp4",
    "captions": "boiling.vtt",
    "transcript": "The *water* boils.",
}


def picture(width: int = 4, height: int = 2, colour: str = "teal", form: str = "PNG", **options: Any) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form, **options)
    return out.getvalue()


def illustrate(pack: Path) -> Path:
    """Add a picture and a video to the tiny pack's lesson, at its end. Returns the folder of their files."""
    media = pack / "courses/TINY/media"
    media.mkdir()
    for name, content in (("kettle.png", picture()), ("boiling.mp4", MP4), ("boiling.vtt", VTT)):
        (media / name).write_bytes(content)
    edit_lesson(pack, lambda blocks: [*blocks, PICTURE, VIDEO])
    return media
