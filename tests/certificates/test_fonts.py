"""The fonts are what their lock says."""

import hashlib
import json

from certificates.pdf import FACES, FONTS

FOLDER = FONTS.parent
LOCK = json.loads((FOLDER / "vendor.lock.json").read_text())


def test_every_font_file_is_the_one_locked() -> None:
    there = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert there == LOCK["files"]
    assert {path.relative_to(FOLDER).as_posix() for path in FACES.values()} <= there.keys()


def test_the_licence_is_beside_them() -> None:
    assert "Bitstream" in (FONTS / "LICENSE.txt").read_text()
    assert LOCK["packages"][0]["version"] in FONTS.name
