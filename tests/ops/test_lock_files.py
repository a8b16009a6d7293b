"""What is installed is what was looked at: every package pinned with hashes, and nothing says where it comes from."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once
REQUIREMENTS = Path(settings.BASE_DIR) / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


def _packages(lock: Path) -> list[str]:
    """One string for each pinned package, continuation lines joined, comments gone."""
    lines = [line for line in lock.read_text().splitlines() if not line.strip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def _direct(source: Path) -> set[str]:
    lines = [line.split("#")[0].strip() for line in source.read_text().splitlines()]
    names = [re.split(r"[\[<>=~! ;]", line)[0] for line in lines if line and not line.startswith("-")]
    return {_plain(name) for name in names}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_hashes(lock: Path) -> None:
    packages = _packages(lock)
    assert packages
    loose = [entry for entry in packages if not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)]
    assert loose == []


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.glob("*.[ti][xn]*")), ids=lambda file: file.name)
def test_no_requirements_file_names_an_address(file: Path) -> None:
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|--trusted-host", file.read_text()) == []


@pytest.mark.parametrize("name", ["base", "dev", "installer"])
def test_the_lock_holds_every_direct_dependency(name: str) -> None:
    pinned = {_plain(re.split(r"[\[=]", entry)[0]) for entry in _packages(REQUIREMENTS / f"{name}.txt")}
    assert _direct(REQUIREMENTS / f"{name}.in") <= pinned


def test_both_locks_agree() -> None:
    base = {entry.split()[0] for entry in _packages(REQUIREMENTS / "base.txt")}
    dev = {entry.split()[0] for entry in _packages(REQUIREMENTS / "dev.txt")}
    assert base <= dev


def test_every_direct_dependency_has_its_reason() -> None:
    table = (Path(settings.BASE_DIR) / "docs" / "dependencies.md").read_text()
    explained = {_plain(name) for name in re.findall(r"^\| `([^`\[]+)[^`]*` \|", table, re.MULTILINE)}
    assert explained == set().union(*(_direct(source) for source in REQUIREMENTS.glob("*.in")))
