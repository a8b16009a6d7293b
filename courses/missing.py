"""A sentence on what a draft lacks that knows where in the editor it is mended. Everywhere else it is plain text."""

from collections.abc import Iterable
from typing import Self

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Missing(str):
    """Words for an author, with the address of the field or page."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, words: str, url: str = "") -> Self:
        made = super().__new__(cls, words)
        made.url = url
        return made


def in_page(page_id: int, panel: str = "") -> str:
    """Where a page is edited; `panel` is the name that Wagtail gives a field's or group's section."""
    address = reverse("wagtailadmin_pages:edit", args=[page_id])
    return f"{address}#panel-child-content-{panel}-section" if panel else address


def as_list(reasons: Iterable[str]) -> SafeString:
    """All of them in one list, linked where they say where."""
    rows = [
        (format_html('<a href="{}">{}</a>', url, reason) if (url := getattr(reason, "url", "")) else reason,)
        for reason in reasons
    ]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))
