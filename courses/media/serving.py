"""Sending a kept file: whole or in part, so that a video can be wound on, and never twice to the same browser."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from courses.models.media import MediaFile

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_CHUNK = 64 * 1024


def response(request: HttpRequest, kept: MediaFile) -> HttpResponseBase:
    """The file, the part that was asked for, or the word that the browser has it already."""
    if request.headers.get("If-None-Match") == _etag(kept):
        answer: HttpResponseBase = HttpResponse(status=304)
    else:
        answer = _content(request, kept)
    answer["ETag"] = _etag(kept)
    # The file never changes; only those who are signed in may have it, so nothing between may keep it.
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _etag(kept: MediaFile) -> str:
    return f'"{kept.sha256}"'


def _content(request: HttpRequest, kept: MediaFile) -> HttpResponseBase:
    asked = _asked_for(request.headers.get("Range", ""), kept.size)
    if asked is None:
        answer: HttpResponseBase = FileResponse(kept.file.open(), content_type=kept.content_type)
    elif not asked:
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.size}"})
    else:
        answer = StreamingHttpResponse(_part(kept, asked), status=206, content_type=kept.content_type)
        answer["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{kept.size}"
        answer["Content-Length"] = str(len(asked))
    answer["Accept-Ranges"] = "bytes"
    # Pictures and videos are packed already; packing a part would also make its length wrong.
    answer["Content-Encoding"] = "identity"
    return answer


def _asked_for(header: str, size: int) -> range | None:
    """The bytes of one range; None where the whole is meant, empty where there is nothing there."""
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    return range(int(first), min(size, int(last) + 1) if last else size)


def _part(kept: MediaFile, asked: range) -> Iterator[bytes]:
    file: Any
    with kept.file.open() as file:
        file.seek(asked.start)
        left = len(asked)
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
