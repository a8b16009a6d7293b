"""What others wrote is what the lock says, and asks no other host for anything."""

import re
from pathlib import Path

import pytest

from tests.design.files import STATIC, TEMPLATES, stylesheets
from tools import vendor


def test_every_vendored_file_is_the_one_in_the_lock() -> None:
    assert vendor.differences() == []


def test_a_changed_and_an_added_file_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "vendor"
    for path in vendor.VENDOR.rglob("*.*"):
        if path.is_file():
            copy = there / path.relative_to(vendor.VENDOR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    script = next(there.rglob("*.js"))
    script.write_text(script.read_text() + "// one more")
    (there / "added.js").write_text("")
    monkeypatch.setattr(vendor, "VENDOR", there)
    monkeypatch.setattr(vendor, "LOCK", there / "vendor.lock.json")
    assert [line.split(":")[0] for line in vendor.differences()] == [
        "added.js",
        script.relative_to(there).as_posix(),
    ]


def test_every_package_has_its_licence_and_the_hash_of_its_tarball() -> None:
    for package in vendor.lock()["packages"]:
        assert package["integrity"].startswith("sha512-")
        assert package["licence"]
    assert "MIT License" in (STATIC / "vendor" / "govuk-frontend-6.6.0" / "LICENCE.txt").read_text()


def test_no_style_or_script_names_another_host_or_a_font_that_is_not_ours() -> None:
    assert not re.search(r"url\(|@import|GDS Transport|crown", stylesheets())
    for script in STATIC.rglob("*.js"):
        assert "sourceMappingURL" not in script.read_text()
        assert not re.search(r"""["'`]https?://(?!www\.w3\.org)""", script.read_text()), script


def test_no_template_loads_anything_from_another_host() -> None:
    loading = re.compile(r"""<(?:script|img|link|iframe|source|video|audio)\b[^>]*(?:src|href)=["'](?:https?:)?//""")
    for template in TEMPLATES.rglob("*.html"):
        assert not loading.search(template.read_text()), template


def test_no_page_carries_its_own_style_or_script() -> None:
    inline = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\bsrc=)""")
    for template in TEMPLATES.rglob("*.html"):
        # Neither mails nor drawn files meet the content policy of pages.
        if not {"email", "pdf"} & set(template.parts):
            assert not inline.search(template.read_text()), template


def test_styles_speak_of_start_and_end_so_that_arabic_pages_stand_right() -> None:
    assert not re.search(r"[{;]\s*(?:margin|padding|border)-(?:left|right)\s*:", stylesheets())
