"""Names: as shown to strangers, as looked up, as compared with what somebody typed. Pure."""

import unicodedata
from hmac import compare_digest


def initials(given_names: str, surname: str) -> str:
    """The holder as a public check shows them: T. M****. The stars never tell how long the name is."""
    parts = [f"{_first_letter(given_names)}." if given_names.strip() else "", f"{_first_letter(surname)}****"]
    return " ".join(part for part in parts if part)


def key(*names: str) -> str:
    """Plain small letters, without marks and punctuation, single spaces: the same for all ways to type a name."""
    bare = unicodedata.normalize("NFKD", " ".join(names)).casefold()
    letters = "".join(sign if sign.isalnum() else _gap(sign) for sign in bare)
    return " ".join(letters.split())


def are_same(one: str, other: str) -> bool:
    """Whether two names are the same but for marks, case and punctuation. Takes as long whether they are or not."""
    return compare_digest(key(one).encode(), key(other).encode())


def _gap(sign: str) -> str:
    # Marks and apostrophes fall away inside a word; hyphens, dots and spaces part words.
    return "" if unicodedata.combining(sign) or sign in "'’ʼ‘`" else " "


def _first_letter(name: str) -> str:
    """The first letter with the marks that stand on it."""
    composed = unicodedata.normalize("NFC", name.strip())
    if not composed:
        return ""
    marks = 1
    while marks < len(composed) and unicodedata.combining(composed[marks]):
        marks += 1
    return composed[:marks]
