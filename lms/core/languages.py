"""Languages that a page may offer: the one it is written in, and those with a translation in the house."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale


@cache
def with_catalogue() -> tuple[str, ...]:
    """Codes out of settings.LANGUAGES whose words exist. Offering others would give half-translated pages."""
    return tuple(code for code, _name in settings.LANGUAGES if code == settings.LANGUAGE_CODE or _has_catalogue(code))


def _has_catalogue(code: str) -> bool:
    return any(
        (Path(folder) / to_locale(code) / "LC_MESSAGES" / "django.mo").exists() for folder in settings.LOCALE_PATHS
    )
