"""A filed pack as PDF and as CSV: from its rows alone, never from live figures."""

import csv
import io

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates.pdf import FACES, from_html
from lms.core.exports.writing import safe
from lms.core.words import day_in_words
from lms.duties.models import FiledPack
from lms.duties.periods.packs import Section, sections_of
from lms.organisation.models import Organisation

# A column that wants more letters than this takes several lines.
_WIDEST = 36


def pdf(pack: FiledPack) -> bytes:
    """The pack on A4. The same rows give the same words on paper, whenever it is printed."""
    with override(pack.language or None):
        context = {
            "pack": pack,
            "sections": [(section, _widths(section)) for section in sections_of(pack)],
            "organisation": Organisation.objects.first(),
            "fonts": FACES,
            "language": pack.language,
        }
        return from_html(render_to_string("dashboards/packs/pdf/pack.html", context))


def as_csv(pack: FiledPack) -> str:
    """The sections one below the other, after what the pack is about."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    with override(pack.language or None):
        writer.writerow([safe(pack.title)])
        writer.writerow([_("As at"), day_in_words(pack.last_day)])
        writer.writerow([_("Known at"), pack.known_at.isoformat()])
        for rule in pack.rules:
            writer.writerow([_("Rule"), safe(rule["title"]), _("version %(n)s") % {"n": rule["version"]}])
        for section in sections_of(pack):
            writer.writerow([])
            writer.writerow([safe(section.title)])
            writer.writerow([safe(cell) for cell in section.head])
            writer.writerows([safe(cell) for cell in row] for row in section.rows)
            if section.note:
                writer.writerow([safe(section.note)])
    return out.getvalue()


def _widths(section: Section) -> list[tuple[str, str]]:
    """For each column its heading and its width: words as much room as they want, within reason, figures the same."""
    figure = max((len(word) + 2 for name in section.head[section.keys :] for word in name.split()), default=0)
    words = [
        min(max(len(str(cell)) + 2 for cell in [section.head[place], *(row[place] for row in section.rows)]), _WIDEST)
        for place in range(section.keys)
    ]
    shares = [*words, *[figure] * (len(section.head) - section.keys)]
    return [(name, f"{100 * share / sum(shares):.1f}%") for name, share in zip(section.head, shares, strict=True)]
