"""The port: what can be exported. Rooms above fill it in from `AppConfig.ready()`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from lms.core.models import Export
from lms.core.ports import Registry

Row = Sequence[str | int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """What a worker writes: the names of the columns, about how many rows, and the rows one by one."""

    head: Sequence[str]
    to_do: int
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of export. `may` is asked when it is asked for, made and taken; `table` may raise Refused."""

    may: Callable[[AbstractBaseUser, dict[str, Any]], bool]
    table: Callable[[Export], Table]


kinds: Registry[Kind] = Registry("kinds of exports")
