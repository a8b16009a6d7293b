"""The certificate as a PDF. The only module that touches xhtml2pdf; it draws from frozen rows alone.

A glyph or a font that is missing fails the render: better no certificate now than one with boxes in the name.
"""

import io
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import arabic_reshaper
import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import override
from reportlab.pdfbase.ttfonts import TTFont
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates import criteria
from certificates.models import Certificate

FONTS = Path(__file__).parent / "fonts" / "dejavu-fonts-ttf-2.37.3"
FACES = {
    "serif": FONTS / "DejaVuSerif.ttf",
    "bold": FONTS / "DejaVuSerif-Bold.ttf",
    "italic": FONTS / "DejaVuSerif-Italic.ttf",
    "sans": FONTS / "DejaVuSans.ttf",
}
# Millimetres of a line across the page, and points to a millimetre.
_LINE_MM = 235
_POINTS = 72 / 25.4
# A letter, which may have a mark in it already, and a mark that it has no place for.
_DOT_BELOW = "\N{COMBINING DOT BELOW}"
_MARKED = re.compile("([^\\W\\d_])([\u0300-\u036f])")


class CannotRender(Exception):
    """The PDF would not show what it must. Says which characters or how many warnings, never a name."""


def render(certificate: Certificate) -> bytes:
    """The certificate's file. Raises CannotRender for a missing glyph or font, or anything xhtml2pdf warns of."""
    text = certificate.text
    with override(text["language"]):
        html = render_to_string(f"certificates/pdf/{text['template']}.html", context(certificate))
    return from_html(html)


def from_html(html: str) -> bytes:
    """The PDF of a page that uses our fonts and nothing from anywhere else."""
    html = with_set_marks(html)
    missing = missing_glyphs(html)
    if missing:
        raise CannotRender(f"No font has a glyph for {', '.join(f'U+{ord(sign):04X}' for sign in missing)}.")
    out = io.BytesIO()
    policy = ResourceAccessPolicy(allow_remote=False, base_dir=str(FONTS), extra_roots=(str(FONTS),))
    done = pisa.CreatePDF(html, dest=out, encoding="utf-8", resource_policy=policy)
    if done.err or done.warn:
        raise CannotRender(f"xhtml2pdf had {done.err} errors and {done.warn} warnings.")
    return out.getvalue()


def context(certificate: Certificate) -> dict[str, Any]:
    """All that the template shows: frozen words, the holder as at award, dates, and where to check."""
    text, name = certificate.text, certificate.holder
    return {
        "text": text,
        "language": text["language"],
        "criteria": criteria.met(certificate),
        "name": name,
        "number": certificate.number,
        "competent_on": certificate.competent_on,
        "issued_on": certificate.issued_on,
        "holds_until": certificate.holds_until,
        "replaces": certificate.replaces.number if certificate.replaces else "",
        "qr": qr_code(check_address(certificate)),
        "check_address": bare_address(reverse("certificate_check")),
        "fonts": FACES,
        "sizes": {
            "name": fitting_size(name, "bold", largest=32, smallest=17),
            "course": fitting_size(text["course"]["title"], "serif", largest=22, smallest=14),
        },
    }


def check_address(certificate: Certificate) -> str:
    """Where the QR code leads."""
    return f"{settings.BASE_URL}" + reverse("certificate_check_code", args=[certificate.code])


def bare_address(path: str) -> str:
    """An address as people type it."""
    return f"{settings.BASE_URL}{path}".split("//", 1)[-1].rstrip("/")


def qr_code(address: str) -> str:
    """A QR code fine enough for paper. The mask is fixed: trying all eight takes longer than all else about it."""
    code = segno.make(address, error="m", mask=4, micro=False, boost_error=False)
    return str(code.png_data_uri(scale=10, border=0))


def fitting_size(text: str, face: str, *, largest: int, smallest: int) -> float:
    """The type size at which `text` stands on one line; at the smallest it may take two."""
    width = _font(face).stringWidth(text, 1) / _POINTS
    return max(smallest, min(largest, int(_LINE_MM * 2 / width) / 2)) if width else largest


def with_set_marks(text: str) -> str:
    """The same text, written so that marks stand clear of their letter: as in Yoruba, above and below at once.

    Nothing places marks by the font's tables here, so a mark that is set above a capital would strike through it. The
    letter with the mark above has a glyph of its own; the dot below fits under any letter.
    """
    return _MARKED.sub(_with_mark_first, unicodedata.normalize("NFC", text))


def missing_glyphs(html: str) -> list[str]:
    """Characters of the page that no face can draw, Arabic letters as they are joined."""
    shown = strip_tags(html.split("</style>", 1)[-1])
    needed = {*shown, *arabic_reshaper.ArabicReshaper({"support_ligatures": False}).reshape(shown)}
    drawable = (_glyphs("serif") & _glyphs("bold") & _glyphs("italic")) | _glyphs("sans")
    return sorted(sign for sign in needed if not sign.isspace() and ord(sign) not in drawable)


def _with_mark_first(found: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFD", found[1])
    marked = unicodedata.normalize("NFC", apart[0] + found[2])
    return marked + _DOT_BELOW if apart[1:] == _DOT_BELOW and len(marked) == 1 else found[0]


@cache
def _font(face: str) -> TTFont:
    return TTFont(f"certificates-{face}", str(FACES[face]))


@cache
def _glyphs(face: str) -> frozenset[int]:
    return frozenset(_font(face).face.charToGlyph)
