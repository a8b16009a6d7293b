"""What changed and must be read: in date until its due day, lapsed after it, in date again once read."""

from datetime import date, timedelta

from lms.duties.changes import Change, Read, course_rank, gaps, signed_until
from lms.duties.days import OPEN, Days
from lms.duties.holding import Achieved, Counted

COMPETENT = date(2026, 1, 10)
PUBLISHED = date(2026, 3, 1)
DUE = date(2026, 3, 31)


def change(number: int = 2, opened_on: date = PUBLISHED, days: int | None = 30) -> Change:
    return Change(course_rank(number), number, opened_on, days)


def read(number: int, on: date) -> Read:
    return Read(course_rank(number), on)


def test_who_reads_by_the_due_day_was_never_out_of_date() -> None:
    assert gaps(COMPETENT, [change()], [read(2, DUE)]) == ()


def test_who_reads_late_was_out_of_date_until_then() -> None:
    late = DUE + timedelta(days=5)
    assert gaps(COMPETENT, [change()], [read(2, late)]) == (Days(date(2026, 4, 1), late),)


def test_who_has_not_read_is_out_of_date_without_end() -> None:
    assert gaps(COMPETENT, [change()], []) == (Days(date(2026, 4, 1), OPEN),)


def test_reading_of_a_version_is_reading_of_those_before_it() -> None:
    two, three = change(2), change(3, PUBLISHED + timedelta(days=10))
    assert gaps(COMPETENT, [two, three], [read(3, DUE)]) == ()
    assert gaps(COMPETENT, [two, three], [read(2, DUE)]) == (Days(date(2026, 4, 11), OPEN),)


def test_who_finished_the_old_version_later_has_the_days_from_then() -> None:
    finished = PUBLISHED + timedelta(days=20)
    assert gaps(finished, [change()], []) == (Days(finished + timedelta(days=31), OPEN),)


def test_a_result_counts_in_stretches_around_its_gaps_and_never_beyond_its_end() -> None:
    gap, end = Days(date(2026, 4, 1), date(2026, 4, 5)), date(2026, 12, 31)
    result = Achieved(1, Days(COMPETENT), gaps=(gap,))
    assert _stretches(result, end) == [(COMPETENT, DUE, True), (gap.until, end, False)]
    assert _stretches(result, date(2026, 3, 15)) == [(COMPETENT, date(2026, 3, 15), False)]
    unread = Achieved(1, Days(COMPETENT), gaps=(Days(gap.start, OPEN),))
    assert _stretches(unread, OPEN) == [(COMPETENT, DUE, True)]


def _stretches(result: Achieved, last: date) -> list[tuple[date, date, bool]]:
    return [(good.start, good.last, good.is_cut) for good in Counted(result, last).good()]


def test_a_signature_counts_until_the_next_version_was_to_be_signed() -> None:
    signed = read(1, COMPETENT)
    assert signed_until(signed, [change()]) == DUE
    assert signed_until(signed, [change(days=None)]) == OPEN
    assert signed_until(read(2, COMPETENT), [change()]) == OPEN
