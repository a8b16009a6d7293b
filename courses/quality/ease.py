"""Reading ease by Flesch's formula: 206.835 − 1.015 × words per sentence − 84.6 × syllables per word.

For English alone (Flesch, A new readability yardstick, Journal of Applied Psychology 32, 1948). Syllables are counted
by groups of vowels, without a silent e: on running text that is within a few per cent of a dictionary's count, and a
library for it (textstat) would bring NLTK and a dictionary of pronunciations.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from courses.quality import prose

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouyscxz])es$")
# The easiest first: from which figure on, and what it says.
_MEANINGS = (
    (80, _("Easy: reads like talk across a counter.")),
    (70, _("Fairly easy: for nearly everybody.")),
    (60, _("Plain: what a lesson should be.")),
    (50, _("Fairly hard: shorten sentences and long words.")),
    (float("-inf"), _("Hard: few will read this to the end.")),
)


def reading_ease(texts: Iterable[str]) -> int | None:
    """Flesch's figure, mostly 0 to 100, higher is easier; None where there is no sentence."""
    sentences = [sentence for text in texts for sentence in prose.sentences(text)]
    words = [word for sentence in sentences for word in prose.words(sentence)]
    if not words:
        return None
    syllables = sum(syllables_of(word) for word in words)
    return round(206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words))


def meaning(ease: int) -> str:
    """The figure in words for an author."""
    return next(str(words) for least, words in _MEANINGS if ease >= least)


def syllables_of(word: str) -> int:
    """Syllables of an English word, about."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.casefold()))))
