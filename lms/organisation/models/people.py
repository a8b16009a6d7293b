"""People and their logins. A person is not a login: staff exist before, without and after one."""

import uuid
from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import DatedFact


class Employer(models.Model):
    """Who gives out staff numbers: a ministry, an agency, a contractor."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    """People as lists show them."""

    def matching(self, text: str, day: date) -> Self:
        """People whose name has every word of `text`, or whose staff number on `day` begins with it."""
        by_name = Q()
        for word in text.split():
            by_name &= Q(given_names__icontains=word) | Q(surname__icontains=word)
        numbers = StaffNumber.objects.on(day).filter(number__startswith=normal_number(text))
        return self.filter(by_name | Q(pk__in=numbers.values("person")))

    def by_name(self) -> Self:
        return self.order_by("surname", "given_names", "pk")


class Person(models.Model):
    """Somebody who serves the public, as HR records name them."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        CONTRACTOR = "contractor", _("Contractor")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_names = models.CharField(max_length=150)
    surname = models.CharField(max_length=150, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.EMPLOYEE)
    email = models.EmailField(blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["employee", "contractor"]), name="organisation_person_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name as in HR records, given names first."""
        return f"{self.given_names} {self.surname}".strip()


# How the internal user name of a person's login begins. No staff number does: those are kept in capital letters.
INTERNAL_NAME = "person-"


def normal_number(typed: str) -> str:
    """A staff number as it is kept and looked up: capital letters, no spaces."""
    return "".join(typed.split()).upper()


class StaffNumber(DatedFact):
    """A number that an employer gave a person for a time. Numbers repeat across employers and change.

    Kept in the form of `normal_number`.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="staff_numbers")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["number", "employer"], name="organisation_staffnumber_used")]

    def __str__(self) -> str:
        return self.number


class User(AbstractUser):
    """A login. Most belong to a person; a service account does not.

    `username` is internal: people sign in with a staff number or an e-mail address.
    """

    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    must_set_password = models.BooleanField(default=False)
    first_signed_in_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="organisation_user_email_used_once")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """The person's name, or the account's own."""
        return self.person.full_name if self.person else super().get_full_name()


class CodeState(models.TextChoices):
    """What became of a one-time code."""

    UNUSED = "unused", _("unused")
    USED = "used", _("used")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """Codes by state."""

    def standing(self) -> Self:
        """Neither used nor withdrawn, expired or not."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self) -> Self:
        """Codes that open a sign-in now."""
        return self.standing().filter(expires_at__gt=clock.now())


class OneTimeCode(Attributed):
    """A code that opens a sign-in once, then a password must be set. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="one_time_codes")
    code_hash = models.CharField(max_length=200)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="organisation_onetimecode_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.issued_at:%Y-%m-%d}"

    @property
    def state(self) -> CodeState:
        """What became of it, for whoever issued it. The person who types it in is never told."""
        if self.used_at is not None:
            return CodeState.USED
        if self.withdrawn_at is not None:
            return CodeState.WITHDRAWN
        return CodeState.EXPIRED if self.expires_at <= clock.now() else CodeState.UNUSED
