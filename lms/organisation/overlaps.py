"""No two at once: what the steps check, and PostgreSQL's exclusion constraints refuse should two steps race."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from lms.core.errors import Refused
from lms.core.spans import Span, overlap


def first_overlap(span: Span, taken: Iterable[Span]) -> Span | None:
    """The first of the taken spans that shares a day with `span`."""
    return next((other for other in taken if overlap(span, other)), None)


@contextmanager
def refused_as(text: str) -> Iterator[None]:
    """Turn the database's refusal, which only somebody quicker by a moment can cause, into words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(text) from error
