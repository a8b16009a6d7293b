"""Course authors' Markdown becomes HTML that can hold no script, styled like the rest of the page."""

from functools import cache, lru_cache
from typing import Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_CLASSES: Final = {
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
    "h6": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--l govuk-section-break--visible",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
_INLINE: Final = {"em", "strong", "code", "s", "br"}
_TAGS: Final = set(_CLASSES) | _INLINE | {"pre", "li", "img"}
_ATTRIBUTES: Final = {
    **{tag: {"class"} for tag in _CLASSES},
    "a": {"class", "href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"class", "start"},
    "th": {"class", "scope"},
}


def rendered(text: str, *, first_heading: int = 2) -> SafeString:
    """CommonMark with tables as HTML. Raw HTML is shown as text; links go to http(s), mailto, tel or this site.

    A page has one h1 of its own, so the text's highest level becomes h2, or h3 within a section.
    """
    return _rendered(text, first_heading, get_language())


@lru_cache(maxsize=2048)
def _rendered(text: str, first_heading: int, _language: str | None) -> SafeString:
    """The same text, such as a question's, is asked for again and again; a table's label is in the page's language."""
    parser = _parser()
    tokens = parser.parse(text)
    highest = min((_HEADINGS.index(token.tag) for token in tokens if token.tag in _HEADINGS), default=0)
    for token in tokens:
        _dress(token, first_heading - 1 - highest)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    # Safe: nh3 has cleaned it, and the wrapping is ours.
    return mark_safe(_with_room_for_tables(clean))


def _with_room_for_tables(html: str) -> str:
    """A table wider than a phone scrolls by itself, by keyboard too. A `<` of the author's own is escaped by now."""
    label = escape(gettext("Table"))
    opening = f'<div class="frontline-scroll" role="group" tabindex="0" aria-label="{label}"><table'
    return html.replace("<table", opening).replace("</table>", "</table></div>")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _dress(token: Token, down: int) -> None:
    """Shift headings, add classes; to the children of an inline token too."""
    if token.tag in _HEADINGS:
        token.tag = _HEADINGS[min(_HEADINGS.index(token.tag) + down, 5)]
    if token.nesting >= 0 and token.tag in _CLASSES and not token.hidden:
        token.attrJoin("class", _CLASSES[token.tag])
        _dress_cell(token)
    for child in token.children or ():
        _dress(child, down)


def _dress_cell(token: Token) -> None:
    """Columns aligned to the right are numbers; our content policy allows no inline style."""
    if token.attrs.pop("style", "") == "text-align:right":
        token.attrJoin("class", "govuk-table__cell--numeric")
    if token.tag == "th":
        token.attrSet("scope", "col")
