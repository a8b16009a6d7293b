"""The files that this room's tests read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "lms" / "static"
TEMPLATES = ROOT / "templates"


def stylesheets() -> str:
    """All our styles in one text."""
    return "".join(path.read_text() for path in sorted(STATIC.rglob("*.css")))
