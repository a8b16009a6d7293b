"""A rule as one sentence that can be read aloud."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Course, CourseVersion
from lms.core.words import day_in_words
from lms.duties import terms_in_words
from lms.duties.models import RequirementVersion
from lms.organisation.models import OrgUnit

_NAMES_SHOWN = 3


def sentences(versions: Iterable[RequirementVersion], day: date) -> dict[int, str]:
    """The sentence of each version, by its id: two queries beyond those of the versions' own relations."""
    versions = list(versions)
    units = OrgUnit.objects.named(day).filter(pk__in={version.unit_id for version in versions})
    names = {unit.pk: unit.name for unit in units}
    titles = dict(CourseVersion.objects.order_by("number").values_list("course_id", "title"))
    return {version.pk: sentence(version, unit=names[version.unit_id], titles=titles) for version in versions}


def sentence(version: RequirementVersion, *, unit: str, titles: dict[int, str]) -> str:
    """Everybody in Riverlands who works as Cashier must know Code of conduct (COC) within 30 days of appointment."""
    what = one_of(sorted(_name(course, titles) for course in version.courses.all()))
    due, renewal = version.due, version.renewal
    after = _name(version.after_course, titles) if version.after_course else ""
    refreshers = [_name(refresher.course, titles) for refresher in version.refreshers.all()]
    text = _("%(who)s must know %(what)s %(by_when)s%(basis)s.")
    if version.document is not None:
        what, text = version.document.title, _("%(who)s must put their name to %(what)s %(by_when)s%(basis)s.")
    first = text % {
        "who": _who(version, unit),
        "what": what,
        "by_when": terms_in_words.by_when(due, version.due_days, after=after),
        "basis": _basis(version),
    }
    more = [
        terms_in_words.for_newcomers(due),
        *terms_in_words.how_long(renewal, version.counts_months),
        terms_in_words.what_renews(renewal, refreshers),
    ]
    return " ".join([first, *filter(None, more)])


def _name(course: Course, titles: dict[int, str]) -> str:
    return f"{titles[course.pk]} ({course.code})" if course.pk in titles else course.code


def one_of(names: list[str]) -> str:
    """Names joined by *or*: Cashier, Clerk or Greeter."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s or %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _who(version: RequirementVersion, unit: str) -> str:
    people = sorted(str(person) for person in version.people.all())
    who = _named(people, unit) if people else _("Everybody in %(unit)s") % {"unit": unit}
    categories = sorted(category.name for category in version.categories.all())
    if categories:
        who = _("%(who)s who works as %(categories)s") % {"who": who, "categories": one_of(categories)}
    tags = sorted(tag.name for tag in version.tags.all())
    if tags:
        who = _("%(who)s whose post is marked “%(tags)s”") % {"who": who, "tags": one_of(tags)}
    if version.appointed_within_days is not None:
        since = version.valid_from - timedelta(days=version.appointed_within_days)
        who = _("%(who)s appointed on %(day)s or later") % {"who": who, "day": day_in_words(since)}
    return who


def _named(people: list[str], unit: str) -> str:
    more = len(people) - _NAMES_SHOWN
    if more <= 0:
        names = ", ".join(people)
    else:
        names = ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more) % {
            "names": ", ".join(people[:_NAMES_SHOWN]),
            "more": more,
        }
    return _("Of those in %(unit)s, each of %(names)s") % {"unit": unit, "names": names}


def _basis(version: RequirementVersion) -> str:
    if version.instrument is None:
        return ""
    return _(", by %(instrument)s") % {"instrument": version.instrument.title}
