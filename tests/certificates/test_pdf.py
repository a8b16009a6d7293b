"""The PDF, read back. Rendering is dear, so few are made."""

import subprocess
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader

from certificates import awards, pdf
from certificates.models import Certificate, Issuer
from courses.models import CourseVersion, CriterionDecision
from tests.certificates.fixtures import BY, MakePerson, MakeResult

Outcome = CriterionDecision.Outcome


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], str]:
    """The text of a file as poppler reads it, on single spaces."""

    def text_of(content: bytes) -> str:
        file = tmp_path / "certificate.pdf"
        file.write_bytes(content)
        read = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True, text=True)
        return " ".join(unicodedata.normalize("NFC", read.stdout).split())

    return text_of


def test_the_file_says_all_that_it_must_and_no_more(
    certificate: Certificate, read: Callable[[bytes], str], tmp_path: Path
) -> None:
    content = pdf.render(certificate)
    text = read(content)
    for expected in [
        "Certificate of competence",
        "Ministry of Community Services",
        "Thandi Mokoena",
        "Courtesy at the counter",
        "TST-1 · version 1 · 1.5 notional hours",
        "Achieved on",
        "2 March 2026",
        "Valid until",
        "1 March 2027",
        certificate.number,
        "Amaka Eze",
        "Director of Training",
        "Yusuf Bello",
        "This certificate does not replace a qualification.",
        "/verify",
        "T1.C01",
        "Greets within the standard and finds the need, case 2.",
        "Paper",
    ]:
        assert expected in text
    for never in ["91.5", "%", "K10", "Brook", "marks", "points"]:
        assert never not in text
    assert len(PdfReader(BytesIO(content)).pages) == 2


def test_every_font_that_is_used_is_in_the_file(certificate: Certificate, tmp_path: Path) -> None:
    reader = PdfReader(BytesIO(pdf.render(certificate)))
    used: set[str] = set()

    def note(text: str, _matrix: object, _line: object, font: dict[str, str] | None, _size: object) -> None:
        if text.strip() and font is not None:
            used.add(str(font["/BaseFont"]))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert used
    # Six letters and a plus: a subset of the font is in the file.
    assert all(name[7:8] == "+" and "DejaVu" in name for name in used), used


@pytest.mark.parametrize(
    ("given", "surname", "shown"),
    [
        ("Ṣẹ́gun", "Ọládélé", "Ṣẹ́gun Ọládélé"),
        ("Ịfẹọma Ẹ̀bùn", "Ɗanladi Ƙwaŋ", "Ịfẹọma Ẹ̀bùn Ɗanladi Ƙwaŋ"),
        ("Noura", "Al-Hashimi نورة", "Noura Al-Hashimi"),
        (
            "Maximiliana Theodora Wilhelmina Persephone",
            "Ndlovu-Oyelaran van der Westhuizen Abdulrahman-Featherstonehaugh",
            "Persephone Ndlovu-Oyelaran van der Westhuizen Abdulrahman-Featherstonehaugh",
        ),
    ],
)
def test_names_of_many_peoples_and_lengths_stand_as_they_are(
    make_certificate: Callable[..., Certificate],
    make_person: MakePerson,
    make_version: Callable[..., CourseVersion],
    read: Callable[[bytes], str],
    given: str,
    surname: str,
    shown: str,
) -> None:
    version = make_version(title="Handling complaints, requests and grievances of the public in all offices, part two")
    content = pdf.render(make_certificate(make_person(given, surname), version=version, holds_until=None))
    assert unicodedata.normalize("NFC", shown) in read(content)
    assert len(PdfReader(BytesIO(content)).pages) == 2
    assert "No end by date" in read(content)


def test_twelve_criteria_all_stand(
    make_certificate: Callable[..., Certificate],
    make_version: Callable[..., CourseVersion],
    read: Callable[[bytes], str],
) -> None:
    text = read(pdf.render(make_certificate(version=make_version(criteria=12))))
    assert all(f"T1.C{n:02}" in text for n in range(1, 13))


def test_only_criteria_that_the_holder_met_are_certified(
    issuer: Issuer, make_result: MakeResult, make_version: Callable[..., CourseVersion], read: Callable[[bytes], str]
) -> None:
    result = make_result(version=make_version(criteria=3))
    first, second, _third = result.decisions.order_by("pk")
    for decision, outcome in [(first, Outcome.NOT_YET), (second, Outcome.RECOGNISED)]:
        result.decisions.remove(decision)
        decision.pk, decision.uuid, decision.evidence_uuid, decision.outcome = None, uuid4(), uuid4(), outcome
        decision._state.adding = True
        decision.save()
        result.decisions.add(decision)
    text = read(pdf.render(awards.award(result, by=BY)))
    assert "T1.C01" not in text
    assert "T1.C02" in text
    assert "T1.C03" in text
    assert text.count("Prior learning") == 1


def test_a_missing_glyph_fails_the_render_without_telling_the_name(
    make_certificate: Callable[..., Certificate], make_person: MakePerson
) -> None:
    certificate = make_certificate(make_person("Mei", "王"))
    with pytest.raises(pdf.CannotRender, match=r"U\+738B") as failure:
        pdf.render(certificate)
    assert "Mei" not in str(failure.value)


def test_a_missing_font_fails_the_render(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FACES", {**pdf.FACES, "serif": Path("/nowhere/serif.ttf")})
    monkeypatch.setattr(pdf, "missing_glyphs", lambda html: [])
    monkeypatch.setattr(pdf, "fitting_size", lambda *args, **kwargs: 20)
    with pytest.raises(pdf.CannotRender, match="warnings"):
        pdf.render(certificate)


def test_the_file_is_drawn_from_frozen_rows(certificate: Certificate, read: Callable[[bytes], str]) -> None:
    before = read(pdf.render(certificate))
    assert certificate.result is not None
    CourseVersion.objects.filter(pk=certificate.course_version_id).update(title="Another title")
    type(certificate.person).objects.update(surname="Another")
    assert read(pdf.render(Certificate.objects.get())) == before


def test_markup_in_a_name_is_text(make_certificate: Callable[..., Certificate], make_person: MakePerson) -> None:
    certificate = make_certificate(make_person('<img src="file:///etc/passwd">', "O'Neil & <b>Sons"))
    text = PdfReader(BytesIO(pdf.render(certificate))).pages[0].extract_text()
    assert "O'Neil & <b>Sons" in " ".join(text.split())


@pytest.mark.parametrize("length", [1, 20, 60, 300])
def test_type_is_never_too_small_or_too_large(length: int) -> None:
    assert 17 <= pdf.fitting_size("m" * length, "bold", largest=32, smallest=17) <= 32
