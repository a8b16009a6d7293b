"""Who did it: every fact and event names a user or a machine rule, never neither, never both."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q


@dataclass(frozen=True, slots=True)
class MachineRule:
    """A rule of the house acting by itself, such as the marking of a paper. `name` is stored and shown."""

    name: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("A machine rule needs a name.")

    def __str__(self) -> str:
        return self.name


Actor = AbstractBaseUser | MachineRule


def columns(by: Actor, *, prefix: str = "by") -> dict[str, Any]:
    """The two columns that name `by`, for a model with `<prefix>_user` and `<prefix>_rule`."""
    if isinstance(by, MachineRule):
        return {f"{prefix}_user": None, f"{prefix}_rule": by.name}
    return {f"{prefix}_user": by, f"{prefix}_rule": ""}


class Attributed(models.Model):
    """A row that says who made it."""

    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    by_rule = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(by_user__isnull=False, by_rule="") | (Q(by_user__isnull=True) & ~Q(by_rule="")),
                name="%(app_label)s_%(class)s_by_one_actor",
            )
        ]

    @property
    def by(self) -> Actor:
        """The user or machine rule that made this row."""
        return self.by_user if self.by_user is not None else MachineRule(self.by_rule)
