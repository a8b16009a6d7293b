"""One clock, set in tests and the demo, and nowhere else."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from lms.core import clock

MOMENT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_the_clock_stands_where_it_is_held_and_goes_on_afterwards() -> None:
    with clock.at(MOMENT):
        assert clock.now() == MOMENT
        with clock.at(MOMENT + timedelta(days=1)):
            assert clock.today() == date(2026, 3, 3)
        assert clock.now() == MOMENT
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_day_is_that_of_the_sites_time_zone(settings: Settings) -> None:
    settings.TIME_ZONE = "Africa/Johannesburg"
    with clock.at(MOMENT):
        assert clock.today() == date(2026, 3, 3)
        # What a visitor's own zone is does not matter.
        with timezone.override("America/Jamaica"):
            assert clock.today() == date(2026, 3, 3)
    assert clock.day_of(datetime(2026, 3, 2, 21, 59, tzinfo=UTC)) == date(2026, 3, 2)


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 3, 2)):  # noqa: DTZ001
        pass


def test_the_clock_is_not_set_where_the_settings_say_no(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLOCK_MAY_BE_SET = False
    monkeypatch.setenv("FRONTLINE_CLOCK", "2020-01-01T00:00")
    with pytest.raises(RuntimeError), clock.at(MOMENT):
        pass
    assert clock.now().year > 2020


def test_the_environment_sets_the_start_and_time_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_CLOCK", "2020-05-01T10:00+00:00")
    first = clock.now()
    assert first.date() == date(2020, 5, 1)
    assert clock.now() > first


def test_a_file_moves_all_processes_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    monkeypatch.setenv("FRONTLINE_CLOCK", f"@{file}")
    real = clock.now()
    file.write_text(f"{timedelta(days=3).total_seconds()}\n")
    assert timedelta(days=2, hours=23) < clock.now() - real < timedelta(days=3, hours=1)


def test_a_file_that_says_nonsense_fails_loudly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("soon")
    monkeypatch.setenv("FRONTLINE_CLOCK", f"@{tmp_path / 'clock'}")
    with pytest.raises(ValueError, match="soon"):
        clock.now()
