"""What every template may show of the organisation."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lms.organisation.models import Organisation


def organisation(request: HttpRequest) -> dict[str, object]:
    """`organisation`, read only where a template asks for it; None before the first load."""
    return {"organisation": SimpleLazyObject(Organisation.objects.first)}
