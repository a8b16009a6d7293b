"""One way to write what is filed as bytes, so that everybody gets the same digest. Pure.

The head, then each row in its order, each as one line of JSON: names of the head sorted, no spaces, letters as they
are (UTF-8), numbers whole. SHA-256 over the lines, each with its line feed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any


def digest(head: Mapping[str, Any], rows: Iterable[Sequence[Any]]) -> str:
    """The digest, as 64 hexadecimal digits."""
    running = sha256(_line(head))
    for row in rows:
        running.update(_line(list(row)))
    return running.hexdigest()


def _line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
