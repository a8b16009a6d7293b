"""Words and sentences of Markdown, counted in one way everywhere.

What is counted: Markdown is taken off first, so that `**`, `#`, link addresses and table rules are no words. A word is
a run of letters or digits, with apostrophes and hyphens inside (“well-known”, “don’t” are one each).

A sentence ends with `.`, `!`, `?` or `…`, with closing quotes or brackets after it, where the text ends or something
follows that begins with a capital, a digit or an opening quote. A paragraph, a heading, a list item and a table cell
never run on into the next. What does not end like a sentence (a heading, “Two forms of identity” in a list, an option
of three words) is a fragment: its words count, but it is no sentence and stays out of sentence lengths, since nobody
reads it as one and it would hide long ones in a median. A lead-in that ends with a colon is a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from statistics import median

from markdown_it import MarkdownIt
from markdown_it.token import Token

_WORD = re.compile(r"[^\W_]+(?:[’'‑.,/-][^\W_]+)*")
_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]?[A-Z0-9])")
_ENDED = re.compile(r"[.!?…:][”’\"')\]]*$")
_SHORT_FORMS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|No|St|e\.g|i\.e|cf|etc|vs)|\b[A-Z])\.$")


def words(text: str) -> list[str]:
    """The words of a Markdown text."""
    return [word for part in parts(text) for word in _WORD.findall(part)]


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown text; fragments are left out."""
    return [sentence for part in parts(text) for sentence in _split(part) if _ENDED.search(sentence)]


def sentence_lengths(texts: Iterable[str]) -> list[int]:
    """How many words each sentence has."""
    return [len(_WORD.findall(sentence)) for text in texts for sentence in sentences(text)]


def middle(lengths: list[int]) -> float:
    """The median; 0 where there is none."""
    return float(median(lengths)) if lengths else 0.0


def parts(text: str) -> list[str]:
    """Paragraphs, headings, list items and cells as plain text, in order."""
    return [plain for token in _parser().parse(text) if token.type == "inline" and (plain := _plain(token))]


def _plain(token: Token) -> str:
    """The text of a line of Markdown without its marks; a picture gives its alternative text."""
    pieces = [" " if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children or ()]
    return " ".join("".join(pieces).split())


def _split(part: str) -> Iterator[str]:
    begin = 0
    for end in _END.finditer(part):
        if _SHORT_FORMS.search(part[begin : end.end()]):
            continue
        yield part[begin : end.end()].strip()
        begin = end.end()
    yield part[begin:].strip()


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
