"""What depends on a thing: asked before it is deleted from the admin, answered with counts and names.

Three sources: rows that the database would refuse to leave, blank or drop with it; pages whose content names it; and
what rooms say of things that no foreign key shows, such as people under way on a course (`ports.dependents`).
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, ReferenceIndex, Site

from courses.ports import dependents
from lms.core.errors import Refused

_NAMED = 3


class DependedOn(Refused):
    """Something that is not deleted, because of `reasons`, a sentence each."""

    def __init__(self, thing: models.Model, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(headline(thing) + " " + " ".join(reasons))


def headline(thing: models.Model) -> str:
    """What is said first."""
    words = {"kind": thing._meta.verbose_name, "name": thing}
    return _("The %(kind)s “%(name)s” was not deleted, since something depends on it.") % words


def refuse(thing: models.Model) -> None:
    """Raise DependedOn where anything depends on the thing."""
    reasons = of(thing)
    if reasons:
        raise DependedOn(thing, reasons)


def of(thing: models.Model) -> list[str]:
    """Sentences that say what depends on the thing; none where it may go."""
    said = [sentence for _name, ask in dependents for sentence in ask(thing)]
    return said + _counted([*_rows(thing), *_content_naming(thing)])


def _rows(thing: models.Model) -> Iterator[models.Model]:
    """Rows that stand in the way, would lose their link to the thing, or tie it to something else."""
    collector = Collector(using=router.db_for_write(type(thing), instance=thing), origin=thing)
    try:
        collector.collect([thing])
    except (ProtectedError, RestrictedError) as error:
        yield from getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", [])
        return
    blanked: dict[Any, Any] = dict(collector.field_updates)
    for (field, _value), groups in blanked.items():
        if not _is_bookkeeping(field.model):
            yield from chain.from_iterable(groups)
    yield from _ties(collector, type(thing))


def _ties(collector: Collector, model: type[models.Model]) -> Iterator[models.Model]:
    """Rows of many-to-many tables in which another model names this one; its own links go with it."""
    own = {field.remote_field.through for field in model._meta.local_many_to_many}
    found = [(rows.model, rows) for rows in collector.fast_deletes] + list(collector.data.items())
    for through, rows in found:
        if through._meta.auto_created and through not in own:
            yield from rows


def _is_bookkeeping(model: type[models.Model]) -> bool:
    # Aliases of pages, and which page a site begins with: Wagtail mends these by itself.
    return issubclass(model, (Page, Site))


def _counted(rows: list[models.Model]) -> list[str]:
    by_model: dict[type[models.Model], dict[Any, str]] = {}
    for row in rows:
        by_model.setdefault(type(row), {})[row.pk] = str(row)
    return [_sentence(model, sorted(found.values())) for model, found in by_model.items()]


def _sentence(model: type[models.Model], rows: list[str]) -> str:
    kind = model._meta.verbose_name if len(rows) == 1 else model._meta.verbose_name_plural
    names = ", ".join(rows[:_NAMED])
    more = len(rows) - _NAMED
    if more > 0:
        names += ngettext(" and %s more", " and %s more", more) % more
    return capfirst(_("%(count)s %(kind)s: %(names)s.") % {"count": len(rows), "kind": kind, "names": names})


def _content_naming(thing: models.Model) -> list[models.Model]:
    """Pages and snippets whose text or fields name it."""
    own = {type(thing), *thing._meta.get_parent_list()}
    grouped = ReferenceIndex.get_grouped_references_to(thing)
    return [source for source, _references in grouped if source is not None and type(source) not in own]
