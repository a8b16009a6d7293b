"""The account of a feed, row by row: sentences for pages, lines of CSV for a spreadsheet."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count
from django.utils.translation import gettext as _

from lms.organisation.feed.columns import FIELDS
from lms.organisation.models import About, Change, Feed, FeedDifference, PostHolding


@dataclass(frozen=True, slots=True)
class Figure:
    """How many differences of one sort."""

    about: About
    change: Change
    count: int


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def figures(feed: Feed) -> list[Figure]:
    """How many of each sort, refusals last."""
    rows = FeedDifference.objects.filter(feed=feed).values_list("about", "change").annotate(count=Count("pk"))
    found = [Figure(About(about), Change(change), count) for about, change, count in rows]
    order = {change: place for place, change in enumerate(Change)}
    abouts = {about: place for place, about in enumerate([About.PERSON, About.POST, About.UNIT, About.LINE, About.ROW])}
    return sorted(found, key=lambda one: (one.change == Change.REFUSED, abouts[one.about], order[one.change]))


def worded(page: Page) -> Page:  # type: ignore[type-arg]
    """A page of differences, each with `before_in_words` and `after_in_words`."""
    for one in page.object_list:
        one.before_in_words, one.after_in_words = before_and_after(one)
    return page


def before_and_after(one: FeedDifference) -> tuple[str, str]:
    """From what to what, without what goes without saying: the number that heads the row, a post held as usual."""
    said = {"number": {one.subject, ""}, "holding": {PostHolding.Kind.SUBSTANTIVE.value}}
    before, after = (
        {name: value for name, value in values.items() if value not in said.get(name, set())}
        for values in (one.before, one.after)
    )
    return in_words(before), in_words(after)


def csv_lines(feed: Feed) -> Iterator[str]:
    """All differences as CSV that a spreadsheet opens without running anything. Flat memory."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield str(writer.writerow(_headings()))
    rows = FeedDifference.objects.filter(feed=feed).order_by("about", "change", "subject", "pk")
    for one in rows.iterator(chunk_size=2_000):
        yield str(writer.writerow([harmless(cell) for cell in _cells(one)]))


def harmless(cell: object) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def in_words(values: Mapping[str, str]) -> str:
    """Fields and their values: surname Okoro, post brook-clerk."""
    return ", ".join(f"{_label(name)} {value or '–'}" for name, value in values.items())


def _label(name: str) -> str:
    if name == "holding":
        return _("held as")
    return str(FIELDS[name].label) if name in FIELDS else name


def _headings() -> list[str]:
    return [
        _("Line"),
        _("About"),
        _("What happens"),
        _("Number or code"),
        _("Name"),
        _("From day"),
        _("Before"),
        _("After"),
        _("Why, or what to know"),
        _("Applied"),
        _("Undone"),
    ]


def _cells(one: FeedDifference) -> list[object]:
    return [
        one.line,
        one.get_about_display(),
        one.get_change_display(),
        one.subject,
        one.label,
        one.day.isoformat(),
        *before_and_after(one),
        one.why,
        _("yes") if one.is_applied else "",
        _("yes") if one.is_undone else "",
    ]
