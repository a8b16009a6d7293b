"""What templates of lessons need."""

from django import template
from django.utils.safestring import SafeString

from courses.bodies import inline as without_paragraph

register = template.Library()


@register.filter
def inline(text: str) -> SafeString:
    """Markdown for a label or a point: without the paragraph around it."""
    return without_paragraph(text)
