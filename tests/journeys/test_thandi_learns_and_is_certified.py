"""Thandi's whole path on a phone: code, lessons, paper, one criterion again, certificate, check, and coverage."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from assessments.models import AnswerStep, Attempt, AttemptQuestion
from certificates.models import Certificate, RegisterEntry
from courses.models import Result
from lms.demo.sign_ins import SignIn
from tests.journeys import walking
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]
COURSE = "Code of conduct, South African pack"
NOT_YET_KNOWN = "U1.C4"  # critical: without it there is no result


def _in_date() -> int:
    out = io.StringIO()
    call_command("coverage", "--target", "COC-ZA", "--format", "json", stdout=out)
    return int(json.loads(out.getvalue())[0]["in_date"])


def test_from_a_one_time_code_to_a_checked_certificate(
    live_site: LiveSite, demo: dict[str, SignIn], phone: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    before = _in_date()
    walking.sign_in_first_time(phone, live_site, demo["Thandi Mokoena"])
    expect(phone.get_by_role("heading", name="My learning")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(COURSE)
    expect(phone.locator("main")).to_contain_text("4 days")

    _read_the_course(phone, live_site)
    _fail_one_criterion(phone, live_site)
    _pass_it_alone(phone, live_site)

    # The worker has it done within seconds; the page is asked again until it is there.
    phone.goto(live_site.url("/certificates/"))
    _reload_until(phone, "Valid")
    assert Certificate.objects.count() == 1
    certificate = Certificate.objects.get()
    words = _read_pdf(phone, tmp_path)
    assert "Thandi Mokoena" in words
    assert COURSE in words
    assert certificate.number in words

    stranger = open_page(width=360)
    stranger.goto(live_site.url("/verify/"))
    stranger.get_by_label("Certificate number").fill(certificate.number)
    stranger.get_by_label("Surname").fill("Mokoena")
    walking.press(stranger, "Check")
    expect(stranger.locator("main")).to_contain_text("Valid")
    expect(stranger.locator("main")).to_contain_text("T. M")
    expect(stranger.locator("main")).not_to_contain_text("Mokoena")
    assert _in_date() == before + 1


def _read_the_course(phone: Page, site: LiveSite) -> None:
    walking.press(phone, "Have a look and begin")
    expect(phone.locator("main")).to_contain_text("What you will be able to do")
    walking.press(phone, "Start or continue this course")
    walking.read_lesson(phone)
    walking.read_lesson(phone)
    # She puts the phone away in the third lesson and comes back later.
    third = phone.get_by_role("heading", level=1).inner_text()
    phone.goto(site.url("/my/"))
    walking.press(phone, re.compile("^Continue"))
    expect(phone.get_by_role("heading", level=1)).to_have_text(third)
    while phone.get_by_role("button", name=re.compile("I have read this|I acknowledge this")).count():
        walking.read_lesson(phone)
    phone.goto(site.url("/learn/COC-ZA/"))
    expect(phone.locator("main")).to_contain_text("9 of 9 lessons done")


def _fail_one_criterion(phone: Page, site: LiveSite) -> None:
    phone.goto(site.url("/learn/COC-ZA/paper/"))
    walking.press(phone, "Start the paper")
    # Two answers to the first question, by changing her mind: both steps stay, the page shows the receipt.
    question = walking.question_on(phone)
    walking.answer(phone, question, rightly=False)
    expect(phone.locator("[data-receipt]")).to_contain_text("Saved")
    phone.reload()
    assert AnswerStep.objects.filter(attempt=question.attempt).exists()
    walking.take_paper(phone, knows=lambda question: _criterion(question) != NOT_YET_KNOWN)
    expect(phone.locator("main")).to_contain_text("Not yet competent")
    assert not Result.objects.exists()
    phone.goto(site.url("/learn/COC-ZA/paper/"))
    expect(phone.get_by_role("button", name="Start the paper")).to_have_count(0)


def _pass_it_alone(phone: Page, site: LiveSite) -> None:
    site.move(days=7)
    phone.goto(site.url("/learn/COC-ZA/paper/"))
    walking.press(phone, "Start the paper")
    attempt = Attempt.objects.latest("pk")
    asked = AttemptQuestion.objects.filter(attempt=attempt)
    assert {_criterion(question) for question in asked} == {NOT_YET_KNOWN}
    walking.take_paper(phone, knows=lambda _question: True)
    expect(phone.locator("main")).to_contain_text("Competent")
    assert Result.objects.count() == 1
    # Sending the form of the hand-in page once more changes nothing.
    phone.goto(site.url(f"/papers/{attempt.uuid}/submit/"))
    assert Result.objects.count() == 1


def _criterion(question: AttemptQuestion) -> str:
    return question.criterion_version.criterion.code


def _reload_until(page: Page, words: str) -> None:
    for _try in range(120):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{words!r} did not appear at {page.url}")


def _read_pdf(phone: Page, folder: Path) -> str:
    certificate = Certificate.objects.get()
    phone.goto(phone.url.split("/certificates/")[0] + f"/certificates/{certificate.uuid}/")
    with phone.expect_download() as coming:
        phone.get_by_role("button", name=re.compile("PDF")).click()
    file = folder / "certificate.pdf"
    coming.value.save_as(file)
    pages = PdfReader(file).pages
    assert len(pages) == 2
    assert RegisterEntry.objects.filter(position__isnull=False).count() == 1
    return " ".join(" ".join(page.extract_text() for page in pages).split())
