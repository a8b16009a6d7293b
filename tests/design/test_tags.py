"""Filters that pages use for dates and states."""

from datetime import UTC, date, datetime

import pytest
from django.db import models
from django.template import engines
from django.utils import translation

from lms.core.statuses import STATUSES
from lms.core.templatetags.frontline import day, last_day, status_tag
from tests.design.files import stylesheets


def test_a_date_is_written_out() -> None:
    assert day(date(2026, 11, 2)) == "2 November 2026"


def test_a_date_speaks_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert day(date(2026, 11, 2)) == "2 novembre 2026"


def test_no_date_is_no_text() -> None:
    assert day(None) == ""


def test_the_day_of_an_instant_is_that_of_the_sites_time_zone() -> None:
    with translation.override("en-gb"):
        template = engines["django"].from_string(
            "{% load tz %}{% timezone 'Africa/Johannesburg' %}{{ at|day }}{% endtimezone %}"
        )
        assert template.render({"at": datetime(2026, 11, 1, 23, 0, tzinfo=UTC)}) == "2 November 2026"


def test_the_last_day_is_the_one_before_until() -> None:
    assert last_day(date(2027, 1, 1)) == date(2026, 12, 31)
    assert last_day(None) is None


@pytest.mark.parametrize("written", ["in date", "in_date", "in-date", "In date", "IN_DATE"])
def test_a_status_is_known_however_the_code_spells_it(written: str) -> None:
    assert status_tag(written) == '<strong class="govuk-tag govuk-tag--green">In date</strong>'


def test_a_choice_brings_its_own_word() -> None:
    class Duty(models.TextChoices):
        OVERDUE = "overdue", "late"

    assert status_tag(Duty.OVERDUE) == '<strong class="govuk-tag govuk-tag--red">Late</strong>'


def test_a_status_that_nobody_named_is_shown_grey_and_escaped() -> None:
    assert status_tag("odd <b>") == '<strong class="govuk-tag govuk-tag--grey">Odd &lt;b&gt;</strong>'


def test_every_colour_of_a_status_is_in_a_stylesheet() -> None:
    missing = {colour for _word, colour in STATUSES.values() if f".govuk-tag--{colour}" not in stylesheets()}
    assert missing <= {"blue"}, "blue is the colour of a tag without a modifier"
