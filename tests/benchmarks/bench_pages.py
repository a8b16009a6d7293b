"""Pages that everybody meets."""

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lms.settings import base
from tests.benchmarks.conftest import Measure
from tests.benchmarks.figures import PageCost, cpu_ms, plain_templates, report
from tests.page_cases import LEARNER
from tests.plugins.roles import SomebodyWith

pytestmark = pytest.mark.django_db


def test_the_empty_page(empty_page: PageCost) -> None:
    report("empty signed-in page: queries", empty_page.queries, "queries")
    report("empty signed-in page: CPU", empty_page.cpu_ms, "ms")
    report("empty signed-in page: HTML", empty_page.bytes, "bytes")


def test_the_front_page(measure_page: Measure) -> None:
    measure_page("front page", Client(), reverse("home"))


def test_signing_in(somebody_with: SomebodyWith, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    user = somebody_with(LEARNER)
    user.email = "learner@ministry.example"
    user.set_password("counter window seven")
    user.save()

    def sign_in() -> None:
        answer = Client().post(reverse("account_login"), {"login": user.email, "password": "counter window seven"})
        assert answer.status_code == 302

    floor = cpu_ms(lambda: get_hasher().verify("counter window seven", user.password))
    with plain_templates():
        report("sign-in: CPU", cpu_ms(sign_in), "ms", floor=floor, budget=25)
