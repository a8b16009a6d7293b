"""The choice of language stands in the footer once there is a second language to choose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from lms.core import languages


@pytest.fixture
def french(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """A house with its words in French, not in Arabic."""
    catalogue = tmp_path / "fr" / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    settings.LOCALE_PATHS = [tmp_path]
    languages.with_catalogue.cache_clear()
    yield
    languages.with_catalogue.cache_clear()


def footer(rf: RequestFactory) -> str:
    return render_to_string("includes/footer.html", {}, rf.get("/my/"))


@pytest.mark.django_db
def test_only_languages_with_words_in_them_are_offered(rf: RequestFactory, french: None) -> None:
    page = footer(rf)
    assert 'value="fr" lang="fr"' in page
    assert 'value="ar"' not in page
    assert 'name="next" value="/my/"' in page


@pytest.mark.django_db
def test_one_language_is_no_choice(rf: RequestFactory, tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    languages.with_catalogue.cache_clear()
    assert "<button" not in footer(rf)
    languages.with_catalogue.cache_clear()


@pytest.mark.django_db
def test_the_chosen_language_is_kept(client: Client) -> None:
    response = client.post("/language/", {"language": "fr", "next": "/"})
    assert response.headers["Location"] == "/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
