"""Days as people read them."""

from datetime import date

from django.utils.formats import date_format


def day_in_words(day: date) -> str:
    """A day with its month written out: 3 March 2026."""
    return date_format(day, "j F Y")
