"""Re-make or check what others wrote and we commit under lms/static/vendor/.

`tools/vendor.py` fetches the packages named in vendor.lock.json with npm, compiles our share of govuk-frontend
and writes the lock anew. `tools/vendor.py --check` only hashes the files: it needs neither Node nor a network.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict, cast

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "lms" / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"
STYLES = ROOT / "tools" / "govuk-frontend.scss"
LICENCE = ROOT / "tools" / "govuk-frontend-licence.txt"

# The stylesheet speaks of left and right; pages in Arabic need start and end. Old browsers keep the plain float.
LOGICAL = [
    (r"(?<=[{;])(margin|padding|border)-left(?=[:-])", r"\1-inline-start"),
    (r"(?<=[{;])(margin|padding|border)-right(?=[:-])", r"\1-inline-end"),
    (r"(?<=[{;])left:", "inset-inline-start:"),
    (r"(?<=[{;])right:", "inset-inline-end:"),
    (r"(?<=[{;])text-align:left", "text-align:start"),
    (r"(?<=[{;])text-align:right", "text-align:end"),
    (r"(?<=[{;])float:left", "float:left;float:inline-start"),
    (r"(?<=[{;])float:right", "float:right;float:inline-end"),
]


class Package(TypedDict):
    """One package as fetched: `integrity` is npm's hash of its tarball."""

    name: str
    version: str
    licence: str
    integrity: str


class Lock(TypedDict):
    """What was fetched, and the sha256 of every file that we keep of it."""

    packages: list[Package]
    files: dict[str, str]


def main() -> int:
    """Check or re-make; 1 when a file is not what the lock says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the files with the lock")
    if not parser.parse_args().check:
        remake()
    wrong = differences()
    for line in wrong:
        sys.stderr.write(line + "\n")
    return 1 if wrong else 0


def lock() -> Lock:
    """The lock as committed."""
    return cast("Lock", json.loads(LOCK.read_text()))


def differences() -> list[str]:
    """One line for each vendored file that is missing, added or changed."""
    said, there = lock()["files"], hashes()
    return [
        f"{name}: the lock says {said.get(name, 'nothing')}, the file is {there.get(name, 'missing')}"
        for name in sorted(said.keys() | there.keys())
        if said.get(name) != there.get(name)
    ]


def hashes() -> dict[str, str]:
    """sha256 of every file kept, by its path below the vendor folder."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != LOCK)
    return {path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def remake() -> None:
    """Fetch, compile, write the lock. Refuses a package whose tarball is not the one in the lock."""
    packages = lock()["packages"]
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        fetch(packages, there)
        kept = VENDOR / f"govuk-frontend-{packages[0]['version']}"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "govuk-frontend.css").write_text(compiled(there), encoding="utf-8")
        (kept / "govuk-frontend.min.js").write_text(script(there), encoding="utf-8")
        (kept / "LICENCE.txt").write_bytes(LICENCE.read_bytes())
    LOCK.write_text(json.dumps({"packages": packages, "files": hashes()}, indent=2) + "\n")


def fetch(packages: list[Package], there: Path) -> None:
    """Install the named versions without running their scripts, and compare their hashes with the lock."""
    names = [f"{package['name']}@{package['version']}" for package in packages]
    (there / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", *names], cwd=there, check=True)
    fetched = json.loads((there / "package-lock.json").read_text())["packages"]
    for package in packages:
        integrity = fetched[f"node_modules/{package['name']}"]["integrity"]
        if integrity != package["integrity"]:
            raise SystemExit(f"{package['name']}: the tarball is not the one in the lock ({integrity}).")


def compiled(there: Path) -> str:
    """Our share of the stylesheet, safe for right-to-left pages."""
    sass = there / "node_modules" / ".bin" / "sass"
    options = ["--style=compressed", "--no-source-map", "--no-charset", f"--load-path={there / 'node_modules'}"]
    css = subprocess.run([sass, *options, STYLES], check=True, capture_output=True, text=True).stdout
    for physical, logical in LOGICAL:
        css = re.sub(physical, logical, css)
    return css


def script(there: Path) -> str:
    """The components' script, without the line that names a source map which we do not ship."""
    source = there / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    return re.sub(r"//# sourceMappingURL=\S+", "", source.read_text()).rstrip() + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
