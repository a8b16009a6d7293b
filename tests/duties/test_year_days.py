"""Days that come every year."""

from datetime import date

import pytest

from lms.duties.year_days import YearDay


@pytest.mark.parametrize(
    ("text", "day", "first"),
    [
        ("03-31", date(2026, 3, 31), date(2026, 3, 31)),
        ("03-31", date(2026, 4, 1), date(2027, 3, 31)),
        ("02-29", date(2026, 3, 1), date(2027, 2, 28)),
        ("02-29", date(2027, 3, 1), date(2028, 2, 29)),
        ("12-31", date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_first_such_day_is_that_day_or_later(text: str, day: date, first: date) -> None:
    assert YearDay.parse(text).first_from(day) == first
    assert str(YearDay.parse(text)) == text


@pytest.mark.parametrize("text", ["02-30", "13-01", "soon", "", "0-1"])
def test_what_is_in_no_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal|month must|day|must be in"):
        YearDay.parse(text)
