"""Cards with one-time codes, to print, cut apart and hand over. The QR code leads to the first sign-in and names who;
the code itself stands beside it and in no address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from lms.organisation.models import OneTimeCode, StaffNumber
from lms.organisation.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows."""

    row: StaffRow
    code: str
    expires_at: datetime
    sign_in_name: str
    address: str

    @property
    def qr(self) -> SafeString:
        """The address with the name filled in, as a drawing."""
        target = f"{self.address}?login={quote(self.sign_in_name)}"
        # Only segno's own markup and a path: the address is drawn, not written.
        return mark_safe(
            segno.make_qr(target, error="m").svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
        )


def cards(rows: Sequence[StaffRow], made: Sequence[tuple[OneTimeCode, str]]) -> list[Card]:
    """A card for each of these people, who got these codes."""
    repeated = _repeated([row.number for row in rows if row.number])
    address = f"{settings.BASE_URL}{reverse('first_sign_in')}"
    return [
        Card(row, text, code.expires_at, _sign_in_name(row, repeated), address)
        for row, (code, text) in zip(rows, made, strict=True)
    ]


def _sign_in_name(row: StaffRow, repeated: set[str]) -> str:
    if not row.number:
        return row.person.email
    return f"{row.numbers[0].employer.code}/{row.number}" if row.number in repeated else row.number


def _repeated(numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that more than one employer has given."""
    borne = StaffNumber.objects.held().filter(number__in=numbers).values_list("number", "employer").distinct()
    seen = [number for number, _employer in borne]
    return {number for number in seen if seen.count(number) > 1}
