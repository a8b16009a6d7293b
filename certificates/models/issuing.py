"""Who issues certificates, and who signs them."""

from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact, DatedQuerySet


class Issuer(models.Model):
    """The one body that issues certificates here. What it says is frozen into each certificate's text at award."""

    name = models.CharField(max_length=200)
    code = models.CharField(
        max_length=6,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9]{1,5}$", _("Two to six capital letters and digits, a letter first."))
        ],
        help_text=_("Begins every certificate number."),
    )
    place = models.CharField(max_length=200)
    statement = models.TextField(
        blank=True,
        help_text=_("Printed below the text: what the certificate is, and that it replaces no qualification."),
    )
    contact = models.CharField(max_length=250, blank=True, help_text=_("Where somebody who checks can ask."))
    only_one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only_one=True), name="certificates_issuer_is_one")]

    def __str__(self) -> str:
        return self.name


class SignatoryQuerySet(DatedQuerySet["Signatory"]):
    """Names under certificates."""

    def signing_on(self, day: date) -> Self:
        """Who signs on `day`, in printed order."""
        return self.on(day).order_by("order", "pk")


class Signatory(DatedFact):
    """Somebody whose name and post stand under certificates from a day on."""

    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=1)

    objects = SignatoryQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(DatedFact.Meta):
        verbose_name_plural = "signatories"

    def __str__(self) -> str:
        return f"{self.name}, {self.post}"
