"""Events: something happened, once. They are added and never changed."""

from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

from django.db import models

from lms.core import clock
from lms.core.actors import Attributed

_E = TypeVar("_E", bound=models.Model)


class EventIsFinal(RuntimeError):
    """Code tried to change or delete an event: a mistake in the program, not in the input."""


class EventQuerySet(models.QuerySet[_E]):
    """Rows that may be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise EventIsFinal(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise EventIsFinal(f"{self.model.__name__} rows are deleted by retention alone.")

    def bulk_create(self, objs: Iterable[_E], *args: Any, **kwargs: Any) -> list[_E]:
        if kwargs.get("update_conflicts"):
            raise EventIsFinal(f"{self.model.__name__} rows are never changed.")
        return super().bulk_create(objs, *args, **kwargs)


class Final(models.Model):
    """A row that is added and read, never changed and never deleted but by retention."""

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EventIsFinal(f"{type(self).__name__} {self.pk} is never changed.")
        # Without force_insert Django would overwrite the row of an event that is given a used key.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EventIsFinal(f"{type(self).__name__} {self.pk} is deleted by retention alone.")


class Event(Attributed, Final):
    """Something that happened *on* an instant and was *recorded at* another. Add what happened in the subclass."""

    on = models.DateTimeField(default=clock.now, help_text="When it happened.")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Attributed.Meta):
        abstract = True
