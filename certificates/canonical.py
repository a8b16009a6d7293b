"""One way to write a register entry as bytes, so that everybody gets the same hash: JSON by RFC 8785. Pure."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785


def to_bytes(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes. Dates, instants, decimals and uuids are written as text; floats are refused."""
    return rfc8785.dumps(plain(value))


def matches(value: Mapping[str, Any], written: bytes) -> bool:
    """Whether `written` are the canonical bytes of `value`.

    For our values, which have neither floats nor foreign letters in their keys, the standard library writes the same
    bytes ten times as fast. Where it finds a difference, the exact way has the last word.
    """
    return _QUICK.encode(value).encode(errors="surrogatepass") == written or to_bytes(value) == written


def plain(value: Any) -> Any:
    """The same as JSON knows it, exact on any machine."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return _scalar(value)


def instant(moment: datetime) -> str:
    """An instant as RFC 3339 text in UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def hash_of(value: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical bytes, hexadecimal."""
    return sha256(to_bytes(value)).hexdigest()


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | UUID | Decimal):
        # str() also turns choices and lazy translations' results into plain text.
        return str(value)
    raise TypeError(f"A register entry cannot hold a {type(value).__name__}.")


def _quickly_plain(value: Any) -> Any:
    return _TEXT_OF.get(type(value), plain)(value)


_TEXT_OF: dict[type, Callable[[Any], Any]] = {datetime: instant, date: date.isoformat, UUID: str}
# What comes out of a row cannot hold itself, so nothing looks for circles.
_QUICK = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, default=_quickly_plain
)
