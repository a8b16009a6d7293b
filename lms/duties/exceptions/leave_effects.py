"""What long leave does to somebody's duties, said on the page where leave is recorded: a port of the room below."""

from datetime import date

from django.utils.translation import gettext as _

from lms.duties import facts
from lms.duties.exceptions import telling, why
from lms.duties.exceptions.explaining import paused
from lms.duties.spans import State
from lms.organisation.models import Person


class OnDuties:
    """Sentences about duties that are to be done."""

    def on(self, person: Person, day: date) -> list[str]:
        """One for each duty that is not done and whose day leave has moved, or holds."""
        told = []
        for obligation in facts.load([person.pk], day).obligations_of(person.pk):
            found = paused(obligation, day)
            if found is not None and found[0].state in {State.NOT_YET_DUE, State.OVERDUE}:
                words = [telling.headline(found[0]), *(telling.stopped(stop) for stop in found[1])]
                told.append(_("%(name)s: %(told)s") % {"name": why.name_of(obligation.target), "told": " ".join(words)})
        return sorted(told)
