"""When offices work: the week, public holidays of a country, closures, and days that are worked all the same."""

from datetime import date

import pytest

from lms.core.errors import Refused
from lms.core.working_days import Differing, Regime, WorkCalendar, add_working_days, next_working_day
from lms.organisation import working_calendar
from lms.organisation.models import DifferentDay, User, WorkingWeek
from lms.organisation.public_holidays import PublicHolidays, countries, country_name, regions
from lms.organisation.working_calendar import Days, make_different, of_person, of_unit, set_week, take_away
from tests.cast import BY, SINCE, Office, person

MON_TO_FRI, SUN_TO_THU = range(5), (6, 0, 1, 2, 3)
CLOSED, WORKING = DifferentDay.Kind.CLOSED, DifferentDay.Kind.WORKING


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


_HOLIDAYS = [day("12-16"), day("12-25"), day("12-26")]
_FLOOD = Differing((day("12-09"), day("12-11")), works=False)
_WORKS = Differing((day("12-16"), day("12-17")), works=True)
_SATURDAY = Differing((day("12-12"), day("12-13")), works=True)


@pytest.mark.parametrize(
    ("start", "days", "differing", "end"),
    [
        ("12-07", 3, [], "12-10"),
        ("12-15", 1, [], "12-17"),  # over a public holiday
        ("12-15", 1, [_WORKS], "12-16"),  # which is worked
        ("12-08", 1, [_FLOOD], "12-11"),  # closed on the 9th and 10th; the end day of a span is worked
        ("12-08", 3, [_FLOOD], "12-15"),
        ("12-11", 1, [_SATURDAY], "12-12"),  # a Saturday that is worked
        ("12-24", 1, [], "12-28"),  # Friday and Saturday are holidays, then Sunday
        ("12-24", 0, [], "12-24"),
        ("12-15", 1, [Differing(_WORKS.days, works=False), _WORKS], "12-17"),  # the nearer goes first
        ("12-31", 1, [], "12-31+1"),
    ],
)
def test_working_days_are_counted_by_the_calendar(start: str, days: int, differing: list[Differing], end: str) -> None:
    calendar = WorkCalendar([Regime((date.min, None), MON_TO_FRI, _HOLIDAYS)], differing)
    expected = date(2027, 1, 1) if end.endswith("+1") else day(end)
    assert add_working_days(day(start), days, calendar=calendar) == expected


def test_a_week_that_changes_counts_from_its_day() -> None:
    regimes = [Regime((SINCE, day("12-01")), MON_TO_FRI), Regime((day("12-01"), None), SUN_TO_THU)]
    calendar = WorkCalendar(regimes)
    assert calendar.works_on(day("11-27"))  # a Friday before
    assert not calendar.works_on(day("12-04"))
    assert calendar.works_on(day("12-06"))
    assert next_working_day(day("12-04"), calendar=calendar) == day("12-06")
    assert calendar.works_on(date(2019, 1, 4))  # before the first regime: by its week


def test_the_library_knows_the_days_of_a_country_and_of_its_regions() -> None:
    assert day("12-16") in PublicHolidays("ZA")
    assert day("12-16") not in PublicHolidays("NG")
    assert day("01-06") in PublicHolidays("DE", "BY")
    assert day("01-06") not in PublicHolidays("DE")
    assert day("12-16") not in PublicHolidays("")
    assert date(9999, 12, 25) not in PublicHolidays("ZA")
    names = dict(PublicHolidays("ZA").between(day("12-01"), date(2027, 1, 2)))
    assert names[day("12-16")] == "Day of Reconciliation"
    assert date(2027, 1, 1) in names


def test_countries_have_names_and_unknown_codes_stay_codes() -> None:
    assert len(countries()) > 200
    assert country_name("ZA") == "South Africa"
    assert country_name("TT") == "Trinidad and Tobago"
    assert country_name("QQ") == "QQ"
    assert "BY" in regions("DE")
    assert regions("QQ") == []


@pytest.mark.django_db
def test_a_week_is_set_changed_from_a_day_and_corrected(office: Office) -> None:
    first = set_week(MON_TO_FRI, country="ZA", region="", from_day=SINCE, by=BY)
    assert set_week(MON_TO_FRI, country="ZA", region="", from_day=day("01-01"), by=BY) == first
    set_week(SUN_TO_THU, country="ZA", region="", from_day=day("12-01"), by=BY)
    set_week(SUN_TO_THU, country="EG", region="", from_day=day("12-01"), by=BY)
    assert [(week.weekdays, week.country) for week in WorkingWeek.objects.held().order_by("valid_from")] == [
        ("01234", "ZA"),
        ("01236", "EG"),
    ]
    with pytest.raises(Refused, match="later day already"):
        set_week(MON_TO_FRI, country="ZA", region="", from_day=day("06-01"), by=BY)
    calendar = of_unit(office.root)
    assert calendar.works_on(day("11-27"))
    assert not calendar.works_on(day("12-04"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("week", "country", "region", "words"),
    [
        ([], "ZA", "", "at least one day"),
        ([9], "ZA", "", "at least one day"),
        (MON_TO_FRI, "QQ", "", "No public holidays are known for QQ"),
        (MON_TO_FRI, "DE", "XX", "Known are: Augsburg, BB"),
        (MON_TO_FRI, "", "BY", "Known are: none"),
    ],
)
def test_a_week_that_cannot_be_is_refused(
    week: list[int], country: str, region: str, words: str, office: Office
) -> None:
    with pytest.raises(Refused, match=words):
        set_week(week, country=country, region=region, from_day=SINCE, by=BY)
    assert not WorkingWeek.objects.exists()


@pytest.mark.django_db
def test_closures_hold_below_and_an_office_may_work_all_the_same(office: Office, learner: User, stranger: User) -> None:
    root, brook = office.root, office.units["brook"]
    closed = make_different(Days(root, CLOSED, day("12-21"), day("12-24"), "Year's end"), by=BY)
    assert make_different(Days(root, CLOSED, day("12-21"), day("12-24"), "Year's end"), by=BY) == closed
    make_different(Days(brook, WORKING, day("12-22"), day("12-22"), "Pension day"), by=BY)
    at_brook, at_quay = of_person(person(learner).pk), of_person(person(stranger).pk)
    assert [at_brook.works_on(day(text)) for text in ("12-21", "12-22", "12-24", "12-25")] == [False, True, False, True]
    assert not at_quay.works_on(day("12-22"))
    take_away(closed, by=BY)
    assert of_person(person(stranger).pk).works_on(day("12-22"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (day("12-22"), day("12-21"), "before the first"),
        (day("12-22"), date(2028, 1, 1), "more than a year"),
        (day("12-24"), day("12-30"), "“Feast” stands on some of these days"),
    ],
)
def test_days_that_cannot_differ_are_refused(first: date, last: date, words: str, office: Office) -> None:
    make_different(Days(office.root, CLOSED, day("12-25"), day("12-25"), "Feast"), by=BY)
    with pytest.raises(Refused, match=words):
        make_different(Days(office.root, CLOSED, first, last, "Other"), by=BY)
    assert DifferentDay.objects.count() == 1


@pytest.mark.django_db
def test_a_person_without_a_post_and_a_site_without_a_calendar_have_the_usual_week(
    office: Office, learner: User, django_assert_num_queries: object
) -> None:
    make_different(Days(office.root, CLOSED, day("12-21"), day("12-21"), "All"), by=BY)
    nobody = working_calendar.of_person(0)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [nobody.works_on(day(text)) for text in ("12-18", "12-19", "12-21", "12-22")] == [
            True,
            False,
            False,
            True,
        ]
