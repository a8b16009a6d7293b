"""A unit's figures by post category, by instrument and by the owner of the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.duties import bars, kinds
from lms.duties.seen import Row, Seen
from lms.duties.views.looking import look
from lms.organisation.access import Capability, needs
from lms.organisation.models import PostCategory


@dataclass(frozen=True, slots=True)
class KindLine:
    """A line: the kind, what is asked, its figures."""

    name: str
    targets: Sequence[str]
    row: Row
    category: str = ""

    @property
    def bar(self) -> list[bars.Piece]:
        """The row as a bar."""
        return bars.pieces(self.row)


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_kinds(request: HttpRequest) -> HttpResponse:
    """The same duties divided by what kind of post they fall on, and by who asks them on what ground."""
    asked = look(request)
    if asked is None:
        return render(request, "duties/coverage_empty.html")
    rules = kinds.rules_of(asked.seen.stored)
    context = {
        "look": asked,
        "form": asked.form,
        "waiting": asked.seen.stored.waiting,
        "categories": _categories(asked.seen),
        "instruments": [KindLine(*kind) for kind in kinds.by_instrument(asked.seen, rules)],
        "owners": [KindLine(*kind) for kind in kinds.by_owner(asked.seen, rules)],
        "shows_kinds": asked.seen.shows_kinds,
        "highest": asked.path[0],
    }
    return render(request, "duties/coverage_kinds.html", context)


def _categories(seen: Seen) -> list[KindLine]:
    rows = seen.by_category()
    found = PostCategory.objects.filter(pk__in=rows)
    return [
        KindLine(category.name, [row.target], row, category.code) for category in found for row in rows[category.pk]
    ]
