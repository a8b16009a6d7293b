"""What templates of lessons need."""

from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from courses.bodies import inline as without_paragraph
from lms.core.markdown import rendered

register = template.Library()


@register.filter
def prose(text: str, first_heading: int = 3) -> SafeString:
    """Markdown as HTML, made once for everybody: for published text that many people read."""
    return kept(text, first_heading)


@lru_cache(maxsize=500)
def kept(text: str, first_heading: int) -> SafeString:
    """The HTML of a text; the same text gives the same HTML, so nothing needs to be emptied."""
    return rendered(text, first_heading=first_heading)


@register.filter
def inline(text: str) -> SafeString:
    """Markdown for a label or a point: without the paragraph around it."""
    return without_paragraph(text)


@register.filter
def media_url(file: dict[str, Any]) -> str:
    """Where a file of a published lesson is; a draft's says it itself."""
    return str(file.get("url") or reverse("lesson_media", args=[file["uuid"]]))
