"""Certificate numbers: MCS-2026-48205-17364-K. Issuer, year, ten random digits that tell nothing, check character.

The check character (ISO 7064, mod 37,36) catches a wrong or swapped character before anybody looks it up. Pure.
"""

import re
import secrets

from stdnum.iso7064 import mod_37_36

_RANDOM_DIGITS = 10
_DIGITS = 4 + _RANDOM_DIGITS
_LOOKS_LIKE_DIGIT = str.maketrans({"O": "0", "I": "1", "L": "1"})
# A check character that people mistake for another could make one number pass for the next.
_AMBIGUOUS = "01IO"
_SHAPE = re.compile(r"^([A-Z][A-Z0-9]{1,5})(\d{4})(\d{5})(\d{5})([A-Z0-9])$")


def new(issuer_code: str, year: int) -> str:
    """A random number. Whoever stores it sees to it that it is not used yet."""
    while True:
        body = f"{issuer_code}{year:04d}{secrets.randbelow(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}}"
        check = mod_37_36.calc_check_digit(body)
        if check not in _AMBIGUOUS:
            return _written(body + check)


def new_code() -> str:
    """The 128 random bits in the QR code, as text for an address."""
    return secrets.token_urlsafe(16)


def normalise(typed: str) -> str | None:
    """The number as stored, out of what people type: spaces, dashes, small letters, O for 0, I or l for 1.

    None where it cannot be a number: wrong length, or a check character that does not fit.
    """
    bare = re.sub(r"[^A-Z0-9]", "", typed.upper())
    start = len(bare) - 1 - _DIGITS
    if start < 1:
        return None
    bare = bare[:start] + bare[start:-1].translate(_LOOKS_LIKE_DIGIT) + bare[-1]
    fits = _SHAPE.match(bare) and bare[-1] not in _AMBIGUOUS and mod_37_36.is_valid(bare)
    return _written(bare) if fits else None


def _written(bare: str) -> str:
    match = _SHAPE.match(bare)
    if match is None:
        raise ValueError(f"{bare!r} is not a certificate number.")
    return "-".join(match.groups())
