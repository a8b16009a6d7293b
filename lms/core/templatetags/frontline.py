"""Template tags and filters that every page may use without loading them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms, template
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.defaultfilters import date as formatted
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, ngettext

from lms.core import languages as offered
from lms.core import markdown as prose
from lms.core import navigation as port
from lms.core import statuses

register = template.Library()

_ISO_FIELDS: Final[dict[str, type[forms.Field]]] = {
    "date": forms.DateField,
    "datetime": forms.DateTimeField,
    "time": forms.TimeField,
}


@register.inclusion_tag("includes/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, object]:
    """The pages that the signed-in user may go to, the current one marked."""
    request = context.get("request")
    return {"links": port.links(request) if request else []}


@register.inclusion_tag("includes/languages.html", takes_context=True)
def languages(context: Context) -> dict[str, object]:
    """The choice of language, where there is one."""
    names = [(code, get_language_info(code)["name_local"].capitalize()) for code in offered.with_catalogue()]
    return {"languages": names if len(names) > 1 else [], "request": context.get("request"), **_csrf(context)}


def _csrf(context: Context) -> dict[str, object]:
    return {"csrf_token": context["csrf_token"]} if "csrf_token" in context else {}


@register.simple_tag
def site_address() -> str:
    """Where people reach the site, for mails and print."""
    return str(settings.BASE_URL)


@register.filter
def minutes(count: int) -> str:
    """A number of minutes in words."""
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A date or the day of an instant, written out: 22 November 2026. Empty for none."""
    return str(formatted(value, "j F Y")) if value else ""


@register.filter
def last_day(until: date | None) -> date | None:
    """The last valid day of what is dated `until`, its first day no longer valid. None for an open end."""
    return until - timedelta(days=1) if until else None


@register.filter
def status_tag(status: object) -> SafeString:
    """A status word as a coloured tag."""
    word, colour = statuses.shown(status)
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, word)


@register.filter
def markdown(text: str | None, first_heading: int = 2) -> SafeString:
    """Course authors' Markdown as safe HTML in the page's own style. Its headings begin at h2, or as said."""
    return prose.rendered(text or "", first_heading=first_heading)


@register.filter
def came_from(request: HttpRequest) -> str:
    """The page of this site from which the request came, else the front page."""
    origin = request.headers.get("referer", "")
    allowed = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
    return origin if allowed else "/"


# What follows serves the templates of forms.


@register.filter
def classes(widget: Mapping[str, Any], base: str) -> str:
    """`base`, its error variant when the field has an error, and the widget's own classes."""
    attrs = widget["attrs"]
    component = base.split(maxsplit=1)[0]
    names = [base]
    if attrs.get("aria-invalid") == "true":
        names.append(f"{component}--error")
    return " ".join([*names, attrs["class"]] if attrs.get("class") else names)


@register.filter
def field_template(field: BoundField) -> str:
    """Which of the parts in includes/forms/ shows this field."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind in {"file", "password"} or (kind == "checkbox" and not field.use_fieldset):
        part = {"file": "input"}.get(kind, kind)
    elif field.use_fieldset:
        part = "choices"
    else:
        part = "counted" if _is_counted(field) else "input"
    return f"includes/forms/{part}.html"


def _is_counted(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.Textarea) and bool(getattr(field.field, "max_length", None))


@register.filter
def described(field: BoundField) -> SafeString:
    """The field with its hint and error named; Django leaves that out for files, expecting a fieldset."""
    described_by = field.aria_describedby
    return field.as_widget(attrs={"aria-describedby": described_by} if described_by else None)


@register.filter
def is_marked_optional(field: BoundField) -> bool:
    """Whether to write (optional): only in forms that require something else, so not in filters."""
    return not field.field.required and any(other.required for other in field.form.fields.values())


@register.filter
def error_target(field: BoundField) -> str:
    """The id to which the error summary links: the field, or the first of its choices."""
    if field.use_fieldset and field.subwidgets:
        return str(field.subwidgets[0].id_for_label)
    return field.id_for_label or str(field.auto_id)


@register.filter
def as_iso(value: str, kind: str) -> str:
    """A date or time as a browser's own picker wants it; what nobody can read stays as typed."""
    try:
        read = _ISO_FIELDS[kind]().clean(value)
    except ValidationError:
        return value
    if kind == "datetime":
        return str(read.replace(tzinfo=None).isoformat(timespec="minutes"))
    return str(read.isoformat())
